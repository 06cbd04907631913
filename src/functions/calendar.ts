import { toDatetime, wrap } from './arithmetic';
import { callable, strict, type Overload, type ScalarFunction } from './function';
import {
  instantFromUnixMilliseconds,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MILLISECOND,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
  toUnixMilliseconds,
  type Instant,
} from '../value/instant';
import type { ScalarType, Value } from '../value/types';

/** The parts of datetimes, in UTC. Weeks begin on Sunday; 0001-01-01 was a Monday. */

const TICKS_PER_WEEK = 7n * TICKS_PER_DAY;

/** Units of fixed length. */
const fixed: Readonly<Record<string, bigint>> = {
  week: TICKS_PER_WEEK,
  day: TICKS_PER_DAY,
  hour: TICKS_PER_HOUR,
  minute: TICKS_PER_MINUTE,
  second: TICKS_PER_SECOND,
  millisecond: TICKS_PER_MILLISECOND,
  microsecond: 10n,
};

/** Units that are counted in months. */
const monthly: Readonly<Record<string, bigint>> = { year: 12n, quarter: 3n, month: 1n };

const dateOf = (instant: Value): Date => new Date(toUnixMilliseconds(instant as Instant));

/** Months since the year 0. */
const monthsOf = (instant: Value): bigint => {
  const date = dateOf(instant);
  return BigInt(date.getUTCFullYear() * 12 + date.getUTCMonth());
};

/** Midnight on a day of a month counted from the year 0; null outside the years 1 to 9999. */
function midnight(months: bigint, day: number): Value {
  const [year, month] = [Number(months / 12n), Number(months % 12n)];
  if (year < 1 || year > 9999) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return instantFromUnixMilliseconds(date.getTime());
}

const daysIn = (months: bigint): number => {
  const date = new Date(0);
  date.setUTCFullYear(Number(months / 12n), Number(months % 12n) + 1, 0);
  return date.getUTCDate();
};

/** So many months later, on the last day of the month where it is shorter. */
function addMonths(instant: bigint, months: bigint): Value {
  const target = monthsOf(instant) + months;
  const start = midnight(target, Math.min(dateOf(instant).getUTCDate(), daysIn(target)));
  return start === null ? null : (start as bigint) + (instant % TICKS_PER_DAY);
}

function add(part: string, amount: bigint, instant: bigint): Value {
  const [ticks, months] = [fixed[part], monthly[part]];
  if (months !== undefined) return addMonths(instant, amount * months);
  if (part === 'nanosecond') return toDatetime(instant + amount / 100n);
  return ticks === undefined ? null : toDatetime(instant + amount * ticks);
}

/** Which week since the first Sunday an instant is in; weeks before it do not matter, for only differences are used. */
const weekOf = (instant: bigint): bigint => (instant + TICKS_PER_DAY) / TICKS_PER_WEEK;

/** The number of boundaries of the unit between two instants. */
function difference(part: string, later: bigint, earlier: bigint): Value {
  const [ticks, months] = [fixed[part], monthly[part]];
  if (months !== undefined) return monthsOf(later) / months - monthsOf(earlier) / months;
  if (part === 'week') return weekOf(later) - weekOf(earlier);
  if (part === 'nanosecond') return wrap((later - earlier) * 100n);
  return ticks === undefined ? null : later / ticks - earlier / ticks;
}

type StartUnit = 'day' | 'week' | 'month' | 'year';

function startOf(unit: StartUnit, instant: bigint, offset: bigint): Value {
  if (unit === 'day') return toDatetime(instant - (instant % TICKS_PER_DAY) + offset * TICKS_PER_DAY);
  if (unit === 'week') return toDatetime(weekOf(instant) * TICKS_PER_WEEK - TICKS_PER_DAY + offset * TICKS_PER_WEEK);
  const months = monthsOf(instant);
  return midnight(unit === 'month' ? months + offset : months - (months % 12n) + offset * 12n, 1);
}

/** The last tick before the next start. */
function endOf(unit: StartUnit, instant: bigint, offset: bigint): Value {
  const next = startOf(unit, instant, offset + 1n);
  return next === null ? null : (next as bigint) - 1n;
}

