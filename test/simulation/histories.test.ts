import { availableParallelism } from 'node:os';
import { runScript } from '../support/run-script';
import { generate } from './generate';
import { formatHistory, parseHistory } from './history';

describe('simulated histories', () => {
  it('miss nothing and repeat nothing, and meet every fault and end point', async () => {
    const { code, output } = await runScript('simulate.mjs', '--seed', '1', '--histories', '2000');
    expect(output).toContain('Nothing was missed and nothing repeated.');
    expect(code).toBe(0);
  });

  it('come out the same from the same seed, however many threads play them', async () => {
    const play = (threads: number): ReturnType<typeof runScript> =>
      runScript('simulate.mjs', '--seed', '7000', '--histories', '12', '--threads', String(threads));
    const alone = await play(1);
    const shared = await play(availableParallelism() + 1);
    expect(shared.output).toBe(alone.output);
    // So few do not meet everything, and that is a failure.
    expect(alone).toMatchObject({ code: 1, output: expect.stringContaining('Never hit: ') });
  });

  it('can be kept as text', () => {
    const history = generate(3);
    expect(parseHistory(formatHistory(history))).toEqual(history);
  });
});
