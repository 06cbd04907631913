import { callable, nullable, strict, textAt, type Overload, type ScalarFunction } from './function';
import { canonicalDecimal, decodeCell, parseGuid } from '../value/decode';
import { parseDocumentedInstant } from '../value/documented-instant';
import { TICKS_PER_DAY } from '../value/instant';
import { isTagged } from '../value/text';
import { parseTimespan } from '../value/timespan';
import type { ScalarType, Value } from '../value/types';

/** Casts. What cannot be converted is null, never an error. A dynamic value is converted as the scalar that it holds. */

const REAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;

const HEXADECIMAL = /^0x[0-9a-f]{1,16}$/i;
/** Digits, with or without a fraction. */
const FIXED_POINT = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/** The whole part of a number in a text; undefined where the text is not a number. */
function wholePart(text: string): bigint | undefined {
  if (HEXADECIMAL.test(text)) return BigInt.asIntN(64, BigInt(text));
  const [, sign, digits = '', fraction = ''] = FIXED_POINT.exec(text) ?? [];
  if (sign !== undefined && digits + fraction !== '') return BigInt(`${sign === '-' ? '-' : ''}${digits === '' ? '0' : digits}`);
  const real = REAL.test(text) ? Number(text) : NaN;
  return Number.isFinite(real) ? BigInt(Math.trunc(real)) : undefined;
}

/** A whole number within 32 or 64 bits, in its type's form. */
function toInteger(type: 'int' | 'long', value: Value): Value {
  if (typeof value === 'boolean') return type === 'int' ? Number(value) : BigInt(value);
  const whole = typeof value === 'string' ? wholePart(value.trim()) : typeof value === 'number' ? wholeOf(value) : value;
  return typeof whole === 'bigint' ? (decodeCell(type, whole) ?? null) : null;
}

const wholeOf = (real: number): bigint | undefined => (Number.isFinite(real) ? BigInt(Math.trunc(real)) : undefined);

function toReal(value: Value): Value {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  return typeof value === 'string' && REAL.test(value.trim()) ? Number(value) : null;
}

function toBool(value: Value): Value {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'bigint') return value !== 0n;
  if (typeof value !== 'string') return null;
  const text = value.trim().toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  return INTEGER.test(text) ? BigInt(text) !== 0n : null;
}

/** A bare whole number counts days, as in the literal timespan(2). */
const toSpan = (text: string): bigint | undefined => (INTEGER.test(text) ? BigInt(text) * TICKS_PER_DAY : parseTimespan(text));

const toTime = (type: 'datetime' | 'timespan', value: Value): Value => {
  if (typeof value === 'string') return (type === 'datetime' ? parseDocumentedInstant(value) : toSpan(value.trim())) ?? null;
  return value !== null && isTagged(value) && value.type === type ? value.value : null;
};

function toDecimal(value: Value): Value {
  if (value !== null && isTagged(value)) return value.type === 'decimal' ? value : null;
  const text = typeof value === 'string' || typeof value === 'bigint' ? canonicalDecimal(String(value)) : undefined;
  return text === undefined ? null : { type: 'decimal', value: text };
}

/** 32 hexadecimal digits, wherever hyphens stand between them, as toguid()'s documentation has it. */
function looseGuid(text: string): string | undefined {
  const digits = text.trim().replaceAll('-', '');
  return parseGuid(digits.replace(/^(\w{8})(\w{4})(\w{4})(\w{4})(\w{12})$/, '$1-$2-$3-$4-$5'));
}

function toGuid(value: Value): Value {
  if (typeof value === 'string') return parseGuid(value) ?? looseGuid(value) ?? null;
  return value !== null && isTagged(value) && value.type === 'guid' ? value.value : null;
}

function cast(
  name: string,
  to: ScalarType,
  meaning: string,
  from: readonly ScalarType[],
  convert: (value: Value) => Value,
): ScalarFunction {
  const same: Overload = { parameters: [to], result: to, prepare: nullable((value) => value ?? null) };
  const others = [...from, 'dynamic' as const].map((type): Overload => ({ parameters: [type], result: to, prepare: strict(convert) }));
  return callable(name, meaning, [same, ...others]);
}

const whole = 'null for a text that is not a number, and outside its bits; a fraction is cut, 0x… is hexadecimal.';
const real = 'null for a text that is not a number; a long beyond 2^53 is rounded.';
const bool = 'true and false in any case, and numbers, of which 0 is false; null for any other text.';

export const conversionFunctions: readonly ScalarFunction[] = [
  callable(
    'tostring',
    "'' for null; a datetime with seven fraction digits; an array or a bag as compact JSON, a string in `dynamic` as it is.",
    [{ parameters: ['any'], result: 'string', prepare: ([arg]) => (arg?.type === 'string' ? arg.at : textAt(arg)) }],
  ),
  cast('toint', 'int', whole, ['long', 'real', 'bool', 'string'], (value) => toInteger('int', value)),
  cast(
    'tolong',
    'long',
    `${whole} Of a timespan or a datetime its ticks of 100 ns.`,
    ['int', 'real', 'bool', 'string', 'timespan', 'datetime'],
    (value) => toInteger('long', value),
  ),
  cast('toreal', 'real', real, ['int', 'long', 'bool', 'string'], toReal),
  cast('todouble', 'real', 'the same as toreal.', ['int', 'long', 'bool', 'string'], toReal),
  cast('tobool', 'bool', bool, ['int', 'long', 'real', 'string'], toBool),
  cast('toboolean', 'bool', 'the same as tobool.', ['int', 'long', 'real', 'string'], toBool),
  cast('todecimal', 'decimal', 'of strings and whole numbers; null for a text that is not a decimal.', ['int', 'long', 'string'], (value) =>
    toDecimal(typeof value === 'number' ? BigInt(value) : value),
  ),
  cast('toguid', 'guid', 'null for a text that is not a guid.', ['string'], toGuid),
  cast('todatetime', 'datetime', 'reads ISO 8601, RFC 822 and RFC 850 as documented; null for any other text.', ['string'], (value) =>
    toTime('datetime', value),
  ),
  cast(
    'totimespan',
    'timespan',
    'reads [-][d.]hh:mm[:ss[.fffffff]], and whole numbers as days; null for any other text.',
    ['string'],
    (value) => toTime('timespan', value),
  ),
];
