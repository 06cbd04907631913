import { evaluate } from '../../src/engine/evaluate';
import type { SourceRow } from '../../src/engine/rows';
import { parseQuery } from '../../src/kql/parse';
import { compileQuery } from '../../src/plan/compile-query';
import type { Plan } from '../../src/plan/plan';
import type { TableSchema } from '../../src/schema/schema';
import { decodeCell } from '../../src/value/decode';
import { instant } from '../../src/value/instant';
import { formatJson, formatValue } from '../../src/value/text';
import type { Column, ScalarType, Value } from '../../src/value/types';

/** Queries over one table T, through the whole way: parsed, bound, evaluated. */

export type Columns = Readonly<Record<string, ScalarType>>;
export type Cells = Readonly<Record<string, unknown>>;

export const NOW = instant('2026-03-10T12:00:00Z');

function tableOf(columns: Columns): TableSchema {
  const described = Object.entries(columns).map(([name, type]) => ({ name, type }));
  return {
    name: 'T',
    columns: described,
    callable: false,
    source: [],
    eventTime: undefined,
    aliases: {},
    companions: {},
    evidenceColumns: [],
  };
}

/** The plan; rejects with the code and message of the problem where the query is refused. */
export async function compile(query: string, columns: Columns): Promise<Plan> {
  const table = tableOf(columns);
  const parsed = await parseQuery(query, { tables: [table] });
  const [problem] = parsed.problems;
  if (parsed.query === undefined) throw new Error(`${problem?.code ?? ''} ${problem?.message ?? ''}`);
  const compiled = compileQuery(parsed.query, parsed.columns, { tables: [table] }, new Map([['T', table]]));
  if ('problem' in compiled) throw new Error(`${compiled.problem.code} ${compiled.problem.message}`);
  return compiled.whole;
}

/** null, tostring(), or for a dynamic value its JSON. */
export function show({ type }: Column, value: Value): string | null {
  if (value === null) return null;
  return type === 'dynamic' ? formatJson(value) : formatValue(type, value);
}

/** The rows of the result, each as its columns' texts. */
export async function runQuery(query: string, columns: Columns, rows: readonly Cells[]): Promise<readonly (readonly (string | null)[])[]> {
  const plan = await compile(query, columns);
  const read = plan.tables[0]?.columns ?? [];
  const source = rows.map((row): SourceRow => {
    const values = read.map(({ name, type }) => {
      const value = decodeCell(type, row[name]);
      if (value === undefined) throw new TypeError(`${name} is no ${type}`);
      return value;
    });
    return { table: 'T', values, evidence: [] };
  });
  const result = evaluate(plan, () => source, { now: NOW });
  return result.rows.map(({ values }) => result.columns.map((column, index) => show(column, values[index] ?? null)));
}

/** One value of an expression, and its type: over one row whose columns are what the expression may name. */
export async function evaluateExpression(expression: string): Promise<readonly [ScalarType | undefined, string | null | undefined]> {
  const query = `T | project X = ${expression}`;
  const plan = await compile(query, exampleColumns);
  const [row] = await runQuery(query, exampleColumns, [exampleRow]);
  return [plan.columns[0]?.type, row?.[0]];
}

/** One column of each type with a value, and one of each without. */
export const exampleColumns: Columns = {
  s: 'string',
  i: 'int',
  l: 'long',
  r: 'real',
  m: 'decimal',
  t: 'datetime',
  p: 'timespan',
  g: 'guid',
  b: 'bool',
  d: 'dynamic',
  a: 'dynamic',
  s0: 'string',
  i0: 'int',
  l0: 'long',
  r0: 'real',
  t0: 'datetime',
  p0: 'timespan',
  b0: 'bool',
  d0: 'dynamic',
};

const exampleRow: Cells = {
  s: 'Net User.exe',
  i: 5,
  l: 7,
  r: 2.5,
  m: '1.50',
  t: '2026-03-10T10:20:30.1234567Z',
  p: '1.02:03:04',
  g: '74be27de-1e4e-49d9-b579-fe0b331d3642',
  b: true,
  d: { name: 'Ann', n: 2, half: 0.5, yes: true, none: null, tags: ['x', 'y'], 'odd key': { deep: [10, 20] } },
  a: [3, 'b', null, 1.5, 'a', 3],
};
