import { compareValues } from './compare';
import { isArray, isBag, isTagged } from '../value/text';
import type { Dynamic, DynamicArray, DynamicBag, ScalarType, Value } from '../value/types';

/** A cell of a typed column as it stands inside `dynamic`: scalars that JSON lacks keep their type. */
export function toDynamic(type: ScalarType, value: Value): Dynamic {
  if (value === null || type === 'string' || type === 'bool' || type === 'long' || type === 'real' || type === 'dynamic') return value;
  if (type === 'int') return BigInt(value as number);
  if (type === 'datetime' || type === 'timespan') return { type, value: value as bigint };
  return type === 'guid' ? { type, value: value as string } : value;
}

export function asArray(value: Value | undefined): DynamicArray | undefined {
  return value !== undefined && isArray(value) ? value : undefined;
}

export function asBag(value: Value | undefined): DynamicBag | undefined {
  return value !== undefined && isBag(value) ? value : undefined;
}

/** Equal exactly where two values inside `dynamic` are: bags whatever the order of their keys, a long and a real where they are the same number. */
export function dynamicKey(value: Dynamic): string {
  if (value === null) return '-';
  if (typeof value === 'string') return `s${JSON.stringify(value)}`;
  if (typeof value === 'number') return `n${String(Number.isInteger(value) ? BigInt(value) : value)}`;
  if (typeof value === 'bigint') return `n${value.toString()}`;
  if (typeof value === 'boolean') return `b${String(value)}`;
  if (isArray(value)) return `[${value.map(dynamicKey).join()}]`;
  if (isBag(value)) {
    const slots = [...value].map(([key, item]) => `${JSON.stringify(key)}:${dynamicKey(item)}`);
    return `{${slots.sort().join()}}`;
  }
  return `${value.type}:${String(value.value)}`;
}

/** Numbers and times, strings, guids, all else: the documented order of unlike elements; nulls last. */
export function dynamicRank(value: Dynamic): number {
  if (value === null) return 4;
  if (typeof value === 'number' || typeof value === 'bigint') return 0;
  if (typeof value === 'string') return 1;
  return isTagged(value) ? (value.type === 'guid' ? 2 : 0) : 3;
}

/**
 * A total order of values inside `dynamic`, equal exactly where dynamicKey is.
 * Source of the order of unlike values: https://learn.microsoft.com/kusto/query/array-sort-asc-function
 */
export function compareDynamic(left: Dynamic, right: Dynamic): number {
  const difference = dynamicRank(left) - dynamicRank(right);
  if (difference !== 0 || left === null || right === null) return difference;
  const order =
    typeof left !== 'object' && typeof right !== 'object' && dynamicRank(left) < 3
      ? compareValues(left, right)
      : compareTagged(left, right);
  if (order !== undefined && order !== 0 && !Number.isNaN(order)) return order;
  const [a, b] = [dynamicKey(left), dynamicKey(right)];
  return a < b ? -1 : Number(a > b);
}

function compareTagged(left: Dynamic, right: Dynamic): number | undefined {
  if (left === null || right === null || !isTagged(left) || !isTagged(right) || left.type !== right.type) return undefined;
  return left.type === 'decimal' ? compareValues(left, right) : compareValues(left.value, right.value);
}
