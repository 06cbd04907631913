import type { Column, Value } from '../../value/types';
import type { Instant } from '../../value/instant';
import { formatValue } from '../../value/text';
import { kqlName } from '../../plan/kql-text';
import { shortInstant } from '../time-text';
import { cutMiddle } from './cut-middle';

const MAX_VALUE = 80;

/** A value for people, cut in the middle where it is long. */
export function valueText(type: Column['type'], value: Value): string {
  if (value === null) return 'null';
  if (type === 'datetime') return shortInstant(value as Instant);
  const text = cutMiddle(formatValue(type, value), MAX_VALUE);
  return type === 'string' || type === 'dynamic' ? JSON.stringify(text) : text;
}

/** `Name = value` for each of the named columns of a row. */
export function cellsText(columns: readonly Column[], values: readonly Value[], names: ReadonlySet<string>): string {
  return columns
    .flatMap(({ name, type }, index) => (names.has(name) ? [`${kqlName(name)} = ${valueText(type, values[index] ?? null)}`] : []))
    .join(', ');
}
