import type { Argument, Evaluator, RowValues } from '../../functions/function';
import { elementsOf } from '../../functions/compare';
import { resolveOverload } from '../../functions/overload';
import { scalarFunctions } from '../../functions/scalar';
import { columnsOf } from '../../plan/columns';
import { isOrdered } from '../../plan/nodes';
import type { MembershipNode } from '../../plan/plan';
import { noValue, type ScalarType, type Value } from '../../value/types';
import { compileExpression } from '../expression';
import { keyOf } from '../keys';
import type { Lineage } from '../lineage';
import { leastRow } from '../row-order';
import type { Evaluate, Rows, Run } from '../run';

/** A scalar is a threshold, not evidence: the rows that it was computed from stay out of the lineage, which could be a whole table otherwise. */
export const toscalar: Evaluate<'toscalar'> = ({ query, type }, [rows = [], results = []]) => {
  const first = isOrdered(query) ? results[0] : leastRow(results, columnsOf(query));
  const value = first === undefined ? noValue(type) : (first.values[0] ?? null);
  return rows.map(({ values, lineage }) => ({ values: [...values, value], lineage }));
};

/** Whether a value is among constants, as the scalar function of that name says of a list that is written out; nothing is in an empty list. */
function compileTest({ fn, value, input }: MembershipNode, constants: readonly Value[], { context }: Run): Evaluator {
  if (constants.length === 0) return () => fn.startsWith('!');
  const { type } = value;
  const subject: Argument = { type, constant: undefined, at: compileExpression(value, columnsOf(input), context) };
  const items = constants.map((constant): Argument => ({ type, constant, at: () => constant }));
  const overloads = scalarFunctions.get(fn)?.overloads ?? [];
  const overload = resolveOverload(overloads, [type, ...items.map((item) => item.type)])?.overload;
  if (overload === undefined) throw new TypeError(`the plan calls ${fn}, which this engine lacks: rebuild the plan with this version`);
  return overload.prepare([subject, ...items], context);
}

interface Found {
  readonly value: Value;
  readonly lineages: Lineage[];
}

/**
 * The distinct values of a query's only column but null, which equals nothing; under ~ those that differ in case are one. Of a dynamic column
 * the strings, also those in arrays.
 */
function distinctValues(results: Rows, type: ScalarType, keyOfValue: (value: Value) => string): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  for (const { values, lineage } of results) {
    const cell = values[0] ?? null;
    const items = type === 'dynamic' ? elementsOf(cell).filter((item) => typeof item === 'string') : [cell];
    for (const value of items) {
      if (value === null) continue;
      const key = keyOfValue(value);
      const same = found.get(key);
      if (same === undefined) found.set(key, { value, lineages: [lineage] });
      else same.lineages.push(lineage);
    }
  }
  return found;
}

/** A row that is found among the values has the lineage of those, too; one that is not, or is asked not to be, has its own. */
export const membership: Evaluate<'in'> = (node, [rows = [], results = []], run) => {
  const { fn, value, input } = node;
  const fold = (cell: Value): Value => (fn.endsWith('~') && typeof cell === 'string' ? cell.toLowerCase() : cell);
  const keyOfValue = (cell: Value): string => keyOf([value.type], [fold(cell)], 'group') ?? '';
  const distinct = distinctValues(results, columnsOf(node.query)[0]?.type ?? value.type, keyOfValue);
  const constants = [...distinct.values()].map((found) => found.value);
  const holds = compileTest(node, constants, run);
  const subject = compileExpression(value, columnsOf(input), run.context);
  // Equality finds its value by key; has_any asks each.
  const tests = fn === 'has_any' ? [...distinct.values()].map((found) => ({ found, holds: compileTest(node, [found.value], run) })) : [];
  const partners = (row: RowValues): readonly Lineage[] => {
    if (fn !== 'has_any') return distinct.get(keyOfValue(subject(row)))?.lineages ?? [];
    return tests.filter((test) => test.holds(row) === true).flatMap(({ found }) => found.lineages);
  };
  return rows.map(({ values, lineage }) => {
    const result = holds(values);
    const isFound = result === true && !fn.startsWith('!');
    return { values: [...values, result], lineage: isFound ? [lineage, partners(values)] : lineage };
  });
};
