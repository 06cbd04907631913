import { isAggregate } from '../bind-expression';
import { columnsOf } from '../columns';
import { expandAggregates } from '../expand-aggregates';
import type { Aggregate, PlanNode } from '../plan';
import { bindProjections, keep, type BindOperator } from './binding';

export const bindSummarize: BindOperator<'summarize'> = ({ aggregates: wanted, by, span }, input, binding) => {
  const scope = binding.scope(columnsOf(input));
  const keys = bindProjections(by, scope, new Set());
  const aggregates: Aggregate[] = [];
  const named = bindProjections(
    expandAggregates(wanted, by, scope.columns),
    {
      // Outside of an aggregate only the keys are to be had; Microsoft's binder has checked that.
      ...scope,
      aggregate: (fn, args, type) => {
        const name = `$${aggregates.length}`;
        aggregates.push({ name, fn, args, type });
        return { kind: 'column', name, type };
      },
    },
    new Set(keys.map(({ name }) => name)),
  );
  const direct = named.map(({ name, expr }) => {
    const aggregate = isAggregate(expr, aggregates);
    return aggregate === undefined ? undefined : { ...aggregate, name };
  });
  const finished = direct.filter((aggregate) => aggregate !== undefined);
  if (finished.length === named.length) return { kind: 'summarize', input, keys, aggregates: finished, span };
  // An expression over aggregates is computed after them.
  const inner: PlanNode = { kind: 'summarize', input, keys, aggregates, span };
  const keyColumns = keys.map(({ name, expr }) => keep({ name, type: expr.type }));
  return { kind: 'project', input: inner, columns: [...keyColumns, ...named], span };
};

export const bindDistinct: BindOperator<'distinct'> = ({ columns, span }, input, binding) => {
  const inputColumns = columnsOf(input);
  const keys = columns === undefined ? inputColumns.map(keep) : bindProjections(columns, binding.scope(inputColumns), new Set());
  return { kind: 'summarize', input, keys, aggregates: [], span };
};

export const bindCountOperator: BindOperator<'count'> = ({ span }, input) => ({
  kind: 'summarize',
  input,
  keys: [],
  aggregates: [{ name: 'Count', fn: 'count', args: [], type: 'long' }],
  span,
});
