import { callable, type Overload, type ScalarFunction } from './function';
import { formatInstant, TICKS_PER_DAY, type Instant } from '../value/instant';
import { formatTimespan } from '../value/timespan';
import type { ScalarType, Value } from '../value/types';

/** format_datetime and format_timespan: each element of the format is a run of one letter, everything else a delimiter. */

/** The elements and delimiters of a format. */
const TOKEN = /([a-zA-Z])\1*|[ /\-:,._[\]]/y;

function tokens(format: string, elements: RegExp): readonly string[] | undefined {
  const found: string[] = [];
  for (let at = 0; at < format.length;) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(format)?.[0];
    if (token === undefined || (/[a-z]/i.test(token) && !elements.test(token))) return undefined;
    found.push(token);
    at += token.length;
  }
  return found;
}

const padded = (value: string, width: number): string => value.replace(/^0+(?=\d)/, '').padStart(width, '0');

/** f: so many digits of the second's fraction; F: the same without trailing zeros. */
function fraction(sevenDigits: string, token: string): string {
  const digits = sevenDigits.slice(0, token.length);
  return token.startsWith('f') ? digits : digits.replace(/0+$/, '');
}

interface Clock {
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly fraction: string;
}

function clockElement({ hour, minute, second, fraction: digits }: Clock, token: string): string | undefined {
  switch (token[0]) {
    case 'H':
      return padded(hour, token.length);
    case 'm':
      return padded(minute, token.length);
    case 's':
      return padded(second, token.length);
    case 'f':
    case 'F':
      return fraction(digits, token);
    default:
      return undefined;
  }
}

const DATETIME = /^(?:d{1,2}|f{1,7}|F{1,7}|h{1,2}|H{1,2}|m{1,2}|M{1,2}|s{1,2}|y{1,2}|yyyy|tt)$/;
const TIMESPAN = /^(?:d{1,8}|f{1,7}|F{1,7}|H{1,2}|h{1,2}|m{1,2}|s{1,2})$/;

function formatDatetime(instant: Instant, format: readonly string[]): string {
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', digits = ''] =
    /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d+)Z$/.exec(formatInstant(instant)) ?? [];
  const clock: Clock = { hour, minute, second, fraction: digits };
  const element = (token: string): string => {
    switch (token[0]) {
      case 'd':
        return padded(day, token.length);
      case 'M':
        return padded(month, token.length);
      case 'y':
        return token === 'yyyy' ? year : padded(year.slice(-2), token.length);
      case 'h':
        return padded(String(((Number(hour) + 11) % 12) + 1), token.length);
      case 't':
        return Number(hour) < 12 ? 'AM' : 'PM';
      default:
        return clockElement(clock, token) ?? token;
    }
  };
  // As in .NET, whose elements these are, a point before F goes where no digit follows it.
  return format.reduce((text, token) => {
    const next = element(token);
    return next === '' && token.startsWith('F') ? text.replace(/\.$/, '') : text + next;
  }, '');
}

function formatSpan(span: bigint, format: readonly string[]): string {
  const magnitude = span < 0n ? -span : span;
  const [, hour = '', minute = '', second = '', digits = ''] =
    /^(\d+):(\d+):(\d+)(?:\.(\d+))?$/.exec(formatTimespan(magnitude % TICKS_PER_DAY)) ?? [];
  const clock: Clock = { hour, minute, second, fraction: digits.padEnd(7, '0') };
  return format
    .map((token) =>
      token.startsWith('d')
        ? padded(String(magnitude / TICKS_PER_DAY), token.length)
        : (clockElement(clock, token.replaceAll('h', 'H')) ?? token),
    )
    .join('');
}

function formatter(type: ScalarType, elements: RegExp, compute: (value: bigint, format: readonly string[]) => string): Overload {
  return {
    parameters: [type, 'string'],
    result: 'string',
    refuses: ([, format]) =>
      typeof format === 'string' && tokens(format, elements) !== undefined
        ? undefined
        : 'a format that is not constant or has an element that is not documented',
    prepare: ([value, format]) => {
      const parsed = tokens(format?.constant as string, elements) ?? [];
      return (row) => ((each: Value | undefined) => (typeof each === 'bigint' ? compute(each, parsed) : ''))(value?.at(row));
    },
  };
}

export const timeFormatFunctions: readonly ScalarFunction[] = [
  callable('format_datetime', "the documented elements alone, in UTC; '' for null.", [
    formatter('datetime', DATETIME, (instant, format) => formatDatetime(instant as Instant, format)),
  ]),
  callable('format_timespan', "the documented elements alone, without a sign; '' for null.", [formatter('timespan', TIMESPAN, formatSpan)]),
];
