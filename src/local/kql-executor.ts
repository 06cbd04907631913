import { evaluate } from '../engine/evaluate';
import type { SourceRow } from '../engine/rows';
import { parseQuery } from '../kql/parse';
import type { QueryProblem } from '../kql/problem';
import { compileQuery } from '../plan/compile-query';
import { databaseOf, type Schemas } from '../plan/compile-rule';
import type { Plan, TablePlan } from '../plan/plan';
import { parseInstant, type Instant, type TimeRange } from '../value/instant';
import { decodeCell } from '../value/decode';
import { noValue, type Value } from '../value/types';
import type { ExecuteError, QueryTable } from './log-analytics/reply';
import type { QueryRequest } from './log-analytics/request';

/** Rows of one table, as JSON objects. */
export type TableRows = readonly Readonly<Record<string, unknown>>[];

export interface KqlExecutorOptions {
  readonly schemas: Schemas;
  /** A workspace's rows, by table. One that is not here is missing in the workspace. Asked anew for each query, so rows may arrive in between. */
  readonly tables: (workspaceId: string) => ReadonlyMap<string, TableRows>;
  readonly now: () => Instant;
}

/** The service's words for a table that it does not have. */
const unresolved = (table: string): ExecuteError => ({
  kind: 'semantic',
  message: `Failed to resolve table or column expression named '${table}'`,
});

function toError(problems: readonly QueryProblem[]): ExecuteError {
  const problem = problems.find(({ severity }) => severity === 'error');
  const unknownTable = problem?.code === 'KS204' ? /'([^']*)'/.exec(problem.message)?.[1] : undefined;
  if (unknownTable !== undefined) return unresolved(unknownTable);
  return { kind: problem?.code.startsWith('KQL') === true ? 'unsupported' : 'semantic', message: problem?.message ?? 'no query' };
}

function toSourceRow(table: TablePlan, row: Readonly<Record<string, unknown>>): SourceRow {
  const values = table.columns.map(({ name, type }): Value => decodeCell(type, row[name]) ?? noValue(type));
  return { table: table.name, values, evidence: table.evidenceColumns.map(() => '') };
}

/** The request's own timespan acts on TimeGenerated, beside what the query says. */
function within(timespan: TimeRange | undefined): (row: Readonly<Record<string, unknown>>) => boolean {
  if (timespan === undefined) return () => true;
  return ({ TimeGenerated: cell }) => {
    const time = typeof cell === 'string' ? parseInstant(cell) : undefined;
    return time === undefined || (time >= timespan.start && time < timespan.end);
  };
}

/** Reading a query takes longer than running it; a text that comes again is not read again. */
const KEPT_QUERIES = 50;

/**
 * Runs KQL over rows in memory with the project's own engine: what a workspace does for the pushdown queries, and for whatever else the engine
 * can run. A cell that is not of its column's type is null.
 */
export function createKqlExecutor({
  schemas,
  tables,
  now,
}: KqlExecutorOptions): (request: QueryRequest) => Promise<QueryTable | ExecuteError> {
  const database = databaseOf(schemas);
  const kept = new Map<string, Promise<Plan | ExecuteError>>();

  async function read(text: string): Promise<Plan | ExecuteError> {
    const { query, columns, problems } = await parseQuery(text, database);
    if (query === undefined) return toError(problems);
    const compiled = compileQuery(query, columns, database, schemas);
    return 'problem' in compiled ? toError([compiled.problem]) : compiled.whole;
  }

  function planOf(text: string): Promise<Plan | ExecuteError> {
    const plan = kept.get(text) ?? read(text);
    kept.delete(text);
    kept.set(text, plan);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_QUERIES && oldest !== undefined) kept.delete(oldest);
    return plan;
  }

  return async ({ workspaceId, query, timespan }) => {
    const plan = await planOf(query);
    if ('kind' in plan) return plan;
    const present = tables(workspaceId);
    const missing = plan.tables.find(({ name }) => !present.has(name));
    if (missing !== undefined) return unresolved(missing.name);
    const rows = new Map(
      plan.tables.map((table) => [
        table.name,
        (present.get(table.name) ?? []).filter(within(timespan)).map((row) => toSourceRow(table, row)),
      ]),
    );
    const result = evaluate(plan, (name) => rows.get(name) ?? [], { now: now() });
    return { columns: result.columns, rows: result.rows.map(({ values }) => values) };
  };
}
