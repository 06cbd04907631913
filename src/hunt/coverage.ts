import { addTicks, TICKS_PER_HOUR, TICKS_PER_MINUTE, type Instant, type TimeRange } from '../value/instant';
import { binAt, binsBetween, binsIn, type Bin, type Grid } from './bins';
import { DEFAULT_LOOK_BACK, isAudited } from './due';
import type { RuleLedger } from './ledger';
import type { Head } from './ledger-record';
import { clip, covers, union, without } from './ranges';

/** While a workspace has no source for a rule, how often it is asked for one. */
const ASK_EVERY = TICKS_PER_HOUR;

/**
 * How long ago an audit must have been before its bin is settled. Another instance may have found the bin due at the same time; by then
 * its cycle is over too, and what it wrote is seen.
 */
const SETTLE_AFTER = TICKS_PER_HOUR;

/** Which time a rule covers: where that begins, how far it is settled, and whether there is anything to cover at all. */
export class Coverage {
  private readonly ledger: RuleLedger;
  private readonly grid: Grid;
  private readonly startAt: Instant | undefined;
  private readonly notBefore: Instant | undefined;
  private head: Head;
  /** Whether this cycle is the rule's first. */
  readonly isNew: boolean;

  private constructor(ledger: RuleLedger, grid: Grid, startAt: Instant | undefined, head: Head, isNew: boolean, notBefore?: Instant) {
    this.notBefore = notBefore;
    this.ledger = ledger;
    this.grid = grid;
    this.startAt = startAt;
    this.head = head;
    this.isNew = isNew;
  }

  /** Reads the head of the ledger; undefined where no cycle has written one. */
  static async read(ledger: RuleLedger, grid: Grid, startAt: Instant | undefined): Promise<Coverage | undefined> {
    const head = await ledger.readHead();
    return head && new Coverage(ledger, grid, startAt, head, false);
  }

  /** Reads the head of the ledger, or writes the first one. `startAt` counts until the first whole answer. */
  static async open(ledger: RuleLedger, grid: Grid, startAt: Instant | undefined, now: Instant): Promise<Coverage> {
    const stored = await Coverage.read(ledger, grid, startAt);
    if (stored !== undefined) return stored;
    const first = firstHead(now);
    const head = (await ledger.updateHead((current) => (current === undefined ? first : undefined))) ?? first;
    return new Coverage(ledger, grid, startAt, head, true);
  }

  /**
   * As open, for what is known to have a source: where nothing is stored yet, it covers from the bin that holds `from`. It never covers a bin
   * that begins before `notBefore`, also where it began when the bins were of another width.
   */
  static async openFrom(ledger: RuleLedger, grid: Grid, from: Instant, now: Instant, notBefore: Instant): Promise<Coverage> {
    const stored = await ledger.readHead();
    if (stored !== undefined) return new Coverage(ledger, grid, undefined, stored, false, notBefore);
    const first: Head = { ...firstHead(now), coveredFrom: binAt(grid, from).start };
    const head = (await ledger.updateHead((current) => (current === undefined ? first : undefined))) ?? first;
    return new Coverage(ledger, grid, undefined, head, true, notBefore);
  }

  /** Start of the oldest bin that can be due, but for those of the unsettled time. */
  get first(): Instant {
    return binAt(this.grid, this.head.settledThrough ?? this.start).start;
  }

  /** Start of the first bin of all, but for what was backfilled. */
  get start(): Instant {
    const { notBefore } = this;
    const start = coverageStart(this.head, this.grid, this.startAt);
    return notBefore !== undefined && notBefore > start ? notBefore : start;
  }

  get settledThrough(): Instant | undefined {
    return this.head.settledThrough;
  }

  /** The time before `start` that was covered on request, in order. */
  get backfilled(): readonly TimeRange[] {
    return this.head.backfilled;
  }

  /** What lies before `first` and is to be looked at, in order. */
  get unsettled(): readonly TimeRange[] {
    return this.head.unsettled;
  }

  /** All the time whose bins can be due, in order: what is not settled, up to the end of the open bin. */
  scope(now: Instant): readonly TimeRange[] {
    return [...this.unsettled, { start: this.first, end: binAt(this.grid, now).end }];
  }

  /** No answer was ever whole, and the last one said that there is no source. */
  get awaitsSource(): boolean {
    return this.head.coveredFrom === undefined && this.head.noSource !== undefined;
  }

  mayAsk(now: Instant): boolean {
    return this.head.noSource === undefined || addTicks(this.head.noSource.askedAt, ASK_EVERY) <= now;
  }

  /** A bin had a whole answer: from the first one on, the start of the coverage stands. */
  async answered(): Promise<void> {
    if (this.head.coveredFrom !== undefined) return;
    const { start } = this;
    await this.update((head) => (head.coveredFrom === undefined ? { ...head, coveredFrom: start, noSource: undefined } : undefined));
  }

