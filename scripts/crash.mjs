// `npm run crash -- --kills N --seed S`: kills the built app (dist/) again and again while rows arrive, and judges by the rows alone whether it
// missed or repeated anything. Exit code 1 where it did, or where a moment to kill it at never came.
import { parseArgs } from 'node:util';
import { wholeNumber } from './options.mjs';
import { runTypeScript } from './run-typescript.mjs';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } } });
const kills = wholeNumber('kills', values.kills, 1);
const seed = wholeNumber('seed', values.seed, 0);

process.exitCode = await runTypeScript('test/crash/command.ts', ({ command }) =>
  command(seed, kills, (line) => process.stdout.write(`${line}\n`)),
);