function edges(prefix: 'startof' | 'endof', compute: typeof startOf): readonly ScalarFunction[] {
  return (['day', 'week', 'month', 'year'] as const).map((unit) =>
    callable(
      `${prefix}${unit}`,
      `${prefix === 'startof' ? 'its first' : 'its last'} tick, in UTC; the second argument counts so many ${unit}s on. Weeks begin on Sunday.`,
      [
        { parameters: ['datetime'], result: 'datetime', prepare: strict((instant) => compute(unit, instant as bigint, 0n)) },
        {
          parameters: ['datetime', 'long'],
          result: 'datetime',
          prepare: strict((instant, offset) => compute(unit, instant as bigint, offset as bigint)),
        },
      ],
    ),
  );
}

const dayOfYear = (instant: bigint): number => Number((instant - (startOf('year', instant, 0n) as bigint)) / TICKS_PER_DAY) + 1;

/** ISO 8601: the week of the year's first Thursday is week 1. */
function weekOfYear(instant: bigint): number {
  const days = instant / TICKS_PER_DAY;
  const thursday = (days - (days % 7n) + 3n) * TICKS_PER_DAY;
  return Math.ceil(dayOfYear(thursday) / 7);
}

const parts: Readonly<Record<string, (instant: bigint) => number>> = {
  year: (instant) => dateOf(instant).getUTCFullYear(),
  quarter: (instant) => Math.floor(dateOf(instant).getUTCMonth() / 3) + 1,
  month: (instant) => dateOf(instant).getUTCMonth() + 1,
  week_of_year: weekOfYear,
  day: (instant) => dateOf(instant).getUTCDate(),
  dayofyear: dayOfYear,
  hour: (instant) => Number((instant % TICKS_PER_DAY) / TICKS_PER_HOUR),
  minute: (instant) => Number((instant % TICKS_PER_HOUR) / TICKS_PER_MINUTE),
  second: (instant) => Number((instant % TICKS_PER_MINUTE) / TICKS_PER_SECOND),
  millisecond: (instant) => Number((instant % TICKS_PER_SECOND) / TICKS_PER_MILLISECOND),
  microsecond: (instant) => Number((instant % TICKS_PER_SECOND) / 10n),
  nanosecond: (instant) => Number((instant % TICKS_PER_SECOND) * 100n),
};

const partFunctions: readonly (readonly [name: string, part: string])[] = [
  ['getyear', 'year'],
  ['getmonth', 'month'],
  ['monthofyear', 'month'],
  ['week_of_year', 'week_of_year'],
  ['dayofmonth', 'day'],
  ['dayofyear', 'dayofyear'],
  ['hourofday', 'hour'],
];

/** The part is a constant, in any case. */
function withPart(
  parameters: readonly ScalarType[],
  result: ScalarType,
  known: readonly string[],
  compute: (part: string, values: readonly NonNullable<Value>[]) => Value,
): Overload {
  const partOf = (constant: Value | undefined): string | undefined => (typeof constant === 'string' ? constant.toLowerCase() : undefined);
  return {
    parameters: ['string', ...parameters],
    result,
    refuses: ([part]) => (known.includes(partOf(part) ?? '') ? undefined : `a part other than ${known.join(', ')}`),
    prepare: ([first, ...rest], context) => {
      const part = partOf(first?.constant) ?? '';
      return strict((...values) => compute(part, values))(rest, context);
    },
  };
}

const durations = [...Object.keys(monthly), ...Object.keys(fixed), 'nanosecond'];

/** Instants from parts; null where there is no such day or time. */
function makeDatetime(year: bigint, month: bigint, day: bigint, hour: bigint, minute: bigint, second: number): Value {
  if (year < 1n || year > 9999n || month < 1n || month > 12n) return null;
  const months = year * 12n + month - 1n;
  const within =
    day >= 1n && day <= BigInt(daysIn(months)) && hour >= 0n && hour < 24n && minute >= 0n && minute < 60n && second >= 0 && second < 60;
  const start = within ? midnight(months, Number(day)) : null;
  const clock = hour * TICKS_PER_HOUR + minute * TICKS_PER_MINUTE + BigInt(Math.round(second * 1e7));
  return start === null ? null : toDatetime((start as bigint) + clock);
}

