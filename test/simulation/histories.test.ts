import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generate } from './generate';
import { formatHistory, parseHistory } from './history';

const simulate = join(process.cwd(), 'scripts', 'simulate.mjs');

/** As `npm run simulate`: bundled, in plain Node, on all cores; inside of jest it takes twice the time. */
async function play(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [simulate, ...args], { maxBuffer: 2 ** 26 });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { readonly code: unknown; readonly stdout?: string; readonly stderr?: string };
    return { code: typeof code === 'number' ? code : 1, output: `${stdout ?? ''}${stderr ?? ''}` };
  }
}

describe('simulated histories', () => {
  it('miss nothing and repeat nothing, and meet every fault and end point', async () => {
    const { code, output } = await play('--seed', '1', '--histories', '2000');
    process.stdout.write(output);
    expect(output).toContain('Nothing was missed and nothing repeated.');
    expect(code).toBe(0);
  }, 600_000);

  it('come out the same from the same seed, however many threads play them', async () => {
    const args = ['--seed', '7000', '--histories', '12', '--threads'];
    const alone = await play(...args, '1');
    const shared = await play(...args, String(availableParallelism() + 1));
    expect(shared.output).toBe(alone.output);
    // So few do not meet everything, and that is a failure.
    expect(alone).toMatchObject({ code: 1, output: expect.stringContaining('Never hit: ') });
  }, 120_000);

  it('can be kept as text', () => {
    const history = generate(3);
    expect(parseHistory(formatHistory(history))).toEqual(history);
  });
});
