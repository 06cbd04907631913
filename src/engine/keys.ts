import { formatValue } from '../value/text';
import type { ScalarType, Value } from '../value/types';

/**
 * Values as one text that is equal exactly where all values are: exact, case-sensitive, ordinal. For group keys and join keys.
 * Undefined where `nullKey` is 'none' and a value is null: null equals nothing, so such a row joins with none.
 */
export function keyOf(types: readonly ScalarType[], values: readonly Value[], nullKey: 'group' | 'none'): string | undefined {
  let key = '';
  for (const [index, value] of values.entries()) {
    if (value === null) {
      if (nullKey === 'none') return undefined;
      key += '-;';
      continue;
    }
    const text =
      typeof value === 'string' ? value : typeof value === 'bigint' ? value.toString() : formatValue(types[index] ?? 'string', value);
    key += `${text.length}:${text};`;
  }
  return key;
}
