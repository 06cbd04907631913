import { parseDuration } from '../../../src/rule/duration';

const HOUR = 36_000_000_000n;

describe('a duration in a rule', () => {
  it.each([
    ['1h', HOUR],
    ['5m', HOUR / 12n],
    ['30s', HOUR / 120n],
    ['14d', 336n * HOUR],
    ['1D', 24n * HOUR],
    ['PT1H', HOUR],
    ['P1D', 24n * HOUR],
    ['P1DT2H30M', 26n * HOUR + HOUR / 2n],
    ['pt5m', HOUR / 12n],
  ])('%s', (text, ticks) => {
    expect(parseDuration(text)).toBe(ticks);
  });

  it.each(['', '1', 'h', '1w', '1.5h', '-1h', '0h', 'PT0S', 'P', 'PT', 'P1M', '1 h', '999999d'])('is not "%s"', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
