import { compareValues } from '../../functions/compare';
import { resolveOverload } from '../../functions/overload';
import { windowFunctions } from '../../functions/window';
import { columnsOf } from '../../plan/columns';
import { isOrdered } from '../../plan/nodes';
import type { SortKey } from '../../plan/plan';
import type { Value } from '../../value/types';
import { compileExpression } from '../expression';
import { rowOrder } from '../row-order';
import type { Evaluate } from '../run';

/** Where a value stands: nulls outermost, then NaN, at the one end or at the other. */
const rank = (value: Value, { nullsFirst }: SortKey): number => (value === null ? 2 : Number.isNaN(value) ? 1 : 0) * (nullsFirst ? -1 : 1);

function compareKeys(left: Value, right: Value, key: SortKey): number {
  const difference = rank(left, key) - rank(right, key);
  if (difference !== 0 || left === null || right === null || Number.isNaN(left)) return difference;
  return compareValues(left, right) * (key.descending ? -1 : 1);
}

export const sort: Evaluate<'sort'> = ({ input, keys }, [rows = []], { context }) => {
  const columns = columnsOf(input);
  const evaluators = keys.map(({ expr }) => compileExpression(expr, columns, context));
  const canonical = rowOrder(columns);
  return rows
    .map((row) => ({ row, values: evaluators.map((evaluate) => evaluate(row.values)) }))
    .sort((left, right) => {
      for (const [index, key] of keys.entries()) {
        const order = compareKeys(left.values[index] ?? null, right.values[index] ?? null, key);
        if (order !== 0) return order;
      }
      return canonical(left.row, right.row);
    })
    .map(({ row }) => row);
};

export const take: Evaluate<'take'> = ({ input, count }, [rows = []]) =>
  (isOrdered(input) ? rows : [...rows].sort(rowOrder(columnsOf(input)))).slice(0, count);

export const window: Evaluate<'window'> = ({ input, columns }, [rows = []], { context }) => {
  const inputColumns = columnsOf(input);
  const computed = columns.map(({ fn, args }) => {
    const types = args.map(({ type }) => type);
    const overload = resolveOverload(windowFunctions.get(fn)?.overloads ?? [], types)?.overload;
    if (overload === undefined) throw new TypeError(`the plan calls ${fn}, which this engine lacks: rebuild the plan with this version`);
    const evaluators = args.map((arg) => compileExpression(arg, inputColumns, context));
    return overload.compute(rows.map(({ values }) => evaluators.map((evaluate) => evaluate(values))));
  });
  return rows.map(({ values, lineage }, row) => ({ values: [...values, ...computed.map((column) => column[row] ?? null)], lineage }));
};
