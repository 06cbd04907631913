import { EvaluationLimit } from '../engine/budget';
import type { SourceRow } from '../engine/rows';
import type { IncidentDraft } from '../incident/incident';
import { addTicks, type Instant } from '../value/instant';
import type { Bin } from './bins';
import type { TableCount } from './ledger-record';
import type { PullOutcome, RowSource } from './ports';
import { pullTable, RequestBudget, type Failed, type NoSource, type TableRows } from './pull';
import type { RowPool, TakeRows } from './row-pool';
import type { RuleProgram } from './rule-program';
import { pairsOf } from './shifted-program';
import { TableDigest } from './table-digest';
import { describeUnexpected } from './unexpected';

/** The rows of a bin by table, in parts. */
export type BinRows = ReadonlyMap<string, readonly TableRows[]>;

/** What a bin's rows come to, by the rule. Only `whole` says anything of its incidents. */
export type BinOutcome =
  | {
      readonly kind: 'whole';
      readonly drafts: readonly IncidentDraft[];
      readonly tables: Readonly<Record<string, TableCount>>;
    }
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
 * Pulls and evaluates one bin; `keep` is given the rows of a whole one, as they were pulled: where the rule finds split pairs, those before
 * the first edge of the shifted bins and those after it. Never rejects: what goes wrong is the bin's own failure. So is an abort, else a
 * bin that takes longer than a cycle would be begun by every cycle before all others.
 */
export function evaluateBin(
  context: EvaluationContext,
  bin: Bin,
  startedAt: Instant,
  keep: (rows: BinRows) => void = () => undefined,
): Promise<BinOutcome> {
  let pulled: BinRows | undefined;
  return attempt(context, bin, async (takeRows) => {
    const rows = await pull(context, bin, takeRows);
    if ('kind' in rows) return rows;
    pulled = rows;
    return drafted(context, bin, startedAt, rows);
  }).then((outcome) => {
    if (outcome.kind === 'whole' && pulled !== undefined) keep(pulled);
    return outcome;
  });
}

/** Evaluates a bin over rows that were pulled for others, as evaluateBin does over its own. */
export function evaluateRows(context: EvaluationContext, bin: Bin, startedAt: Instant, rows: BinRows): Promise<BinOutcome> {
  return attempt(context, bin, async (takeRows) => {
    const count = [...rows.values()].flat().reduce((sum, part) => sum + part.rows.length, 0);
    return takeRows(count) ? drafted(context, bin, startedAt, rows) : tooManyRows(bin);
  });
}

function tooManyRows(range: Bin): Failed {
  return { kind: 'failed', code: 'row-limit', reason: 'the bin has more source rows than may be held in memory', range };
}

async function attempt(context: EvaluationContext, bin: Bin, work: (takeRows: TakeRows) => Promise<BinOutcome>): Promise<BinOutcome> {
  try {
    return await context.pool.hold(work);
  } catch (error) {
    if (context.signal?.aborted === true)
      return { kind: 'failed', code: 'out-of-time', reason: 'the cycle ended before the bin was pulled', range: bin };
    if (error instanceof EvaluationLimit) return { kind: 'failed', code: 'evaluation-limit', reason: error.message, range: bin };
    return { kind: 'failed', code: 'unexpected-error', reason: describeUnexpected(error), range: bin };
  }
}

async function pull(context: EvaluationContext, bin: Bin, takeRows: TakeRows): Promise<BinRows | NoSource | Failed> {
  const { program } = context;
  const splitPairs = pairsOf(program);
  const requests = new RequestBudget();
  const edge = splitPairs === undefined ? undefined : addTicks(bin.start, splitPairs.shift);
  const isLater = (row: SourceRow): boolean => splitPairs !== undefined && edge !== undefined && splitPairs.eventTime(row) >= edge;
  const rows = new Map<string, readonly TableRows[]>();
  for (const table of program.tables) {
    const pulled = await pullTable({ ...context, requests, takeRows, isLater }, table, bin);
    if (pulled.kind !== 'whole') return pulled;
    rows.set(table, pulled.parts);
  }
  return rows;
}

function drafted({ program, workspaceId }: EvaluationContext, bin: Bin, now: Instant, pulled: BinRows): BinOutcome {
  const rows = new Map([...pulled].map(([table, parts]) => [table, parts.flatMap((part) => part.rows)]));
  const counts = [...pulled].map(([table, parts]) => [table, TableDigest.sum(parts.map(({ digest }) => digest)).count()] as const);
  return { kind: 'whole', drafts: eachIdOnce(program.draft({ workspaceId, bin, rows, now })), tables: Object.fromEntries(counts) };
}

/** Two drafts of one id would be one revision with two contents. */
function eachIdOnce(drafts: readonly IncidentDraft[]): readonly IncidentDraft[] {
  if (new Set(drafts.map((draft) => draft.id)).size !== drafts.length) throw new Error('two incidents of one bin have the same id');
  return drafts;
}
