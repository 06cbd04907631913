import {
  addTicks,
  binStart,
  formatDay,
  formatInstant,
  instantFromTicks,
  parseInstant,
  TICKS_PER_DAY,
  type Instant,
  type TimeRange,
} from '../value/instant';

/** A half-open bin that is pulled, evaluated, retried and recorded on its own. */
export type Bin = TimeRange;

/** The bins `[shift + k·width, shift + (k+1)·width)`, in ticks. The rules' own bins have shift 0. */
export interface Grid {
  readonly width: bigint;
  readonly shift: bigint;
}

/** The grid's bin that holds the instant. */
export function binAt(grid: Grid, instant: Instant): Bin {
  const start = addTicks(binStart(addTicks(instant, -grid.shift), grid.width), grid.shift);
  return { start, end: addTicks(start, grid.width) };
}

/** The grid's bins in order of time, from the one that holds `first` to the one that holds `last`. None where `last` is before that. */
export function* binsBetween(grid: Grid, first: Instant, last: Instant): Generator<Bin> {
  for (let bin = binAt(grid, first); bin.start <= last; bin = binAt(grid, bin.end)) yield bin;
}

/** The grid's bins that share time with the range, in order. */
export function* binsIn(grid: Grid, { start, end }: TimeRange): Generator<Bin> {
  for (let bin = binAt(grid, start); bin.start < end; bin = binAt(grid, bin.end)) yield bin;
}

/** The grid's bins that share time with a range that is not empty, as one range. */
export function wholeBins(grid: Grid, { start, end }: TimeRange): TimeRange {
  return { start: binAt(grid, start).start, end: binAt(grid, addTicks(end, -1n)).end };
}

export function isOnGrid(grid: Grid, bin: Bin): boolean {
  return bin.end - bin.start === grid.width && (bin.start - grid.shift) % grid.width === 0n;
}

/** `start/end`, as ISO 8601 writes an interval: a bin of another width has another key, also where both start together. */
export function binKey(bin: Bin): string {
  return `${formatInstant(bin.start)}/${formatInstant(bin.end)}`;
}

/** The bin of a key, or undefined where the text is not a key. */
export function parseBinKey(key: string): Bin | undefined {
  const [start, end, ...rest] = key.split('/').map(parseInstant);
  if (start === undefined || end === undefined || rest.length > 0 || end <= start) return undefined;
  return { start, end };
}

/** The UTC day of an instant: yyyy-MM-dd. */
export function dayOf(instant: Instant): string {
  return formatDay(instant);
}

/** The UTC days that share time with the range, in order. */
export function daysIn({ start, end }: TimeRange): readonly string[] {
  const days: string[] = [];
  let day: Instant | undefined = binStart(start, TICKS_PER_DAY);
  for (; day !== undefined && day < end; day = instantFromTicks(day + TICKS_PER_DAY)) days.push(dayOf(day));
  return days;
}
