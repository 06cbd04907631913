/**
 * A point in time or an amount of it, in Kusto's unit: ticks of 100 ns.
 * Source: https://learn.microsoft.com/kusto/query/scalar-data-types/datetime
 */

declare const instantBrand: unique symbol;

/** Ticks since 0001-01-01T00:00:00Z, from 0 to 9999-12-31T23:59:59.9999999Z. Made by this module only. */
export type Instant = bigint & { readonly [instantBrand]: true };

export const TICKS_PER_MILLISECOND = 10_000n;
export const TICKS_PER_SECOND = 10_000_000n;
export const TICKS_PER_MINUTE = 60n * TICKS_PER_SECOND;
export const TICKS_PER_HOUR = 60n * TICKS_PER_MINUTE;
export const TICKS_PER_DAY = 24n * TICKS_PER_HOUR;

const UNIX_EPOCH_TICKS = 621_355_968_000_000_000n;
const MAX_TICKS = 3_155_378_975_999_999_999n;

/** The instant at these ticks, or undefined outside the years 1 to 9999. */
export function instantFromTicks(ticks: bigint): Instant | undefined {
  return ticks >= 0n && ticks <= MAX_TICKS ? (ticks as Instant) : undefined;
}

/** The instant at a Unix time in milliseconds. Throws RangeError outside the years 1 to 9999. */
export function instantFromUnixMilliseconds(ms: number): Instant {
  const instant = instantFromTicks(BigInt(Math.trunc(ms)) * TICKS_PER_MILLISECOND + UNIX_EPOCH_TICKS);
  if (instant === undefined) throw new RangeError(`${ms} ms is outside the years 1 to 9999`);
  return instant;
}

/** Unix time in whole milliseconds, the rest of the ticks cut. */
export function toUnixMilliseconds(instant: Instant): number {
  const ticks = instant - UNIX_EPOCH_TICKS;
  const remainder = ((ticks % TICKS_PER_MILLISECOND) + TICKS_PER_MILLISECOND) % TICKS_PER_MILLISECOND;
  return Number((ticks - remainder) / TICKS_PER_MILLISECOND);
}

/** `instant + ticks`. Throws RangeError outside the years 1 to 9999. */
export function addTicks(instant: Instant, ticks: bigint): Instant {
  const sum = instantFromTicks(instant + ticks);
  if (sum === undefined) throw new RangeError(`the sum of ${formatInstant(instant)} and ${ticks} ticks is outside the years 1 to 9999`);
  return sum;
}

/** Negative, 0 or positive, as a sort wants it. */
export function compareInstants(left: Instant, right: Instant): number {
  return left < right ? -1 : Number(left > right);
}

/** The start of the half-open bin `[k·width, (k+1)·width)` that holds the instant; bins count from 0001-01-01, as Kusto's bin() does. */
export function binStart(instant: Instant, width: bigint): Instant {
  return (instant - (instant % width)) as Instant;
}

/** Kusto's own text of a datetime, seven fraction digits: 2026-03-10T10:00:00.0000000Z. */
export function formatInstant(instant: Instant): string {
  const ticks = Number(instant % TICKS_PER_DAY);
  const seconds = Math.trunc(ticks / 1e7);
  const fraction = String(ticks % 1e7).padStart(7, '0');
  return `${formatDay(instant)}T${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${fraction}Z`;
}

/** Keys and paths of the ledger name the same few days over and over. */
let lastDay: { readonly number: bigint; readonly text: string } | undefined;

/** The UTC day of an instant: yyyy-MM-dd. */
export function formatDay(instant: Instant): string {
  const number = instant / TICKS_PER_DAY;
  if (lastDay?.number !== number) lastDay = { number, text: new Date(toUnixMilliseconds(instant)).toISOString().slice(0, 10) };
  return lastDay.text;
}

function two(value: number): string {
  return value < 10 ? `0${Math.trunc(value)}` : `${Math.trunc(value)}`;
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):?(\d\d))?)?$/i;

/**
 * Reads ISO 8601: a date, or a date and a time with up to seven fraction digits (further ones are cut), in UTC or with an offset;
 * without one it is UTC. Undefined for anything else, also for days that do not exist.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = ISO.exec(text.trim());
  if (match === null) return undefined;
  const field = (index: number): number => Number(match[index] ?? '0');
  const [year, month, day] = [field(1), field(2), field(3)];
  const [hour, minute, second] = [field(4), field(5), field(6)];
  if (hour > 23 || minute > 59 || second > 59 || year < 1) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, 0);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const fraction = BigInt((match[7] ?? '').slice(0, 7).padEnd(7, '0'));
  const offsetMinutes = (field(9) * 60 + field(10)) * (match[8] === '-' ? -1 : 1);
  if (field(10) > 59 || Math.abs(offsetMinutes) > 14 * 60) return undefined;
  const ticks = BigInt(date.getTime()) * TICKS_PER_MILLISECOND + UNIX_EPOCH_TICKS + fraction;
  return instantFromTicks(ticks - BigInt(offsetMinutes) * TICKS_PER_MINUTE);
}

/** As parseInstant, for texts that this program wrote itself. Throws RangeError on anything else. */
export function instant(text: string): Instant {
  const parsed = parseInstant(text);
  if (parsed === undefined) throw new RangeError(`not an ISO 8601 instant: ${text}`);
  return parsed;
}

/** A half-open range of time, `[start, end)`. */
export interface TimeRange {
  readonly start: Instant;
  readonly end: Instant;
}