const wholeParts = (count: number): readonly ScalarType[] => Array.from({ length: count }, () => 'long' as const);

const make = (count: 3 | 5 | 6): Overload => ({
  parameters: count === 6 ? [...wholeParts(5), 'real'] : wholeParts(count),
  result: 'datetime',
  prepare: strict((year, month, day, hour = 0n, minute = 0n, second = 0) =>
    makeDatetime(year as bigint, month as bigint, day as bigint, hour as bigint, minute as bigint, second as number),
  ),
});

/** Hours of 0 to 23, minutes and seconds of 0 to 59; null where one is outside. */
function makeTimespan(day: bigint, hour: bigint, minute: bigint, second: bigint): Value {
  const within = day >= 0n && hour >= 0n && hour < 24n && minute >= 0n && minute < 60n && second >= 0n && second < 60n;
  return within ? wrap(day * TICKS_PER_DAY + hour * TICKS_PER_HOUR + minute * TICKS_PER_MINUTE + second * TICKS_PER_SECOND) : null;
}

const span = (count: 2 | 3 | 4): Overload => ({
  parameters: wholeParts(count),
  result: 'timespan',
  prepare: strict((...given) => {
    const [day, hour, minute, second] = (count === 4 ? given : [0n, ...given, ...(count === 2 ? [0n] : [])]) as bigint[];
    return makeTimespan(day ?? 0n, hour ?? 0n, minute ?? 0n, second ?? 0n);
  }),
});

const UNIX_EPOCH = instantFromUnixMilliseconds(0);

const fromUnix = (unit: 'seconds' | 'milliseconds' | 'microseconds' | 'nanoseconds', compute: (count: bigint) => bigint): ScalarFunction =>
  callable(`unixtime_${unit}_todatetime`, 'whole numbers only; null outside the years 1 to 9999.', [
    { parameters: ['long'], result: 'datetime', prepare: strict((count) => toDatetime(UNIX_EPOCH + compute(count as bigint))) },
  ]);

export const calendarFunctions: readonly ScalarFunction[] = [
  ...edges('startof', startOf),
  ...edges('endof', endOf),
  callable('datetime_add', 'months and years keep the day, or take the last of a shorter month; null outside the years 1 to 9999.', [
    withPart(['long', 'datetime'], 'datetime', durations, (part, [amount, instant]) => add(part, amount as bigint, instant as bigint)),
  ]),
  callable('datetime_diff', 'how many boundaries of the unit lie between the second and the first; weeks begin on Sunday.', [
    withPart(['datetime', 'datetime'], 'long', durations, (part, [later, earlier]) => difference(part, later as bigint, earlier as bigint)),
  ]),
  callable('datetime_part', 'in UTC; week_of_year as ISO 8601 counts.', [
    withPart(['datetime'], 'int', Object.keys(parts), (part, [instant]) => parts[part]?.(instant as bigint) ?? null),
  ]),
  ...partFunctions.map(([name, part]) =>
    callable(name, `datetime_part("${part}", …).`, [
      { parameters: ['datetime'], result: 'int', prepare: strict((instant) => parts[part]?.(instant as bigint) ?? null) },
    ]),
  ),
  callable('dayofweek', 'a timespan: whole days since Sunday.', [
    {
      parameters: ['datetime'],
      result: 'timespan',
      prepare: strict((instant) => (((instant as bigint) / TICKS_PER_DAY + 1n) % 7n) * TICKS_PER_DAY),
    },
  ]),
  callable('make_datetime', 'year, month, day, and hour, minute, and second; null where there is no such day or time.', [
    make(3),
    make(5),
    make(6),
  ]),
  callable(
    'make_timespan',
    'hour, minute, and second, and day before them; whole numbers of days from 0, null where a part is outside its range.',
    [span(2), span(3), span(4)],
  ),
  fromUnix('seconds', (count) => count * TICKS_PER_SECOND),
  fromUnix('milliseconds', (count) => count * TICKS_PER_MILLISECOND),
  fromUnix('microseconds', (count) => count * 10n),
  fromUnix('nanoseconds', (count) => count / 100n),
];
