import type { Query } from '../kql/ast';
import type { DatabaseSchema } from '../kql/database';
import { QueryRefused, type QueryProblem } from '../kql/problem';
import type { TableSchema } from '../schema/schema';
import type { Column } from '../value/types';
import { bindQuery } from './bind';
import { ingestionTime } from './bind/ingestion-time';
import { columnsOf, inputsOf } from './columns';
import { requireInferred } from './inferred';
import { monotone } from './monotone';
import type { MonotoneProof, Plan, PlanNode, ScanNode, SplitProof, TablePlan } from './plan';
import { anyOf, scanPredicates } from './predicates';
import { prune } from './prune';
import { splitByBin } from './time';

export interface CompiledQuery {
  /** The query as it stands, for a given now(): what `hunt run` and rule tests evaluate. */
  readonly whole: Plan;
  /** What a cycle evaluates bin by bin: lower bounds by now() are gone, the bin's range takes their place. The same as `whole` where it does not split. */
  readonly scheduled: Plan;
  readonly split: SplitProof;
  readonly monotone: MonotoneProof;
}

function scansOf(node: PlanNode): readonly ScanNode[] {
  return node.kind === 'scan' ? [node] : inputsOf(node).flatMap(scansOf);
}

/**
 * The column that counts as a table's event time in this query: TimeGenerated, or Timestamp where the query uses that one alone.
 * Undefined where the table has neither.
 */
function eventTimeOf(scans: readonly ScanNode[], schema: TableSchema | undefined): string | undefined {
  const datetimes = (columns: readonly Column[]): readonly string[] =>
    columns.filter(({ name, type }) => type === 'datetime' && (name === 'TimeGenerated' || name === 'Timestamp')).map(({ name }) => name);
  const used = new Set(scans.flatMap(({ columns }) => datetimes(columns)));
  if (used.has('TimeGenerated')) return 'TimeGenerated';
  if (used.has('Timestamp')) return 'Timestamp';
  const known = datetimes(schema?.columns ?? []);
  return schema?.eventTime ?? known[0];
}

function tablePlan(name: string, scans: readonly ScanNode[], schema: TableSchema | undefined, root: PlanNode): TablePlan {
  const eventTime = eventTimeOf(scans, schema);
  const used = new Set(scans.flatMap(({ columns }) => columns.map((column) => column.name)));
  if (eventTime !== undefined) used.add(eventTime);
  const columns = [...(schema?.columns ?? scans.flatMap((scan) => scan.columns)), ingestionTime].filter((column) => used.has(column.name));
  const predicates = scanPredicates(root);
  return {
    name,
    eventTime,
    columns,
    evidenceColumns: (schema?.evidenceColumns ?? []).filter((column) => !used.has(column)),
    predicate: anyOf(scans.map((scan) => predicates.get(scan) ?? [])),
  };
}

/** Scans are grouped by table, in order of first mention. */
function toPlan(root: PlanNode, schemas: ReadonlyMap<string, TableSchema>): Plan {
  const scans = scansOf(root);
  const names = [...new Set(scans.map(({ table }) => table))];
  return {
    root,
    columns: columnsOf(root),
    tables: names.map((name) =>
      tablePlan(
        name,
        scans.filter(({ table }) => table === name),
        schemas.get(name),
        root,
      ),
    ),
  };
}

/**
 * A parsed query's plan and proofs, or the one problem for which it is refused. `inferred` are the result columns as Microsoft's binder has
 * them: where ours differ in name, order or type, the query is refused, for then we do not understand it.
 */
export function compileQuery(
  query: Query,
  inferred: readonly Column[] | undefined,
  database: DatabaseSchema,
  schemas: ReadonlyMap<string, TableSchema>,
): CompiledQuery | { readonly problem: QueryProblem } {
  let bound: PlanNode;
  try {
    bound = bindQuery(query, database);
    requireInferred(columnsOf(bound), inferred ?? [], query.body.span);
  } catch (error) {
    if (error instanceof QueryRefused) return { problem: error.problem };
    throw error;
  }
  const pruned = prune(bound);
  const whole = toPlan(pruned, schemas);
  const { proof, node } = splitByBin(pruned, (table) => whole.tables.find(({ name }) => name === table)?.eventTime);
  return { whole, scheduled: proof.splits ? toPlan(prune(node), schemas) : whole, split: proof, monotone: monotone(node) };
}