  /** There was no source. Resolves to whether that is a state, and not the failure of a rule that had one before. */
  async hadNoSource(askedAt: Instant): Promise<boolean> {
    if (this.head.coveredFrom === undefined) {
      await this.update((head) => {
        if (head.coveredFrom !== undefined || (head.noSource !== undefined && head.noSource.askedAt >= askedAt)) return undefined;
        return { ...head, noSource: { since: head.noSource?.since ?? askedAt, askedAt } };
      });
    }
    return this.head.coveredFrom === undefined;
  }

  /**
   * Makes time that is to be worked on now part of what is covered, and of what later cycles look at. It is written down before a bin of
   * it is evaluated: a message that is pending there is published whatever becomes of this process.
   */
  async include(range: TimeRange): Promise<void> {
    const uncovered = clip(range, { start: range.start, end: this.start });
    const settled = clip(range, { start: range.start, end: this.first });
    await this.update((head) => {
      const isKnown = covers(head.backfilled, uncovered) && covers(head.unsettled, settled);
      if (isKnown) return undefined;
      return { ...head, backfilled: union(...head.backfilled, ...uncovered), unsettled: union(...head.unsettled, ...settled) };
    });
  }

  /** An answer was whole once. */
  get hasSource(): boolean {
    return this.head.coveredFrom !== undefined;
  }

  /** Whether the bin is covered, from the start or on request. */
  covers(bin: Bin): boolean {
    return bin.start >= this.start || covers(this.head.backfilled, [bin]);
  }

  isSettled(bin: Bin): boolean {
    return bin.end <= this.first && this.head.unsettled.every((range) => clip(range, bin).length === 0);
  }

  /** Makes cycles look again at what they have settled of a range. */
  async revisit(range: TimeRange): Promise<void> {
    const covered = [{ start: this.start, end: this.first }, ...this.backfilled];
    const settled = covered.flatMap((part) => clip(range, part));
    await this.update((head) =>
      covers(head.unsettled, settled) ? undefined : { ...head, unsettled: union(...head.unsettled, ...settled) },
    );
  }

  /**
   * Moves settledThrough on, as far as all bins were audited an hour ago, may be settled, and nothing is pending; the same for each
   * unsettled bin. Bins that the rule has no more need no audit.
   */
  async settle(now: Instant, maySettle: (bin: Bin) => boolean = () => true, isFormer = false): Promise<void> {
    const { ledger } = this;
    const isOver = (bin: Bin): boolean => isFormer || wasAudited(ledger, bin, now);
    const canSettle = (bin: Bin): boolean => maySettle(bin) && !ledger.isUnreadable(bin) && !ledger.isPendingIn(bin) && isOver(bin);
    const settled = this.head.unsettled.flatMap((range) => [...binsIn(this.grid, range)]).filter(canSettle);
    if (settled.length > 0) await this.update((head) => ({ ...head, unsettled: without(head.unsettled, settled) }));
    if (this.head.coveredFrom === undefined) return;
    const through = settledFrom(this.grid, this.first, now, canSettle);
    if (through <= this.first) return;
    await this.update((head) => ((head.settledThrough ?? 0n) < through ? { ...head, settledThrough: through } : undefined));
  }

  private async update(change: (head: Head) => Head | undefined): Promise<void> {
    this.head = (await this.ledger.updateHead((current) => change(current ?? this.head))) ?? this.head;
  }
}

function firstHead(now: Instant): Head {
  return { firstCycleAt: now, coveredFrom: undefined, backfilled: [], settledThrough: undefined, unsettled: [], noSource: undefined };
}

/** Start of the first bin that a head says is covered, but for what was backfilled. `startAt` counts until the first whole answer. */
export function coverageStart(head: Head, grid: Grid, startAt: Instant | undefined): Instant {
  return binAt(grid, head.coveredFrom ?? startAt ?? addTicks(head.firstCycleAt, -DEFAULT_LOOK_BACK)).start;
}

/** From `first` on, the start of the first bin that cannot be settled. */
function settledFrom(grid: Grid, first: Instant, now: Instant, canSettle: (bin: Bin) => boolean): Instant {
  for (const bin of binsBetween(grid, first, now)) if (!canSettle(bin)) return bin.start;
  return first;
}

/** Whether a bin was audited an hour ago. */
function wasAudited(ledger: RuleLedger, bin: Bin, now: Instant): boolean {
  const record = ledger.recorded(bin);
  return record?.evaluatedAt !== undefined && isAudited(bin, record) && addTicks(record.evaluatedAt, SETTLE_AFTER) <= now;
}

/** Minutes since the close of the oldest bin without a whole evaluation that started after it, or 0. */
export function oldestUncoveredMinutes(ledger: RuleLedger, grid: Grid, first: Instant, now: Instant): number {
  for (const bin of binsBetween(grid, first, now)) {
    if (bin.end > now) break;
    const evaluatedAt = ledger.recorded(bin)?.evaluatedAt;
    if (evaluatedAt === undefined || evaluatedAt <= bin.end) return Number((now - bin.end) / TICKS_PER_MINUTE);
  }
  return 0;
}
