import { TICKS_PER_MILLISECOND, type Instant, type TimeRange } from '../value/instant';
import { binsIn } from './bins';
import { oldestUncoveredMinutes, type Coverage } from './coverage';
import type { RuleLedger } from './ledger';
import type { RuleProgram } from './rule-program';
import type { BinCounts, CycleSummary, IncidentCounts, RuleReport } from './summary';
import type { Tally } from './tally';

/** How a workspace and rule stand when their work in a cycle is over. */
export interface LaneState {
  readonly program: RuleProgram;
  readonly workspaceId: string;
  readonly ledger: RuleLedger;
  /** Undefined where the head of the ledger could not be read: then nothing is known of any bin. */
  readonly coverage: Coverage | undefined;
  /** The time whose bins were looked at, in order. */
  readonly scope: readonly TimeRange[];
  readonly now: Instant;
  readonly beganAt: Instant;
  readonly endedAt: Instant;
  readonly tally: Tally;
  /** Due bins that were not finished. */
  readonly left: number;
  readonly noSource: string | undefined;
  readonly unreachable: string | undefined;
  readonly problems: readonly string[];
}

export function laneReport(state: LaneState): RuleReport {
  const { tally, noSource, unreachable } = state;
  const problems = [...state.problems, ...state.ledger.problems()];
  return { summary: summaryOf(state, problems), failures: tally.failures, shrunk: tally.shrunk, noSource, unreachable, problems };
}

function summaryOf(state: LaneState, problems: readonly string[]): CycleSummary {
  const { program, workspaceId, ledger, coverage, now, tally } = state;
  const allFailed = tally.failures.length > 0 && tally.done === 0;
  const recent = state.scope.at(-1);
  const isCovering = coverage !== undefined && recent !== undefined && !coverage.awaitsSource;
  return {
    outcome: state.unreachable !== undefined || problems.length > 0 || allFailed ? 'failed' : 'ok',
    ruleId: program.id,
    workspaceId,
    bins: binCounts(state),
    noSource: coverage?.awaitsSource === true,
    oldestUncoveredMinutes: isCovering ? oldestUncoveredMinutes(ledger, program.grid, recent.start, now) : 0,
    rows: tally.rows,
    incidents: incidentCounts(state),
    requests: tally.requests,
    throttledMs: tally.throttledMs,
    lateAfterFinal: tally.lateAfterFinal,
    durationMs: Number((state.endedAt - state.beganAt) / TICKS_PER_MILLISECOND),
  };
}

function binCounts({ program, ledger, coverage, scope, tally, left }: LaneState): BinCounts {
  const bins = coverage === undefined ? [] : scope.flatMap((range) => [...binsIn(program.grid, range)]);
  return {
    due: tally.done + tally.failures.length + tally.withoutSource + left,
    done: tally.done,
    failing: bins.filter((bin) => ledger.isUnreadable(bin) || ledger.recorded(bin)?.failure !== undefined).length,
    left,
    shrunk: tally.shrunk.length,
    final: tally.final,
  };
}

function incidentCounts({ ledger, tally }: LaneState): IncidentCounts {
  const { new: fresh, revised, withdrawn, excluded, refused } = tally;
  return { new: fresh, revised, withdrawn, excluded, pending: ledger.pendingMessages(), refused };
}
