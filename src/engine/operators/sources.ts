import { literalValue } from '../../plan/literal';
import { compileExpression } from '../expression';
import type { Evaluate, Row } from '../run';

export const scan: Evaluate<'scan'> = ({ scan: number, table, columns }, _, { plan, tables }) => {
  const read = plan.tables.find(({ name }) => name === table)?.columns ?? [];
  const indices = columns.map(({ name }) => read.findIndex((column) => column.name === name));
  return tables(table).map((row) => ({ values: indices.map((index) => row.values[index] ?? null), lineage: { scan: number, row } }));
};

export const values: Evaluate<'values'> = ({ rows }) => rows.map((row) => ({ values: row.map(literalValue), lineage: [] }));

/** Both ends included; no rows where an end is null. */
export const range: Evaluate<'range'> = ({ from, to, step }, _, { context, hold }) => {
  const [first, last, width] = [from, to, step].map((expr) => compileExpression(expr, [], context)([]));
  const rows: Row[] = [];
  if (typeof first !== 'bigint' || typeof last !== 'bigint' || typeof width !== 'bigint') return rows;
  for (let value = first; value <= last; value += width) {
    hold(1);
    rows.push({ values: [value], lineage: [] });
  }
  return rows;
};
