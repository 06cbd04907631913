import { columnsOf } from '../../plan/columns';
import { isOrdered } from '../../plan/nodes';
import type { Value } from '../../value/types';
import { compileAggregates } from '../aggregate';
import { compileExpression } from '../expression';
import { keyOf } from '../keys';
import type { Evaluate, Row } from '../run';

export const summarize: Evaluate<'summarize'> = ({ input, keys, aggregates }, [rows = []], { context }) => {
  const inputColumns = columnsOf(input);
  const keyTypes = keys.map(({ expr }) => expr.type);
  const keyEvaluators = keys.map(({ expr }) => compileExpression(expr, inputColumns, context));
  const groups = new Map<string, { readonly values: readonly Value[]; readonly rows: Row[] }>();
  if (keys.length === 0) groups.set('', { values: [], rows: [] });
  for (const row of rows) {
    const values = keyEvaluators.map((evaluate) => evaluate(row.values));
    const key = keyOf(keyTypes, values, 'group') ?? '';
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { values, rows: [row] });
    else group.rows.push(row);
  }
  const aggregate = compileAggregates(aggregates, inputColumns, context, isOrdered(input));
  return [...groups.values()].map((group) => ({
    values: [...group.values, ...aggregate(group.rows.map(({ values }) => values))],
    lineage: group.rows.map(({ lineage }) => lineage),
  }));
};
