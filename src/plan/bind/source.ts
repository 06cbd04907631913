import type { DatatableExpression, Expression, PrintExpression, RangeExpression } from '../../kql/ast';
import { unsupported } from '../../kql/problem';
import type { ScalarType } from '../../value/types';
import { bindExpression, narrowed, widen, type Scope } from '../bind-expression';
import { literalValue } from '../literal';
import type { Expr, Literal, PlanNode } from '../plan';

/** Tables that a query makes itself. `scope` knows no columns. */

function bindCell(value: Expression, type: ScalarType, scope: Scope): Literal {
  const bound = bindExpression(value, scope);
  const isWidened = (bound.type === 'int' || bound.type === 'long') && (type === 'long' || type === 'real');
  const cell = type === 'int' ? narrowed(bound) : isWidened ? widen(bound, type) : bound;
  if (cell.kind !== 'literal' || cell.type !== type)
    throw unsupported(value.span, `A value of type ${cell.type} in a column of type ${type}`);
  return cell;
}

export function bindDatatable({ columns, values, span }: DatatableExpression, scope: Scope): PlanNode {
  if (values.length % columns.length !== 0) throw unsupported(span, 'A datatable whose last row lacks values');
  const cells = values.map((value, index) => bindCell(value, columns[index % columns.length]?.type ?? 'string', scope));
  const rows = Array.from({ length: cells.length / columns.length }, (_, row) =>
    cells.slice(row * columns.length, (row + 1) * columns.length),
  );
  return { kind: 'values', columns, rows, span };
}

/** Columns without a name are print_0, print_1, … by their position. */
export function bindPrint({ columns, span }: PrintExpression, scope: Scope): PlanNode {
  const named = columns.map(({ name, value }, index) => ({ name: name ?? `print_${index}`, expr: bindExpression(value, scope) }));
  return { kind: 'project', input: { kind: 'values', columns: [], rows: [[]], span }, columns: named, span };
}

const isInteger = ({ type }: Expr): boolean => type === 'int' || type === 'long';

/** Real steps are refused, since their sums are not exact, and any step that is not above zero. */
export function bindRange({ name, from, to, step, span }: RangeExpression, scope: Scope): PlanNode {
  const bound = [from, to, step].map((each) => bindExpression(each, scope));
  const [first, last, by] = bound.every(isInteger) ? bound.map((each) => widen(each, 'long')) : bound;
  const refuse = (what: string): never => {
    throw unsupported(span, what);
  };
  if (first === undefined || last === undefined || by === undefined) return refuse('This form of range');
  const isTime = first.type === 'datetime' || first.type === 'timespan';
  if (first.type !== last.type || by.type !== (isTime ? 'timespan' : first.type) || (!isTime && first.type !== 'long')) {
    return refuse(`A range from ${first.type} to ${last.type} by ${by.type}`);
  }
  const width = by.kind === 'literal' ? literalValue(by) : null;
  if (typeof width !== 'bigint' || width <= 0n) return refuse('A range whose step is not a constant above zero');
  return { kind: 'range', column: { name, type: first.type }, from: first, to: last, step: by, span };
}
