import { EvaluationLimit } from '../engine/budget';
import type { SourceRow } from '../engine/rows';
import type { IncidentDraft } from '../incident/incident';
import type { Instant } from '../value/instant';
import type { Bin } from './bins';
import type { TableCount } from './ledger-record';
import type { PullOutcome, RowSource } from './ports';
import { pullTable, RequestBudget, type Failed, type NoSource } from './pull';
import type { RowPool, TakeRows } from './row-pool';
import type { RuleProgram } from './rule-program';
import { describeUnexpected } from './unexpected';

/** What a bin's rows come to, by the rule. Only `whole` says anything of its incidents. */
export type BinOutcome =
  | { readonly kind: 'whole'; readonly drafts: readonly IncidentDraft[]; readonly tables: Readonly<Record<string, TableCount>> }
  | NoSource
  | Failed;

export interface EvaluationContext {
  readonly source: RowSource;
  readonly pool: RowPool;
  readonly program: RuleProgram;
  readonly workspaceId: string;
  readonly onAnswer: (answer: PullOutcome) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Pulls and evaluates one bin. Never rejects: what goes wrong is the bin's own failure. So is an abort, else a bin that takes longer than
 * a cycle would be begun by every cycle before all others.
 */
export async function evaluateBin(context: EvaluationContext, bin: Bin, startedAt: Instant): Promise<BinOutcome> {
  try {
    return await context.pool.hold((takeRows) => pullAndDraft(context, bin, startedAt, takeRows));
  } catch (error) {
    if (context.signal?.aborted === true)
      return { kind: 'failed', code: 'out-of-time', reason: 'the cycle ended before the bin was pulled', range: bin };
    if (error instanceof EvaluationLimit) return { kind: 'failed', code: 'evaluation-limit', reason: error.message, range: bin };
    return { kind: 'failed', code: 'unexpected-error', reason: describeUnexpected(error), range: bin };
  }
}

async function pullAndDraft(context: EvaluationContext, bin: Bin, startedAt: Instant, takeRows: TakeRows): Promise<BinOutcome> {
  const { program, workspaceId } = context;
  const requests = new RequestBudget();
  const rows = new Map<string, readonly SourceRow[]>();
  const tables: Record<string, TableCount> = {};
  for (const table of program.tables) {
    const pulled = await pullTable({ ...context, requests, takeRows }, table, bin);
    if (pulled.kind !== 'whole') return pulled;
    rows.set(table, pulled.rows);
    tables[table] = pulled.count;
  }
  return { kind: 'whole', drafts: eachIdOnce(program.draft({ workspaceId, bin, rows, now: startedAt })), tables };
}

/** Two drafts of one id would be one revision with two contents. */
function eachIdOnce(drafts: readonly IncidentDraft[]): readonly IncidentDraft[] {
  if (new Set(drafts.map((draft) => draft.id)).size !== drafts.length) throw new Error('two incidents of one bin have the same id');
  return drafts;
}
