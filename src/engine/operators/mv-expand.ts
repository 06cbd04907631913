import { columnsOf } from '../../plan/columns';
import type { MvExpandNode } from '../../plan/plan';
import { formatValue, isArray, isBag, isTagged } from '../../value/text';
import { noValue, type Dynamic, type ScalarType, type Value } from '../../value/types';
import { compileExpression } from '../expression';
import type { Evaluate, Row } from '../run';

/** Null counts as one element, an empty array or bag as none. */
function elementsOf(value: Dynamic, bagExpansion: MvExpandNode['bagExpansion']): readonly Dynamic[] {
  if (value !== null && isArray(value)) return value;
  if (value === null || !isBag(value)) return [value];
  return [...value].map(([key, item]): Dynamic => (bagExpansion === 'bag' ? new Map([[key, item]]) : [key, item]));
}

/**
 * An element as a value of a type, without conversion: null where it is of another kind. Only as a string anything can stand, by tostring().
 * https://learn.microsoft.com/kusto/query/mv-expand-operator
 */
function castElement(element: Dynamic, type: ScalarType): Value {
  switch (type) {
    case 'dynamic':
      return element;
    case 'string':
      return formatValue('dynamic', element);
    case 'bool':
      return typeof element === 'boolean' ? element : null;
    case 'int':
      return typeof element === 'bigint' && BigInt.asIntN(32, element) === element ? Number(element) : null;
    case 'long':
      return typeof element === 'bigint' ? element : null;
    case 'real':
      return typeof element === 'bigint' || typeof element === 'number' ? Number(element) : null;
    default: {
      if (!isTagged(element) || element.type !== type) return null;
      return element.type === 'decimal' ? element : element.value;
    }
  }
}

/** Arrays of one row are expanded in step; the shorter ones are filled with nulls. */
export const mvExpand: Evaluate<'mv-expand'> = ({ input, columns, bagExpansion, indexColumn, limit }, [rows = []], { context, hold }) => {
  const inputColumns = columnsOf(input);
  const evaluators = columns.map(({ expr }) => compileExpression(expr, inputColumns, context));
  return rows.flatMap(({ values, lineage }) => {
    const expanded = evaluators.map((evaluate) => elementsOf(evaluate(values), bagExpansion));
    const count = Math.min(Math.max(...expanded.map(({ length }) => length)), limit ?? Infinity);
    hold(count);
    return Array.from({ length: count }, (_, index): Row => {
      const elements = columns.map(({ type }, column) => {
        const element = expanded[column]?.[index] ?? null;
        return element === null ? noValue(type) : castElement(element, type);
      });
      return { values: [...values, ...elements, ...(indexColumn === undefined ? [] : [BigInt(index)])], lineage };
    });
  });
};
