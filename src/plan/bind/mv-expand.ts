import type { MvExpandColumn } from '../../kql/ast';
import { unsupported } from '../../kql/problem';
import type { ScalarType } from '../../value/types';
import { bindExpression, type Scope } from '../bind-expression';
import { columnsOf } from '../columns';
import type { Expr, NamedExpr } from '../plan';
import { bindCount, columnRef, extended, type BindOperator } from './binding';

interface Expanded {
  readonly name: string;
  readonly expr: Expr;
  readonly type: ScalarType;
}

function bindColumn({ name, autoName, value, toType, span }: MvExpandColumn, scope: Scope): Expanded {
  const expr = bindExpression(value, scope);
  const given = name ?? (value.kind === 'name' ? value.name : autoName);
  if (given === undefined || given.startsWith('$')) throw unsupported(span, 'mv-expand of a value without a name', 'Write Name = ….');
  if (expr.type !== 'dynamic') throw unsupported(span, `mv-expand of ${expr.type}`);
  return { name: given, expr, type: toType ?? 'dynamic' };
}

/** The elements come as columns of the plan's own names; a projection puts them where they belong. */
export const bindMvExpand: BindOperator<'mv-expand'> = ({ columns: wanted, bagExpansion, indexColumn, limit, span }, input, binding) => {
  const columns = columnsOf(input);
  const scope = binding.scope(columns);
  const expanded = wanted.map((column) => bindColumn(column, scope));
  const names = [...expanded.map(({ name }) => name), ...(indexColumn === undefined ? [] : [indexColumn])];
  const clash = names.find((name, index) => names.indexOf(name) !== index);
  if (clash !== undefined || (indexColumn !== undefined && columns.some(({ name }) => name === indexColumn))) {
    throw unsupported(span, `mv-expand of two columns named ${clash ?? indexColumn ?? ''}`, 'Give each a name of its own.');
  }
  const own = (index: number): string => `$${index}`;
  const placed = expanded.map(({ name, type }, index): NamedExpr => ({ name, expr: columnRef({ name: own(index), type }) }));
  const position = own(expanded.length);
  const placedIndex: readonly NamedExpr[] =
    indexColumn === undefined ? [] : [{ name: indexColumn, expr: columnRef({ name: position, type: 'long' }) }];
  return {
    kind: 'project',
    input: {
      kind: 'mv-expand',
      input,
      columns: expanded.map(({ expr, type }, index) => ({ name: own(index), expr, type })),
      bagExpansion,
      indexColumn: indexColumn === undefined ? undefined : position,
      limit: limit === undefined ? undefined : bindCount(limit, binding),
      span,
    },
    columns: extended(columns, [...placed, ...placedIndex]),
    span,
  };
};
