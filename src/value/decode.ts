import { parseInstant } from './instant';
import { parseTimespan } from './timespan';
import { noValue, type Dynamic, type ScalarType, type Value } from './types';

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^([+-]?)0*(\d+?)(?:\.(\d*?)0*)?$/;
const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;

/** A bigint within `bits` bits, two's complement, or undefined. */
function decodeInteger(cell: unknown, bits: bigint): bigint | undefined {
  const exact =
    typeof cell === 'bigint' ||
    (typeof cell === 'number' && Number.isSafeInteger(cell)) ||
    (typeof cell === 'string' && INTEGER.test(cell.trim()));
  if (!exact) return undefined;
  const integer = BigInt(cell);
  const limit = 2n ** (bits - 1n);
  return integer >= -limit && integer < limit ? integer : undefined;
}

/** A decimal's canonical text: no sign but `-`, no leading or trailing zeros. Undefined where the text is not a decimal. */
export function canonicalDecimal(text: string): string | undefined {
  const match = DECIMAL.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, whole = '0', fraction = ''] = match;
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return sign === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits;
}

function decodeDecimal(cell: unknown): Value | undefined {
  const text = canonicalDecimal(String(cell));
  return text === undefined ? undefined : { type: 'decimal', value: text };
}

function decodeReal(cell: unknown): number | undefined {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') return Number(cell);
  if (cell === 'NaN' || cell === 'Infinity' || cell === '-Infinity') return Number(cell);
  return undefined;
}

/** A parsed JSON value as dynamic: whole numbers become longs. */
export function decodeDynamic(cell: unknown): Dynamic | undefined {
  if (cell === null || typeof cell === 'boolean' || typeof cell === 'string' || typeof cell === 'bigint') return cell;
  if (typeof cell === 'number') return Number.isSafeInteger(cell) ? BigInt(cell) : cell;
  if (Array.isArray(cell)) return cell.map((item) => decodeDynamic(item) ?? null);
  if (cell instanceof Map) return new Map([...(cell as Map<string, unknown>)].map(([key, item]) => [key, decodeDynamic(item) ?? null]));
  if (typeof cell === 'object') return new Map(Object.entries(cell).map(([key, item]) => [key, decodeDynamic(item) ?? null]));
  return undefined;
}

/** The guid's canonical form, lower case with hyphens, or undefined. */
export function parseGuid(text: string): string | undefined {
  return GUID.exec(text.trim())?.[1]?.toLowerCase();
}

/**
 * A JSON cell as a value of the column's type; undefined where it is not one. Null, a missing cell, and '' in a column that is not string
 * are null ('' in a string column). Numbers may come as text, as tostring() gives them; integers beyond 2^53 only so, or as bigint.
 */
export function decodeCell(type: ScalarType, cell: unknown): Value | undefined {
  if (cell === null || cell === undefined) return noValue(type);
  if (type === 'string') return typeof cell === 'string' ? cell : undefined;
  if (type === 'dynamic') return decodeDynamic(cell);
  if (cell === '') return null;
  switch (type) {
    case 'bool':
      if (typeof cell === 'boolean') return cell;
      if (cell === 1 || cell === 1n) return true;
      return cell === 0 || cell === 0n ? false : undefined;
    case 'int': {
      const integer = decodeInteger(cell, 32n);
      return integer === undefined ? undefined : Number(integer);
    }
    case 'long':
      return decodeInteger(cell, 64n);
    case 'real':
      return decodeReal(cell);
    case 'decimal':
      return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'bigint' ? decodeDecimal(cell) : undefined;
    case 'datetime':
      return typeof cell === 'string' ? parseInstant(cell) : undefined;
    case 'timespan':
      return typeof cell === 'string' ? parseTimespan(cell) : undefined;
    case 'guid':
      return typeof cell === 'string' ? parseGuid(cell) : undefined;
  }
}
