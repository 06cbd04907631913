import { Pace } from '../../../src/azure/log-analytics/pace';

describe('the pace of requests', () => {
  it('lets a first burst through, and then one for each that leaves the window', () => {
    const pace = new Pace(3, 1000);
    expect([0, 0, 100].map((now) => pace.take(now))).toEqual([0, 0, 0]);
    expect([200, 200, 200, 200].map((now) => pace.take(now))).toEqual([800, 800, 900, 1800]);
  });

  it('never sends more than the limit in any window, whatever the times', () => {
    const pace = new Pace(5, 1000);
    const sent = Array.from({ length: 200 }, (_, index) => {
      const now = (index * index * 37) % 7919;
      return { index, now };
    })
      .sort((left, right) => left.now - right.now)
      .map(({ now }) => now + pace.take(now));
    const most = Math.max(...sent.map((at) => sent.filter((other) => other >= at && other < at + 1000).length));
    expect(most).toBe(5);
    expect(sent).toEqual([...sent].sort((left, right) => left - right));
  });
});
