import { TICKS_PER_MILLISECOND, type Instant, type TimeRange } from '../value/instant';
import { binsIn, type Grid } from './bins';
import { oldestUncoveredMinutes, type Coverage } from './coverage';
import type { RuleLedger } from './ledger';
import type { RuleProgram } from './rule-program';
import type { CycleSummary, RuleReport } from './summary';
import type { Tally } from './tally';

/** How the bins of one grid stand when their work in a cycle is over. */
export interface LaneState {
  readonly grid: Grid;
  readonly ledger: RuleLedger;
  /** Undefined where the head of the ledger could not be read: then nothing is known of any bin. */
  readonly coverage: Coverage | undefined;
  /** The time whose bins were looked at, in order. */
  readonly scope: readonly TimeRange[];
  readonly now: Instant;
  readonly tally: Tally;
  /** Due bins that were not finished. */
  readonly left: number;
  readonly noSource: string | undefined;
  readonly unreachable: string | undefined;
  readonly problems: readonly string[];
}

export interface RuleState {
  readonly program: RuleProgram;
  readonly workspaceId: string;
  readonly beganAt: Instant;
  readonly endedAt: Instant;
  /** Else it was stopped while it waited for an answer. */
  readonly isOver: boolean;
}

const STOPPED = 'the cycle was stopped while it waited for the ledger or the Event Hub; what is left is done by the next one';

/** The report of a workspace and rule, over its own bins and those that are shifted. */
export function ruleReport(rule: RuleState, lanes: readonly LaneState[]): RuleReport {
  const problems = lanes.flatMap((lane) => [...lane.problems, ...lane.ledger.problems()]);
  return {
    summary: summaryOf(rule, lanes, problems),
    failures: lanes.flatMap(({ tally }) => tally.failures),
    shrunk: lanes.flatMap(({ tally }) => tally.shrunk),
    noSource: lanes.find(({ noSource }) => noSource !== undefined)?.noSource,
    unreachable: lanes.find(({ unreachable }) => unreachable !== undefined)?.unreachable ?? (rule.isOver ? undefined : STOPPED),
    problems,
  };
}

function summaryOf(
  { program, workspaceId, beganAt, endedAt, isOver }: RuleState,
  lanes: readonly LaneState[],
  problems: readonly string[],
): CycleSummary {
  const sum = (count: (lane: LaneState) => number): number => lanes.reduce((total, lane) => total + count(lane), 0);
  const tallied = (name: NumberOf<Tally>): number => sum(({ tally }) => tally[name]);
  const done = tallied('done');
  const failures = sum(({ tally }) => tally.failures.length);
  const left = sum((lane) => lane.left);
  const isUnreachable = !isOver || lanes.some(({ unreachable }) => unreachable !== undefined);
  return {
    outcome: isUnreachable || problems.length > 0 || (failures > 0 && done === 0) ? 'failed' : 'ok',
    ruleId: program.id,
    workspaceId,
    bins: {
      due: done + failures + tallied('withoutSource') + left,
      done,
      failing: sum(failingBins),
      left,
      shrunk: sum(({ tally }) => tally.shrunk.length),
      final: tallied('final'),
    },
    noSource: lanes.some(({ coverage }) => coverage?.awaitsSource === true),
    oldestUncoveredMinutes: Math.max(0, ...lanes.map(uncoveredMinutes)),
    rows: tallied('rows'),
    incidents: {
      new: tallied('new'),
      revised: tallied('revised'),
      withdrawn: tallied('withdrawn'),
      excluded: tallied('excluded'),
      pending: sum(({ ledger }) => ledger.pendingMessages()),
      refused: tallied('refused'),
    },
    requests: tallied('requests'),
    throttledMs: tallied('throttledMs'),
    lateAfterFinal: tallied('lateAfterFinal'),
    durationMs: Number((endedAt - beganAt) / TICKS_PER_MILLISECOND),
  };
}

type NumberOf<T> = { [K in keyof T]: T[K] extends number ? K : never }[keyof T];

function failingBins({ grid, ledger, coverage, scope }: LaneState): number {
  const bins = coverage === undefined ? [] : scope.flatMap((range) => [...binsIn(grid, range)]);
  return bins.filter((bin) => ledger.isUnreadable(bin) || ledger.recorded(bin)?.failure !== undefined).length;
}

function uncoveredMinutes({ grid, ledger, coverage, scope, now }: LaneState): number {
  const recent = scope.at(-1);
  if (coverage === undefined || recent === undefined || coverage.awaitsSource) return 0;
  return oldestUncoveredMinutes(ledger, grid, recent.start, now);
}
