import { compareValues } from '../functions/compare';
import { compareDynamic } from '../functions/dynamic-value';
import type { RowValues } from '../functions/function';
import type { Column, Value } from '../value/types';

/** A total order of values of one column: as Kusto orders them, then NaN, then nulls; dynamic values as array_sort_asc does. */
function compareCells(left: Value, right: Value): number {
  if (left === right) return 0;
  if (left === null || right === null) return left === null ? 1 : -1;
  if (typeof left !== 'object' && typeof left === typeof right) {
    const order = compareValues(left, right);
    return Number.isNaN(order) ? Number(Number.isNaN(left)) - Number(Number.isNaN(right)) : order;
  }
  return compareDynamic(left, right);
}

/**
 * The canonical order of rows, which stands wherever Kusto leaves a choice: the least row counts. By the datetimes first, in the order of the
 * columns, then by all other values. Rows that it holds equal are equal in every value.
 */
export function canonicalOrder(columns: readonly Column[]): (left: RowValues, right: RowValues) => number {
  const indices = columns.map((_, index) => index);
  const isTime = (index: number): boolean => columns[index]?.type === 'datetime';
  const order = [...indices.filter(isTime), ...indices.filter((index) => !isTime(index))];
  return (left, right) => {
    for (const index of order) {
      const difference = compareCells(left[index] ?? null, right[index] ?? null);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}
