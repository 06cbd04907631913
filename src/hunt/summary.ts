import type { TimeRange } from '../value/instant';

/** What the function logs of a cycle: counts, codes and times, never row contents. Alerts read the `hunt.cycle` lines only. */

export interface CycleSummary {
  /** failed: the ledger or the hub could not be reached, a blob of the ledger could not be read, or every bin that was tried failed. */
  readonly outcome: 'ok' | 'failed';
  readonly ruleId: string;
  readonly workspaceId: string;
  readonly bins: BinCounts;
  /** The workspace has no such table or function, or no data, and never had. */
  readonly noSource: boolean;
  /** Since the close of the oldest bin without a whole evaluation started after it, else 0. */
  readonly oldestUncoveredMinutes: number;
  /** Source rows received, also those of answers that came to nothing. */
  readonly rows: number;
  readonly incidents: IncidentCounts;
  readonly requests: number;
  readonly throttledMs: number;
  /** Revisions that the audit of a final bin made under an unchanged plan. */
  readonly lateAfterFinal: number;
  readonly durationMs: number;
}

export interface BinCounts {
  /** Bins that this cycle found due. */
  readonly due: number;
  /** Of those, the ones that were evaluated whole. */
  readonly done: number;
  /** All bins that are failing when the cycle ends, also those that wait for their next try, and those whose day in the ledger cannot be read. */
  readonly failing: number;
  /** Due ones that the cycle did not come to. */
  readonly left: number;
  /** Evaluated on fewer rows than recorded. */
  readonly shrunk: number;
  /** Bins that became final. */
  readonly final: number;
}

export interface IncidentCounts {
  readonly new: number;
  readonly revised: number;
  readonly withdrawn: number;
  readonly excluded: number;
  /** Messages that wait for an acknowledgement when the cycle ends. */
  readonly pending: number;
  readonly refused: number;
}

/** What one cycle did for one workspace and rule. */
export interface RuleReport {
  readonly summary: CycleSummary;
  /** Why bins failed in this cycle. */
  readonly failures: readonly BinFailure[];
  /** Bins that were evaluated on fewer rows than recorded. */
  readonly shrunk: readonly TimeRange[];
  /** Why there is no source, one sentence, where it was asked for in this cycle. */
  readonly noSource: string | undefined;
  /** Why the ledger or the hub could not be reached, one sentence; undefined where both could. */
  readonly unreachable: string | undefined;
  /** What else stood in the way: one sentence each, naming the blob or the place. */
  readonly problems: readonly string[];
}

export interface BinFailure {
  readonly bin: TimeRange;
  readonly code: string;
  readonly reason: string;
  readonly range: TimeRange;
}

export interface CycleReport {
  /** In the order of workspaces, then of rules. */
  readonly rules: readonly RuleReport[];
  /** Why the invocation as a whole must fail: the ledger or the hub could not be reached, or everything that was due failed. Else undefined. */
  readonly failure: string | undefined;
}

export function cycleReport(rules: readonly RuleReport[]): CycleReport {
  const unreachable = rules.find((rule) => rule.unreachable !== undefined)?.unreachable;
  const failed = rules.flatMap((rule) => rule.failures);
  const done = rules.reduce((sum, rule) => sum + rule.summary.bins.done, 0);
  const allFailed = failed[0] !== undefined && done === 0 ? `everything that was due failed, first of all: ${failed[0].reason}` : undefined;
  return { rules, failure: unreachable ?? allFailed };
}

/** The line as it is logged: one JSON object, `message` first. */
export function summaryLine(summary: CycleSummary): string {
  return JSON.stringify({ message: 'hunt.cycle', ...summary });
}
