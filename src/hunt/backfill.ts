import { addTicks, binStart, compareInstants, TICKS_PER_DAY, type Instant, type TimeRange } from '../value/instant';
import { binAt } from './bins';
import { runCycle, type CycleOptions, type CyclePorts } from './cycle';
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
  /** Whole bins that are closed: those of the range that was asked for and whose rows the workspace still has. Empty where there is none. */
  readonly range: TimeRange;
  /** The bins of the range that was asked for, and how many of the first ones of it were refused, and why. */
  readonly asked: TimeRange;
  readonly oldest: OldestRows;
}

export type BackfillOptions = Omit<CycleOptions, 'only' | 'deadline'>;

/** The bins that share time with the range and are closed, asked of each workspace whether it still has their rows. */
export async function planBackfill(
  { source, clock }: CyclePorts,
  { workspaceIds, programs, signal }: BackfillOptions,
  range: TimeRange,
): Promise<readonly BackfillLane[]> {
  const now = clock.now();
  const lanes: BackfillLane[] = [];
  for (const workspaceId of workspaceIds) {
    for (const program of programs) {
      const asked = closedBins(program, range, now);
      const oldest = await oldestRows({ source, program, workspaceId, signal }, asked);
      const start = oldest.kind === 'from' ? (oldest.start ?? asked.end) : asked.end;
      lanes.push({ workspaceId, program, asked, oldest, range: { start, end: asked.end } });
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

function closedBins({ grid }: RuleProgram, range: TimeRange, now: Instant): TimeRange {
  const start = binAt(grid, range.start).start;
  const last = binAt(grid, addTicks(range.end, -1n)).end;
  const open = binAt(grid, now).start;
  const end = last < open ? last : open;
  return { start, end: end > start ? end : start };
}
