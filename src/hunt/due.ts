import { addTicks, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, type Instant } from '../value/instant';
import { binAt, binsBetween, type Bin, type Grid } from './bins';
import type { BinRecord, FailureRecord } from './ledger-record';

/** Which bins are due, and in which order. Pure: the ledger and one reading of the clock decide, not the timer. */

/** The first pass after a bin's close; until then a monotone rule's bin is always due. */
const SETTLING = 15n * TICKS_PER_MINUTE;

/** 15 min · 2^k after the close, for k = 0 … 7: 15 min to 32 h. */
const DOUBLINGS = 8;

/**
 * Log Analytics replaces a TimeGenerated more than two days older than its arrival, so no row comes later than that; one hour more for indexing.
 * https://learn.microsoft.com/azure/azure-monitor/logs/log-standard-columns
 */
const FINAL_AFTER = 49n * TICKS_PER_HOUR;

const AUDIT_AFTER = 7n * TICKS_PER_DAY;

const FIRST_RETRY = 5n * TICKS_PER_MINUTE;
const LAST_RETRY = TICKS_PER_HOUR;

/** How far back a rule begins where no start is set: no later row can be older. */
export const DEFAULT_LOOK_BACK = FINAL_AFTER;

const PASSES_AFTER_CLOSE = [...Array.from({ length: DOUBLINGS }, (_, k) => SETTLING << BigInt(k)), FINAL_AFTER, AUDIT_AFTER];

/** The passes of a bin from 15 min after its close on, in order of time. */
export function passes(bin: Bin): readonly Instant[] {
  return PASSES_AFTER_CLOSE.map((ticks) => addTicks(bin.end, ticks));
}

/**
 * The latest pass at or before now. A monotone rule's bin has one at every instant from its start to 15 min after its close;
 * any other rule's bin has none before then, since later rows could take back what it finds.
 */
export function latestPass(bin: Bin, monotone: boolean, now: Instant): Instant | undefined {
  if (now < bin.start) return undefined;
  const age = now - bin.end;
  const after = PASSES_AFTER_CLOSE.findLast((ticks) => ticks <= age);
  return after === undefined ? (monotone ? now : undefined) : addTicks(bin.end, after);
}

/** When a bin that failed for the n-th time may be tried again: min(5 min · 2^(n−1), 1 h) later. */
export function retryAt(failure: FailureRecord): Instant {
  const doublings = BigInt(Math.min(failure.count - 1, 10));
  const wait = FIRST_RETRY << doublings;
  return addTicks(failure.lastAt, wait < LAST_RETRY ? wait : LAST_RETRY);
}

export function isDue(bin: Bin, record: BinRecord | undefined, monotone: boolean, now: Instant): boolean {
  const pass = latestPass(bin, monotone, now);
  if (pass === undefined) return false;
  if (record?.evaluatedAt !== undefined && record.evaluatedAt >= pass) return false;
  return record?.failure === undefined || retryAt(record.failure) <= now;
}

/** Whether a closed bin was not evaluated since its latest pass, or not by this plan, or is failing: as isDue, but now and not after a pause. */
export function isOutdated(
  bin: Bin,
  record: BinRecord | undefined,
  { hash, monotone }: { hash: string; monotone: boolean },
  now: Instant,
): boolean {
  if (bin.end > now) return false;
  if (record?.failure !== undefined || (record?.evaluatedAt !== undefined && record.ruleHash !== hash)) return true;
  const pass = latestPass(bin, monotone, now);
  return pass !== undefined && (record?.evaluatedAt === undefined || record.evaluatedAt < pass);
}

/** Whether an evaluation started when no row could come any more. */
export function isFinal(bin: Bin, record: BinRecord | undefined): boolean {
  return record?.evaluatedAt !== undefined && record.evaluatedAt >= addTicks(bin.end, FINAL_AFTER);
}

/** Whether a bin was evaluated once more after it was final, so that nothing is due any more. */
export function isAudited(bin: Bin, record: BinRecord | undefined): boolean {
  return record?.evaluatedAt !== undefined && record.evaluatedAt >= addTicks(bin.end, AUDIT_AFTER);
}

export interface DueQuestion {
  readonly grid: Grid;
  readonly monotone: boolean;
  /** The oldest bin that can be due is the one that holds this instant. */
  readonly first: Instant;
  readonly now: Instant;
  readonly recorded: (bin: Bin) => BinRecord | undefined;
}

/**
 * The due bins in the order of work: the open one, the one that closed last, then the backlog, oldest first. Of a shifted grid none is due
 * before its first edge, by which no pair can be parted until then.
 */
export function dueBins({ grid, monotone, first, now, recorded }: DueQuestion): readonly Bin[] {
  const hasEdge = (bin: Bin): boolean => addTicks(bin.start, grid.shift) <= now;
  const due = [...binsBetween(grid, first, now)].filter((bin) => hasEdge(bin) && isDue(bin, recorded(bin), monotone, now));
  const open = binAt(grid, now);
  const recent = due.filter((bin) => bin.end >= open.start).reverse();
  return [...recent, ...due.filter((bin) => bin.end < open.start)];
}
