import { addTicks, binStart, compareInstants, TICKS_PER_DAY, type Instant, type TimeRange } from '../value/instant';
import { binAt } from './bins';
import { LedgerUnreadable, SwappedBlobs } from './compare-and-swap';
import { Coverage } from './coverage';
import { runCycle, type CycleOptions, type CyclePorts } from './cycle';
import { dryBlobs } from './dry-run';
import { latestPass, passes } from './due';
import { RuleLedger } from './ledger';
import { oldestRows, type OldestRows } from './oldest-rows';
import { clip } from './ranges';
import type { RuleProgram } from './rule-program';
import type { CycleReport } from './summary';

/**
 * Past hours through the very path of the cycle: a cycle for each UTC day, oldest first, that works on the bins of that day which are not up
 * to date, whatever is due elsewhere. So what was sent is not sent again, one that was stopped goes on where it was when it is
 * started again, and it may run beside the function.
 */

/** What one workspace and rule is to be backfilled for. */
export interface BackfillLane {
  readonly workspaceId: string;
  readonly program: RuleProgram;
  /**
   * Whole bins that are closed: those of the range that was asked for, whose rows the workspace still has, and which are not early. Empty where
   * there is none.
   */
  readonly range: TimeRange;
  /** The bins of the range that was asked for, and how many of the first ones of it were refused, and why. */
  readonly asked: TimeRange;
  readonly oldest: OldestRows;
  readonly early: EarlyBin | undefined;
}

/** The last bin that was asked for, where it has had no pass yet and lies before the coverage, so that no cycle would come to it either. */
export interface EarlyBin {
  readonly start: Instant;
  readonly firstPass: Instant;
}

export type BackfillOptions = Omit<CycleOptions, 'only' | 'deadline'>;

/**
 * The bins that share time with the range and are closed, asked of each workspace whether it still has their rows. Writes nothing. Rejects as the
 * row source does, and with PortUnavailable where the ledger is needed and cannot be reached.
 */
export async function planBackfill(
  { source, clock, ledger }: CyclePorts,
  { workspaceIds, programs, signal, startAt }: BackfillOptions,
  range: TimeRange,
): Promise<readonly BackfillLane[]> {
  const now = clock.now();
  const lanes: BackfillLane[] = [];
  for (const workspaceId of workspaceIds) {
    for (const program of programs) {
      const asked = closedBins(program, range, now);
      const oldest = await oldestRows({ source, program, workspaceId, signal }, asked);
      const early = await earlyBin({ ledger, program, workspaceId, startAt, now }, asked);
      const end = early?.start ?? asked.end;
      const start = oldest.kind === 'from' ? (oldest.start ?? end) : end;
      lanes.push({ workspaceId, program, asked, oldest, early, range: { start: start < end ? start : end, end } });
    }
  }
  return lanes;
}

/** The UTC days of the lanes' ranges, oldest first. */
export function backfillDays(lanes: readonly BackfillLane[]): readonly TimeRange[] {
  const ranges = lanes.map(({ range }) => range).filter(({ start, end }) => start < end);
  const [first] = ranges.map(({ start }) => start).sort(compareInstants);
  const last = ranges
    .map(({ end }) => end)
    .sort(compareInstants)
    .at(-1);
  if (first === undefined || last === undefined) return [];
  const days: TimeRange[] = [];
  for (let start = binStart(first, TICKS_PER_DAY); start < last; start = addTicks(start, TICKS_PER_DAY))
    days.push(...clip({ start, end: addTicks(start, TICKS_PER_DAY) }, { start: first, end: last }));
  return days;
}

/** Works on one day's bins. */
export function backfillDay(
  ports: CyclePorts,
  options: BackfillOptions,
  lanes: readonly BackfillLane[],
  day: TimeRange,
): Promise<CycleReport> {
  const rangeOf = (workspaceId: string, program: RuleProgram): TimeRange | undefined =>
    lanes.find((lane) => lane.workspaceId === workspaceId && lane.program.ledgerFolder === program.ledgerFolder)?.range;
  const nothing = { start: day.start, end: day.start };
  return runCycle(ports, {
    ...options,
    only: (workspaceId, program) => clip(rangeOf(workspaceId, program) ?? nothing, day)[0] ?? nothing,
  });
}

interface EarlyQuestion extends Pick<CyclePorts, 'ledger'>, Pick<BackfillLane, 'workspaceId' | 'program'> {
  readonly startAt: Instant | undefined;
  readonly now: Instant;
}

/** Only the bin that closed last can have had no pass: its first one comes before the next bin closes. */
async function earlyBin(
  { ledger, program, workspaceId, startAt, now }: EarlyQuestion,
  { start, end }: TimeRange,
): Promise<EarlyBin | undefined> {
  const { grid, monotone, ledgerFolder } = program;
  const last = binAt(grid, addTicks(end, -1n));
  if (start >= end || latestPass(last, monotone, now) !== undefined) return undefined;
  const records = new RuleLedger(new SwappedBlobs(dryBlobs(ledger)), `${workspaceId}/${ledgerFolder}`);
  try {
    const coverage = await Coverage.open(records, grid, startAt, now);
    return coverage.covers(last) ? undefined : { start: last.start, firstPass: passes(last)[0] ?? last.end };
  } catch (error) {
    // The cycles of the backfill name the blob.
    if (error instanceof LedgerUnreadable) return undefined;
    throw error;
  }
}

function closedBins({ grid }: RuleProgram, range: TimeRange, now: Instant): TimeRange {
  const start = binAt(grid, range.start).start;
  const last = binAt(grid, addTicks(range.end, -1n)).end;
  const open = binAt(grid, now).start;
  const end = last < open ? last : open;
  return { start, end: end > start ? end : start };
}
