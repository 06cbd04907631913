import { instant } from '../../src/value/instant';
import type { History } from './history';
import { wrongIn } from './simulate';

/** Histories that once came out wrong, made short by the simulator. */
const none = { latency: 0, rows: [], ticks: [], conditions: [], deployments: [] };

const regressions: readonly (readonly [name: string, history: History])[] = [
  [
    'a rule that is deployed with bins of another width takes nothing back of the days that are settled',
    {
      ...none,
      start: instant('2026-03-11T12:09Z'),
      end: instant('2026-03-14T14:19Z'),
      startAt: instant('2026-03-12T21:55Z'),
      deployments: [{ at: instant('2026-03-21T23:20Z'), plan: 'many-3' }],
    },
  ],
];

describe('a history that once came out wrong', () => {
  it.each(regressions)('%s', async (_, history) => {
    expect(await wrongIn(history)).toEqual([]);
  });
});
