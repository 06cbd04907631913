import { compareInstants, type Instant, type TimeRange } from '../value/instant';

/** Sets of time: half-open ranges in order, none of which is empty, touches or overlaps another. */

/** What is in any of the ranges, which may be in any order. */
export function union(...ranges: readonly TimeRange[]): readonly TimeRange[] {
  const joined: TimeRange[] = [];
  for (const range of [...ranges].filter(({ start, end }) => start < end).sort((left, right) => compareInstants(left.start, right.start))) {
    const last = joined.at(-1);
    if (last === undefined || last.end < range.start) joined.push(range);
    else joined[joined.length - 1] = { start: last.start, end: later(last.end, range.end) };
  }
  return joined;
}

/** What is in the set and in none of the others. */
export function without(set: readonly TimeRange[], others: readonly TimeRange[]): readonly TimeRange[] {
  return union(...others).reduce<readonly TimeRange[]>(
    (left, { start, end }) =>
      left.flatMap((range) => [clip(range, { start: range.start, end: start }), clip(range, { start: end, end: range.end })].flat()),
    set,
  );
}

/** The part of a range that lies in another: a list of one, or none. */
export function clip(range: TimeRange, bounds: TimeRange): readonly TimeRange[] {
  const start = later(range.start, bounds.start);
  const end = bounds.end < range.end ? bounds.end : range.end;
  return start < end ? [{ start, end }] : [];
}

/** Whether all of the ranges is in the set. */
export function covers(set: readonly TimeRange[], ranges: readonly TimeRange[]): boolean {
  return without(union(...ranges), set).length === 0;
}

function later(left: Instant, right: Instant): Instant {
  return left > right ? left : right;
}
