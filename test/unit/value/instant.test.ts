import fc from 'fast-check';
import { formatDay, formatInstant, instant, instantFromTicks, parseInstant, TICKS_PER_DAY, type Instant } from '../../../src/value/instant';

const MAX_TICKS = 3_155_378_975_999_999_999n;

const instants = fc.bigInt({ min: 0n, max: MAX_TICKS }).map((ticks) => ticks as Instant);

describe('the text of an instant', () => {
  it('has seven fraction digits and two for everything else', () => {
    expect(formatInstant(instant('2026-03-01T04:05:06.0000007Z'))).toBe('2026-03-01T04:05:06.0000007Z');
    expect(formatInstant(instant('2026-03-01'))).toBe('2026-03-01T00:00:00.0000000Z');
    expect(formatInstant(0n as Instant)).toBe('0001-01-01T00:00:00.0000000Z');
    expect(formatInstant(MAX_TICKS as Instant)).toBe('9999-12-31T23:59:59.9999999Z');
  });

  it('gives back the instant, whatever instant was written before it', () => {
    fc.assert(
      fc.property(instants, instants, (first, second) => {
        const texts = [first, second, first].map(formatInstant);
        expect(texts.map(parseInstant)).toEqual([first, second, first]);
        expect([first, second].map(formatDay)).toEqual(texts.slice(0, 2).map((text) => text.slice(0, 10)));
      }),
    );
  });

  it('changes at the tick in which a day begins', () => {
    const start = instant('2026-03-10');
    expect(formatInstant((start - 1n) as Instant)).toBe('2026-03-09T23:59:59.9999999Z');
    expect(instantFromTicks(start + TICKS_PER_DAY)).toBe(instant('2026-03-11'));
  });
});
