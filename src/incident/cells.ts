import { formatValue, isArray, isBag } from '../value/text';
import type { Dynamic, ScalarType, Value } from '../value/types';
import type { EvidenceCell } from './incident';

function real(value: number): EvidenceCell {
  return Number.isFinite(value) ? value : String(value);
}

/** A dynamic value as JSON: a long beyond 2^53, NaN and the infinities, and the scalars that JSON lacks are text. */
function dynamicCell(value: Dynamic): EvidenceCell {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return real(value);
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (isArray(value)) return value.map(dynamicCell);
  if (isBag(value)) return Object.fromEntries([...value].map(([key, member]) => [key, dynamicCell(member)]));
  return formatValue('dynamic', value);
}

/** A cell for a message: exact text where a JSON number or string would not say the same. See EvidenceCell. */
export function toCell(type: ScalarType, value: Value): EvidenceCell {
  if (type === 'dynamic') return dynamicCell(value);
  if (value === null || typeof value === 'boolean') return value;
  return typeof value === 'number' ? real(value) : formatValue(type, value);
}
