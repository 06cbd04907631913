import type { TimeRange } from '../value/instant';
import { binKey, dayOf, daysIn, parseBinKey, type Bin } from './bins';
import { LedgerUnreadable, type Change, type SwappedBlobs } from './compare-and-swap';
import { dayFormat, headFormat } from './ledger-format';
import { sideBySide } from './side-by-side';
import { EMPTY_BIN, hasPending, type BinRecord, type DayRecord, type Head } from './ledger-record';

/** The ledger of one workspace and rule, and what this cycle last saw of it. */
export class RuleLedger {
  private readonly blobs: SwappedBlobs;
  private readonly folder: string;
  private readonly days = new Map<string, DayRecord | undefined>();
  private readonly unreadable = new Map<string, string>();
  private readonly bins = new Map<string, Bin | undefined>();

  /** `folder` is `{workspace}/{rule}` without a slash at its end. */
  constructor(blobs: SwappedBlobs, folder: string) {
    this.blobs = blobs;
    this.folder = folder;
  }

  readHead(): Promise<Head | undefined> {
    return this.blobs.read(this.path('head'), headFormat);
  }

  updateHead(change: Change<Head>): Promise<Head | undefined> {
    return this.blobs.update(this.path('head'), headFormat, change);
  }

  /** Reads the days that the range shares time with, one by one where it does not say otherwise. One that cannot be read as a record does not stand in the way of the others. */
  async readDays(range: TimeRange, atOnce = 1): Promise<void> {
    await this.read(daysIn(range), atOnce);
  }

  /** As readDays, but for those that are read already. */
  async readMissingDays(range: TimeRange, atOnce = 1): Promise<void> {
    const isKnown = (day: string): boolean => this.days.has(day) || this.unreadable.has(day);
    await this.read(
      daysIn(range).filter((day) => !isKnown(day)),
      atOnce,
    );
  }

  private async read(days: readonly string[], atOnce: number): Promise<void> {
    await sideBySide(days, atOnce, async (day) => {
      try {
        await this.readDay(day);
      } catch (error) {
        if (!(error instanceof LedgerUnreadable)) throw error;
        this.unreadable.set(day, error.message);
      }
    });
  }

  async readDay(day: string): Promise<DayRecord | undefined> {
    const record = await this.blobs.read(this.path(day), dayFormat);
    this.days.set(day, record);
    return record;
  }

  async updateDay(day: string, change: Change<DayRecord>): Promise<void> {
    this.days.set(day, await this.blobs.update(this.path(day), dayFormat, change));
  }

  /** Changes one bin's record; one that was never recorded is EMPTY_BIN. `revisionFloor` is its day's, or 0. */
  updateBin(bin: Bin, change: (record: BinRecord, isRepeat: boolean, revisionFloor: number) => BinRecord | undefined): Promise<void> {
    const key = binKey(bin);
    return this.updateDay(dayOf(bin.start), (day, isRepeat) => {
      const next = change(day?.bins[key] ?? EMPTY_BIN, isRepeat, day?.revisionFloor ?? 0);
      return next && { ...day, bins: { ...day?.bins, [key]: next } };
    });
  }

  /** The bin's record when its day was last read or changed here. */
  recorded(bin: Bin): BinRecord | undefined {
    return this.days.get(dayOf(bin.start))?.bins[binKey(bin)];
  }

  /** Every recorded bin of the days seen, of whatever grid, with its day's revision floor, or 0. */
  *allRecorded(): Generator<{ readonly bin: Bin; readonly record: BinRecord; readonly revisionFloor: number }> {
    for (const day of this.days.values()) {
      for (const [key, record] of Object.entries(day?.bins ?? {})) {
        const bin = this.binOf(key);
        if (bin !== undefined) yield { bin, record, revisionFloor: day?.revisionFloor ?? 0 };
      }
    }
  }

  /** The days seen with messages that are not acknowledged, in order. */
  pendingDays(): readonly string[] {
    return [...this.days.keys()].filter((day) => this.hasPendingOn(day)).sort();
  }

  /** Whether the day, when it was last read or changed here, had messages that are not acknowledged. */
  hasPendingOn(day: string): boolean {
    return Object.values(this.days.get(day)?.bins ?? {}).some(hasPending);
  }

  /** Whether a message is pending in a bin, of whatever grid, that shares time with this one. */
  isPendingIn({ start, end }: Bin): boolean {
    for (const { bin, record } of this.allRecorded()) if (bin.start < end && bin.end > start && hasPending(record)) return true;
    return false;
  }

  /** How many messages of the days seen are not acknowledged. */
  pendingMessages(): number {
    const incidents = [...this.allRecorded()].flatMap(({ record }) => Object.values(record.incidents));
    return incidents.reduce((sum, { pending }) => sum + pending.length, 0);
  }

  isUnreadable(bin: Bin): boolean {
    return this.unreadable.size > 0 && this.unreadable.has(dayOf(bin.start));
  }

  /** A sentence for each day that cannot be read. */
  problems(): readonly string[] {
    return [...this.unreadable.values()];
  }

  /** The keys stay the same for the length of a cycle, which asks again and again. */
  private binOf(key: string): Bin | undefined {
    if (!this.bins.has(key)) this.bins.set(key, parseBinKey(key));
    return this.bins.get(key);
  }

  private path(name: string): string {
    return `${this.folder}/${name}.json`;
  }
}
