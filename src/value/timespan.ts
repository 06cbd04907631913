import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND } from './instant';

const TIMESPAN = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/;

/** Kusto's own text of a timespan: [-][d.]hh:mm:ss[.fffffff], the fraction only where there is one. */
export function formatTimespan(ticks: bigint): string {
  const magnitude = ticks < 0n ? -ticks : ticks;
  const two = (amount: bigint): string => amount.toString().padStart(2, '0');
  const days = magnitude / TICKS_PER_DAY;
  const clock = [
    two((magnitude / TICKS_PER_HOUR) % 24n),
    two((magnitude / TICKS_PER_MINUTE) % 60n),
    two((magnitude / TICKS_PER_SECOND) % 60n),
  ].join(':');
  const fraction = magnitude % TICKS_PER_SECOND;
  return [ticks < 0n ? '-' : '', days > 0n ? `${days}.` : '', clock, fraction > 0n ? `.${fraction.toString().padStart(7, '0')}` : ''].join(
    '',
  );
}

/** Reads [-][d.]hh:mm[:ss[.fffffff]]; ticks, or undefined for anything else. */
export function parseTimespan(text: string): bigint | undefined {
  const match = TIMESPAN.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const ticks =
    BigInt(days) * TICKS_PER_DAY +
    BigInt(hours) * TICKS_PER_HOUR +
    BigInt(minutes) * TICKS_PER_MINUTE +
    BigInt(seconds) * TICKS_PER_SECOND +
    BigInt(fraction.padEnd(7, '0'));
  return sign === '-' ? -ticks : ticks;
}
