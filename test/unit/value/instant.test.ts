import fc from 'fast-check';
import {
  addTicks,
  formatDay,
  formatInstant,
  instant,
  instantFromTicks,
  parseInstant,
  TICKS_PER_DAY,
  type Instant,
} from '../../../src/value/instant';

const MAX_TICKS = 3_155_378_975_999_999_999n;

const instants = fc.bigInt({ min: 0n, max: MAX_TICKS }).map((ticks) => ticks as Instant);

describe('an instant is read from', () => {
  it.each([
    ['2026-03-10', '2026-03-10T00:00:00.0000000Z'],
    [' 2026-03-10 10:20 ', '2026-03-10T10:20:00.0000000Z'],
    ['2026-03-10t23:59:59.123456789z', '2026-03-10T23:59:59.1234567Z'],
    ['2026-03-10T10:20:30+02:30', '2026-03-10T07:50:30.0000000Z'],
    ['2026-03-10T10:20:30-0230', '2026-03-10T12:50:30.0000000Z'],
    ['2026-03-10T10:20:30+14:00', '2026-03-09T20:20:30.0000000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.0000000Z'],
  ])('%s', (text, written) => {
    expect(formatInstant(instant(text))).toBe(written);
  });

  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-03-00',
    '0000-01-01',
    '2026-03-10T24:00:00Z',
    '2026-03-10T10:60:00Z',
    '2026-03-10T10:20:60Z',
    '2026-03-10T10:20:30+14:01',
    '2026-03-10T10:20:30+01:60',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '2026-03-10Z',
    '2026-03-10T10:20:30.Z',
    'x2026-03-10',
    '2026-03-10x',
    '1773100800',
  ])('not %s', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

it('is not moved out of the years 1 to 9999', () => {
  expect(addTicks(instant('9999-12-31'), TICKS_PER_DAY - 1n)).toBe(instant('9999-12-31T23:59:59.9999999Z'));
  expect(() => addTicks(instant('9999-12-31'), TICKS_PER_DAY)).toThrow(RangeError);
  expect(() => addTicks(instant('0001-01-01'), -1n)).toThrow(RangeError);
});

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
