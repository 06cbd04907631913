import { addTicks, binStart, formatInstant, TICKS_PER_HOUR, type Instant, type TimeRange } from '../../value/instant';
import { InputError } from '../io';
import type { TableReport } from './table-report';

export interface GivenRange {
  readonly from?: Instant;
  readonly to?: Instant;
}

const least = (times: readonly Instant[]): Instant | undefined =>
  times.reduce<Instant | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined);
const greatest = (times: readonly Instant[]): Instant | undefined =>
  times.reduce<Instant | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);

/**
 * The range of a rule that is evaluated whole: what is given of it, and else from the first to the last event time of all rows read, rounded out
 * to whole hours. Throws InputError where that is not known either.
 */
export function rangeOf({ from, to }: GivenRange, reports: readonly TableReport[]): TimeRange {
  const first = least(reports.flatMap(({ firstEventTime }) => firstEventTime ?? []));
  const last = greatest(reports.flatMap(({ lastEventTime }) => lastEventTime ?? []));
  const start = from ?? (first === undefined ? undefined : binStart(first, TICKS_PER_HOUR));
  const end = to ?? (last === undefined ? undefined : addTicks(binStart(last, TICKS_PER_HOUR), TICKS_PER_HOUR));
  if (start === undefined || end === undefined) {
    throw new InputError(
      'the rule does not split by bin, and no row has an event time to take the range of its incidents from: give --from and --to',
    );
  }
  if (start >= end) {
    throw new InputError(
      `all rows lie outside the given range, which would be from ${formatInstant(start)} to ${formatInstant(end)}: give both --from and --to`,
    );
  }
  return { start, end };
}
