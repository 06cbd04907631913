import type { SourceRow } from '../../src/engine/rows';
import { parseQuery } from '../../src/kql/parse';
import { compileQuery, type CompiledQuery } from '../../src/plan/compile-query';
import { databaseOf, type Schemas } from '../../src/plan/compile-rule';
import type { Plan, TablePlan } from '../../src/plan/plan';
import type { TableSchema } from '../../src/schema/schema';
import { decodeCell } from '../../src/value/decode';
import type { ScalarType, Value } from '../../src/value/types';

export function table(name: string, columns: Readonly<Record<string, ScalarType>>, more: Partial<TableSchema> = {}): TableSchema {
  return {
    name,
    source: [],
    eventTime: 'TimeGenerated' in columns ? 'TimeGenerated' : undefined,
    columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
    aliases: {},
    evidenceColumns: [],
    companions: {},
    callable: false,
    ...more,
  };
}

/** A table of process rows that is small enough to write down. */
export const processTable = table(
  'Proc',
  {
    TimeGenerated: 'datetime',
    Host: 'string',
    Account: 'string',
    Command: 'string',
    Pid: 'long',
    Level: 'int',
    Score: 'real',
    Bag: 'dynamic',
  },
  { evidenceColumns: ['Domain'] },
);

export function schemasOf(...tables: readonly TableSchema[]): Schemas {
  return new Map(tables.map((schema) => [schema.name, schema]));
}

/** Throws with the first problem where the query is refused. */
export async function compileText(text: string, schemas: Schemas = schemasOf(processTable)): Promise<CompiledQuery> {
  const database = databaseOf(schemas);
  const { query, columns, problems } = await parseQuery(text, database);
  if (query === undefined) throw new Error(problems.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const compiled = compileQuery(query, columns, database, schemas);
  if ('problem' in compiled) throw new Error(`${compiled.problem.code} ${compiled.problem.message}`);
  return compiled;
}

export type JsonRow = Readonly<Record<string, unknown>>;

export function sourceRow(plan: TablePlan, row: JsonRow): SourceRow {
  const values = plan.columns.map(({ name, type }): Value => {
    const value = decodeCell(type, row[name]);
    if (value === undefined) throw new Error(`${name} is not a ${type}`);
    return value;
  });
  return { table: plan.name, values, evidence: plan.evidenceColumns.map((name) => String(row[name] ?? '')) };
}

/** JSON rows of each table, typed for the plan. */
export function sourceRows(plan: Plan, tables: Readonly<Record<string, readonly JsonRow[]>>): (name: string) => readonly SourceRow[] {
  const typed = new Map(plan.tables.map((each) => [each.name, (tables[each.name] ?? []).map((row) => sourceRow(each, row))]));
  return (name) => typed.get(name) ?? [];
}
