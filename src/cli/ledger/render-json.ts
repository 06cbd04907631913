import type { StatedBin } from '../../hunt/bin-states';
import type { LaneCoverage } from '../../hunt/read-coverage';
import { formatInstant, type Instant, type TimeRange } from '../../value/instant';
import { runsOf, type Run } from './runs';

/** What is undefined is left out. Ranges are half-open, instants UTC with seven fraction digits. */
export function coverageJson(now: Instant, lanes: readonly LaneCoverage[]): object {
  return { formatVersion: 1, now: formatInstant(now), lanes: lanes.map(laneJson) };
}

function laneJson({ workspaceId, program, coverage, bins, pending, problems }: LaneCoverage): object {
  return {
    workspaceId,
    ruleId: program.id,
    match: program.grid.shift === 0n ? 'rule' : 'split-by-bin-edge',
    ...(coverage === undefined
      ? {}
      : {
          coveredFrom: formatInstant(coverage.start),
          settledThrough: optional(coverage.settledThrough),
          backfilled: coverage.backfilled.map(rangeJson),
          noSource: coverage.awaitsSource,
        }),
    pendingMessages: pending,
    problems,
    bins: countsOf(bins),
    runs: runsOf(bins).map(runJson),
  };
}

/** Every state that some bin has, and how many have it. */
function countsOf(bins: readonly StatedBin[]): object {
  const counts: Record<string, number> = {};
  for (const { state } of bins) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function runJson({ start, end, state, code, bins }: Run): object {
  return { ...rangeJson({ start, end }), state, bins: bins.length, code, failing: state === 'failing' ? bins.map(failingJson) : undefined };
}

function failingJson({ bin, evaluatedAt, failure }: StatedBin): object {
  const { count, since, lastAt, nextTry } = failure?.tries ?? {};
  return {
    ...rangeJson(bin),
    evaluatedAt: optional(evaluatedAt),
    count,
    since: optional(since),
    lastAt: optional(lastAt),
    nextTry: optional(nextTry),
  };
}

function rangeJson({ start, end }: TimeRange): { readonly start: string; readonly end: string } {
  return { start: formatInstant(start), end: formatInstant(end) };
}

function optional(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : formatInstant(instant);
}
