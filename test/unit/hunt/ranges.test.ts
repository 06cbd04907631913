import fc from 'fast-check';
import { clip, covers, union, without } from '../../../src/hunt/ranges';
import { addTicks, instant, type TimeRange } from '../../../src/value/instant';

const zero = instant('2026-03-10T00:00Z');

function range(start: number, end: number): TimeRange {
  return { start: addTicks(zero, BigInt(start)), end: addTicks(zero, BigInt(end)) };
}

function numbers(set: readonly TimeRange[]): readonly (readonly number[])[] {
  return set.map(({ start, end }) => [Number(start - zero), Number(end - zero)]);
}

const LAST = 12;

/** The ticks of the first 12 that are in the ranges. */
function ticks(set: readonly TimeRange[]): readonly number[] {
  return Array.from({ length: LAST }, (_, tick) => tick).filter((tick) =>
    set.some(({ start, end }) => start - zero <= tick && tick < end - zero),
  );
}

const anyRange = fc.tuple(fc.nat(LAST), fc.nat(LAST)).map(([a, b]) => range(Math.min(a, b), Math.max(a, b)));
const anyRanges = fc.array(anyRange, { maxLength: 5 });

describe('sets of time', () => {
  it('join what touches or overlaps, in order', () => {
    expect(numbers(union(range(5, 6), range(0, 2), range(2, 3), range(1, 2), range(9, 9)))).toEqual([
      [0, 3],
      [5, 6],
    ]);
  });

  it('split where something is taken out of the middle', () => {
    expect(numbers(without([range(0, 9)], [range(3, 4), range(8, 12)]))).toEqual([
      [0, 3],
      [4, 8],
    ]);
  });

  it('hold exactly the ticks that they should', () => {
    fc.assert(
      fc.property(anyRanges, anyRanges, anyRange, (left, right, one) => {
        const set = union(...left);
        expect(ticks(set)).toEqual(ticks(left));
        const rest = without(set, right);
        expect(ticks(rest)).toEqual(ticks(set).filter((tick) => !ticks(right).includes(tick)));
        expect(union(...rest)).toEqual(rest);
        expect(ticks(clip(one, right[0] ?? one))).toEqual(ticks([one]).filter((tick) => ticks([right[0] ?? one]).includes(tick)));
        expect(covers(set, [one])).toBe(ticks([one]).every((tick) => ticks(set).includes(tick)));
      }),
      { numRuns: 500 },
    );
  });
});
