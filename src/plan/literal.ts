import { decodeCell } from '../value/decode';
import { formatDynamicLiteral, parseDynamicLiteral } from '../value/dynamic-literal';
import { formatValue } from '../value/text';
import { noValue, type ScalarType, type Value } from '../value/types';
import type { Literal } from './plan';

/** The value of a literal. Throws RangeError where the text is not one of its type, which the compiler never writes. */
export function literalValue({ type, text }: Literal): Value {
  if (text === null) return noValue(type);
  const cell = type === 'bool' ? text === 'true' : type === 'real' ? Number(text) : text;
  const value = type === 'dynamic' ? parseDynamicLiteral(text) : decodeCell(type, cell);
  if (value === undefined) throw new RangeError(`not a ${type}: ${text}`);
  return value;
}

export function toLiteral(type: ScalarType, value: Value): Literal {
  if (value === null) return { kind: 'literal', type, text: null };
  return { kind: 'literal', type, text: type === 'dynamic' ? formatDynamicLiteral(value) : formatValue(type, value) };
}
