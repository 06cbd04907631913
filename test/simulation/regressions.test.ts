import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHistory } from './history';
import { wrongIn } from './simulate';

const folder = join(process.cwd(), 'test', 'simulation', 'regressions');

/** Histories that once came out wrong, each made short by the simulator and kept under a name that says what holds now. */
const regressions = readdirSync(folder).map((file) => [file.replace(/\.json$/, '').replaceAll('-', ' '), join(folder, file)] as const);

describe('a history that once came out wrong', () => {
  it.each(regressions)('%s', async (_, file) => {
    expect(await wrongIn(parseHistory(readFileSync(file, 'utf8')))).toEqual([]);
  });
});
