import type { Ordering } from '../../kql/ast';
import { unsupported } from '../../kql/problem';
import type { ScalarType } from '../../value/types';
import { bindExpression } from '../bind-expression';
import { columnsOf } from '../columns';
import { isOrdered } from '../nodes';
import type { PlanNode, SortKey } from '../plan';
import { bindCount, bindProjections, extended, type Binding, type BindOperator } from './binding';

/** Types whose order Kusto states. */
const sortable: readonly ScalarType[] = ['bool', 'int', 'long', 'real', 'decimal', 'string', 'datetime', 'timespan'];

function bindKey({ value, descending, nullsFirst, span }: Ordering, input: PlanNode, binding: Binding): SortKey {
  const expr = bindExpression(value, binding.scope(columnsOf(input)));
  if (!sortable.includes(expr.type)) throw unsupported(span, `An order of ${expr.type} values`);
  return { expr, descending, nullsFirst };
}

export const bindSort: BindOperator<'sort'> = ({ by, span }, input, binding) => ({
  kind: 'sort',
  input,
  keys: by.map((each) => bindKey(each, input, binding)),
  span,
});

/** The first rows of those that a sort puts in order. */
export const bindTop: BindOperator<'top'> = ({ count, by, span }, input, binding) => ({
  kind: 'take',
  input: { kind: 'sort', input, keys: [bindKey(by, input, binding)], span },
  count: bindCount(count, binding),
  span,
});

export const bindTake: BindOperator<'take'> = ({ count, span }, input, binding) => ({
  kind: 'take',
  input,
  count: bindCount(count, binding),
  span,
});

/** Makes rows ordered that are not yet, and extends them. */
export const bindSerialize: BindOperator<'serialize'> = ({ columns: projections, span }, input, binding) => {
  const columns = columnsOf(input);
  const taken = new Set(columns.map(({ name }) => name));
  const clash = projections.find(({ name }) => name !== undefined && taken.has(name));
  if (clash !== undefined)
    throw unsupported(clash.span, `serialize of a column ${clash.name ?? ''} that exists`, 'Give it a name of its own.');
  const ordered: PlanNode = isOrdered(input) ? input : { kind: 'sort', input, keys: [], span };
  if (projections.length === 0) return ordered;
  return { kind: 'project', input: ordered, columns: extended(columns, bindProjections(projections, binding.scope(columns), taken)), span };
};
