import { aggregationFunctions } from '../functions/aggregates';
import type { EvaluationContext, RowValues } from '../functions/function';
import { resolveOverload } from '../functions/overload';
import type { Aggregate } from '../plan/plan';
import type { Column, Value } from '../value/types';
import { canonicalOrder } from './canonical-order';
import { compileExpression } from './expression';

/**
 * The aggregates of one group as a function of its rows, whose values stand in the order of `columns`. Rows may come in any order: where an
 * aggregate depends on it, they are put in canonical order first, unless `isSorted` says that the query itself has sorted them.
 * Throws TypeError where the plan is not of this version.
 */
export function compileAggregates(
  aggregates: readonly Aggregate[],
  columns: readonly Column[],
  context: EvaluationContext,
  isSorted = false,
): (rows: readonly RowValues[]) => readonly Value[] {
  const compiled = aggregates.map(({ fn, args }) => {
    const entry = aggregationFunctions.get(fn);
    const types = args.map(({ type }) => type);
    const overload = entry && resolveOverload(entry.overloads, types)?.overload;
    if (entry === undefined || overload === undefined)
      throw new TypeError(`the plan aggregates with ${fn}, which this engine lacks: rebuild the plan with this version`);
    const evaluators = args.map((arg) => compileExpression(arg, columns, context));
    const compute = (rows: readonly RowValues[]): Value =>
      overload.compute(
        rows.map((row) => evaluators.map((evaluate) => evaluate(row))),
        types,
      );
    return { compute, ordered: entry.ordered };
  });
  const sorts = !isSorted && compiled.some(({ ordered }) => ordered);
  const order = canonicalOrder(columns);
  return (rows) => {
    const inOrder = sorts ? [...rows].sort(order) : rows;
    return compiled.map(({ compute }) => compute(inOrder));
  };
}
