import { addTicks, TICKS_PER_HOUR, TICKS_PER_MINUTE, type Instant } from '../value/instant';
import { binAt, binsBetween, type Grid } from './bins';
import { DEFAULT_LOOK_BACK, isAudited } from './due';
import type { RuleLedger } from './ledger';
import { hasPending, type Head } from './ledger-record';

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
  private head: Head;
  /** Whether this cycle is the rule's first. */
  readonly isNew: boolean;

  private constructor(ledger: RuleLedger, grid: Grid, startAt: Instant | undefined, head: Head, isNew: boolean) {
    this.ledger = ledger;
    this.grid = grid;
    this.startAt = startAt;
    this.head = head;
    this.isNew = isNew;
  }

  /** Reads the head of the ledger, or writes the first one. `startAt` counts until the first whole answer. */
  static async open(ledger: RuleLedger, grid: Grid, startAt: Instant | undefined, now: Instant): Promise<Coverage> {
    const stored = await ledger.readHead();
    const first: Head = { firstCycleAt: now, coveredFrom: undefined, backfilled: [], settledThrough: undefined, noSource: undefined };
    const head = stored ?? (await ledger.updateHead((current) => (current === undefined ? first : undefined))) ?? first;
    return new Coverage(ledger, grid, startAt, head, stored === undefined);
  }

  /** Start of the oldest bin that can be due. */
  get first(): Instant {
    return binAt(this.grid, this.head.settledThrough ?? this.start()).start;
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
    const { start } = binAt(this.grid, this.start());
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

  /** Moves settledThrough on, as far as all bins were audited an hour ago and nothing is pending. */
  async settle(now: Instant): Promise<void> {
    if (this.head.coveredFrom === undefined) return;
    const settled = settledFrom(this.ledger, this.grid, this.first, now);
    if (settled <= this.first) return;
    await this.update((head) => ((head.settledThrough ?? 0n) < settled ? { ...head, settledThrough: settled } : undefined));
  }

  private start(): Instant {
    return this.head.coveredFrom ?? this.startAt ?? addTicks(this.head.firstCycleAt, -DEFAULT_LOOK_BACK);
  }

  private async update(change: (head: Head) => Head | undefined): Promise<void> {
    this.head = (await this.ledger.updateHead((current) => change(current ?? this.head))) ?? this.head;
  }
}

/** From `first` on, the start of the first bin that was not audited an hour ago or has a message pending. */
function settledFrom(ledger: RuleLedger, grid: Grid, first: Instant, now: Instant): Instant {
  let settled = first;
  for (const bin of binsBetween(grid, first, now)) {
    const record = ledger.recorded(bin);
    if (ledger.isUnreadable(bin) || record?.evaluatedAt === undefined || !isAudited(bin, record)) break;
    if (addTicks(record.evaluatedAt, SETTLE_AFTER) > now) break;
    settled = bin.end;
  }
  for (const { bin, record } of ledger.allRecorded()) if (bin.start < settled && hasPending(record)) settled = bin.start;
  return settled;
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
