import { evaluate } from '../../engine/evaluate';
import type { Evaluation, ResultRow } from '../../engine/rows';
import { textTable } from '../../local/text-table';
import type { Plan } from '../../plan/plan';
import type { Instant } from '../../value/instant';
import { formatJson, formatValue } from '../../value/text';
import type { ScalarType, Value } from '../../value/types';
import type { Rows } from './rule-run';

/** The rows that the query gives over all rows at once, in its order. Throws EvaluationLimit where it holds too many in between. */
export function resultOf(plan: Plan, rows: Rows, now: Instant): Evaluation {
  return evaluate(plan, (name) => rows.get(name) ?? [], { now });
}

/** As a table's row is read again: numbers as JSON's, longs in all their digits; datetime, timespan, guid and decimal as text. */
function jsonCell(type: ScalarType, value: Value): string {
  if (value === null) return 'null';
  if (type === 'int') return formatValue(type, value);
  const asText = type === 'datetime' || type === 'timespan' || type === 'guid' || type === 'decimal';
  return formatJson(asText ? formatValue(type, value) : value);
}

/** One JSON object, its members in the order of the columns. */
export function resultLine({ columns }: Evaluation, values: readonly Value[]): string {
  const members = columns.map(({ name, type }, index) => `${JSON.stringify(name)}:${jsonCell(type, values[index] ?? null)}`);
  return `{${members.join(',')}}`;
}

/** For people: tostring() of each cell, line breaks and other control characters as JSON writes them. */
export function resultTable({ columns, rows }: Evaluation): string {
  const escaped = (text: string): string => text.replace(/\p{Cc}/gu, (unit) => JSON.stringify(unit).slice(1, -1));
  const numeric = (type: ScalarType): boolean => type === 'int' || type === 'long' || type === 'real' || type === 'decimal';
  return textTable<ResultRow>(
    columns.map(({ name, type }, index) => ({
      title: name,
      text: ({ values }) => escaped(formatValue(type, values[index] ?? null)),
      align: numeric(type) ? 'right' : 'left',
    })),
    rows,
  );
}
