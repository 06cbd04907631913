import { checkedTiming, defaultTiming } from '../../../src/azure/log-analytics/timing';
import { backoffMs, readRetryAfterMs } from '../../../src/azure/retry';

const now = Date.UTC(2026, 2, 10, 11, 0, 0);

const retryAfter = (headers: Readonly<Record<string, string>>): number | undefined => readRetryAfterMs((name) => headers[name], now);

it.each<readonly [Readonly<Record<string, string>>, number | undefined]>([
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': 'Tue, 10 Mar 2026 11:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Tue, 10 Mar 2026 10:00:00 GMT' }, 0],
  [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
  [{ 'x-ms-retry-after-ms': '300' }, 300],
  [{ 'retry-after': 'soon' }, undefined],
  [{}, undefined],
])('of %j it reads %p ms', (headers, ms) => {
  expect(retryAfter(headers)).toBe(ms);
});

it('doubles the wait up to its cap, and takes half to all of it', () => {
  const timing = { ...defaultTiming, retryDelayMs: 1000, maxRetryDelayMs: 5000 };
  expect([0, 1, 2, 3, 60].map((retries) => backoffMs(timing, retries, () => 0))).toEqual([500, 1000, 2000, 2500, 2500]);
  expect(backoffMs(timing, 1, () => 0.5)).toBe(1500);
});

it.each([{ maxPullMs: 0 }, { attemptTimeoutMs: -1 }, { maxRetries: 0.5 }, { retryDelayMs: Number.NaN }, { maxRetryDelayMs: Infinity }])(
  'refuses %j by name',
  (timing) => {
    expect(() => checkedTiming(timing)).toThrow(`timing.${Object.keys(timing)[0]}`);
  },
);

it('leaves room for the service to say that it took too long', () => {
  expect(defaultTiming.serverTimeoutMs).toBeLessThan(defaultTiming.attemptTimeoutMs);
  expect(defaultTiming.attemptTimeoutMs).toBeLessThan(defaultTiming.maxPullMs);
});
