import { runScript } from '../support/run-script';
import { defects } from './defects';

/** Within so many histories a defect must show. */
const ENOUGH = '500';
const SEED = '20201214';

describe('the simulator catches a program that', () => {
  let output = '';

  beforeAll(async () => {
    ({ output } = await runScript('defects.mjs', '--histories', ENOUGH, '--seed', SEED));
  });

  it.each(defects)('$name', ({ name, shows }) => {
    const lines = output.split('\n');
    const index = lines.findIndex((line) => line.trim().replace(/^\d+ +/, '') === name);
    expect(index).toBeGreaterThan(-1);
    expect(lines[index + 1]).toMatch(shows);
    expect(lines[index + 1]).not.toMatch(/NOT CAUGHT|NOT UNDERSTOOD/);
  });

  it('and sees nothing in the same histories without a defect', () => {
    expect(output).toContain('Nothing was wrong in the same histories without a defect.');
  });
});
