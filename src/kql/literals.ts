import { canonicalDecimal, decodeCell, parseGuid } from '../value/decode';
import { parseDocumentedInstant } from '../value/documented-instant';
import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MILLISECOND, TICKS_PER_MINUTE, TICKS_PER_SECOND, formatInstant } from '../value/instant';
import { formatTimespan, parseTimespan } from '../value/timespan';
import { formatValue } from '../value/text';
import type { ScalarType } from '../value/types';

/**
 * Kusto's literals, from their text: Microsoft's parser finds them, but its JavaScript build loses hexadecimal numbers, the ticks of a
 * datetime and timespan(…).
 */

const UNITS: readonly (readonly [pattern: RegExp, ticks: bigint])[] = [
  [/^(?:d|days?)$/i, TICKS_PER_DAY],
  [/^(?:h|hrs?|hours?)$/i, TICKS_PER_HOUR],
  [/^(?:m|mins?|minutes?)$/i, TICKS_PER_MINUTE],
  [/^(?:s|secs?|seconds?)$/i, TICKS_PER_SECOND],
  [/^(?:ms|millis?|millisecs?|milliseconds?)$/i, TICKS_PER_MILLISECOND],
  [/^(?:micros?|microsecs?|microseconds?)$/i, 10n],
  [/^ticks?$/i, 1n],
];

const AMOUNT = /^(\d+)(?:\.(\d+))?([a-z]+)$/i;

/** `1h`, `1.5d`, `10tick`: ticks. */
function parseUnits(text: string): bigint | undefined {
  const [, whole, fraction = '', unit] = AMOUNT.exec(text) ?? [];
  const ticks = UNITS.find(([pattern]) => unit !== undefined && pattern.test(unit))?.[1];
  if (whole === undefined || ticks === undefined) return undefined;
  return (BigInt(whole + fraction) * ticks) / 10n ** BigInt(fraction.length);
}

/** The text inside `type(…)`, without quotes, or the whole text where it is written bare. */
function inner(text: string): string {
  const match = /^[a-z]+\s*\(([^]*)\)$/i.exec(text.trim());
  const content = (match?.[1] ?? text).trim();
  return content.replace(/^(['"])([^]*)\1$/, '$2');
}

function integer(text: string, bits: 32 | 64): string | undefined {
  const match = /^(-?)(0x[0-9a-f]+|\d+)$/i.exec(text);
  if (match === null) return undefined;
  const magnitude = BigInt(match[2] ?? '');
  const value = decodeCell(bits === 32 ? 'int' : 'long', match[1] === '-' ? -magnitude : magnitude);
  return value === undefined ? undefined : formatValue('int', value);
}

function timespan(text: string): string | undefined {
  const negative = text.startsWith('-');
  const magnitude = negative ? text.slice(1).trim() : text;
  const days = /^\d+$/.test(magnitude) ? BigInt(magnitude) * TICKS_PER_DAY : undefined;
  const ticks = parseUnits(magnitude) ?? days ?? parseTimespan(magnitude);
  if (ticks === undefined || BigInt.asIntN(64, ticks) !== ticks) return undefined;
  return formatTimespan(negative ? -ticks : ticks);
}

function real(text: string): string | undefined {
  if (/^nan$/i.test(text)) return 'NaN';
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? '-Infinity' : 'Infinity';
  // What Kusto does with a number that no real can hold is not documented.
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text));
  return isNumber ? formatValue('real', Number(text)) : undefined;
}

/** Kusto's decimals have 34 digits. https://learn.microsoft.com/kusto/query/scalar-data-types/decimal */
const MAX_DECIMAL_DIGITS = 34;

function decimal(text: string): string | undefined {
  const digits = text.replace(/\D/g, '').replace(/^0+/, '').length;
  return digits > MAX_DECIMAL_DIGITS ? undefined : canonicalDecimal(text);
}

const readers: Readonly<Record<Exclude<ScalarType, 'string' | 'dynamic'>, (text: string) => string | undefined>> = {
  bool: (text) => (/^(true|false|0|1)$/i.test(text) ? String(/^(true|1)$/i.test(text)) : undefined),
  int: (text) => integer(text, 32),
  long: (text) => integer(text, 64),
  real,
  decimal,
  datetime: (text) => {
    const parsed = parseDocumentedInstant(text);
    return parsed === undefined ? undefined : formatInstant(parsed);
  },
  timespan,
  guid: parseGuid,
};

/**
 * The canonical text of a literal as it stands in a query, such as `1h` or `datetime(2026-03-10)`; null for `type(null)`; undefined where we
 * cannot read it.
 */
export function readLiteral(type: Exclude<ScalarType, 'string' | 'dynamic'>, text: string): string | null | undefined {
  const content = inner(text);
  return /^null$/i.test(content) ? null : readers[type](content);
}
