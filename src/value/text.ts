import { formatInstant, type Instant } from './instant';
import { formatTimespan } from './timespan';
import type { Dynamic, DynamicArray, DynamicBag, ScalarType, Tagged, Value } from './types';

export function isArray(value: Dynamic): value is DynamicArray {
  return Array.isArray(value);
}

export function isBag(value: Dynamic): value is DynamicBag {
  return value instanceof Map;
}

export function isTagged(value: Dynamic): value is Tagged {
  return typeof value === 'object' && value !== null && !isArray(value) && !isBag(value);
}

function formatReal(real: number): string {
  return Number.isInteger(real) && Math.abs(real) < 1e15 ? real.toFixed(1) : String(real);
}

function formatTagged(tagged: Tagged): string {
  switch (tagged.type) {
    case 'datetime':
      return formatInstant(tagged.value as Instant);
    case 'timespan':
      return formatTimespan(tagged.value);
    case 'guid':
    case 'decimal':
      return tagged.value;
  }
}

/** Compact JSON of a dynamic value, bags in their own order; scalars that JSON lacks as strings. */
export function formatJson(value: Dynamic): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? formatReal(value) : JSON.stringify(String(value));
  if (typeof value !== 'object') return String(value);
  if (isArray(value)) return `[${value.map(formatJson).join(',')}]`;
  if (isBag(value)) return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${formatJson(item)}`).join(',')}}`;
  return value.type === 'decimal' ? value.value : JSON.stringify(formatTagged(value));
}

/**
 * Kusto's tostring(): '' for null; seven fraction digits in a datetime; of a dynamic value a string's own text, and JSON for an array or bag.
 * https://learn.microsoft.com/kusto/query/tostring-function
 */
export function formatValue(type: ScalarType, value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return type === 'int' ? String(value) : formatReal(value);
  if (typeof value === 'bigint') {
    if (type === 'datetime') return formatInstant(value as Instant);
    return type === 'timespan' ? formatTimespan(value) : value.toString();
  }
  return isTagged(value) ? formatTagged(value) : formatJson(value);
}
