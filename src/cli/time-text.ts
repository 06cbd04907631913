import { formatInstant, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND, type Instant } from '../value/instant';
import { formatTimespan } from '../value/timespan';

/** An instant as people write it: ISO 8601 with only as many fraction digits as it has. */
export function shortInstant(instant: Instant): string {
  return formatInstant(instant).replace(/\.?0*Z$/, 'Z');
}

const UNITS = [
  [TICKS_PER_DAY, 'd'],
  [TICKS_PER_HOUR, 'h'],
  [TICKS_PER_MINUTE, 'min'],
  [TICKS_PER_SECOND, 's'],
] as const;

/** An amount of time in the units that it has: 1 h, 1 h 30 min, 5 min 3 s. With a part of a second, and 0 or less, as Kusto writes a timespan. */
export function durationText(ticks: bigint): string {
  if (ticks <= 0n || ticks % TICKS_PER_SECOND !== 0n) return formatTimespan(ticks);
  let rest = ticks;
  const parts: string[] = [];
  for (const [unit, name] of UNITS) {
    if (rest >= unit) parts.push(`${rest / unit} ${name}`);
    rest %= unit;
  }
  return parts.join(' ');
}
