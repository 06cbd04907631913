// `npm run crash`: kills the built app (dist/) again and again while rows arrive, and judges by the rows alone.
import { runCommand } from './options.mjs';
import { runTypeScript } from './run-typescript.mjs';

const help = `Usage: npm run crash -- [--kills N] [--seed S]

Runs the built app (dist/) as the Functions host does, against a workspace, a hub and a storage account on this machine, and kills it at one
moment after another while rows arrive. Then asks by the rows alone whether it missed or repeated anything.

  --kills N   how often; default 300
  --seed S    in which order, and which rows; default 1
  --help      this text

Example
  $ npm run crash -- --kills 300 --seed 1
  Killing the built app at 300 moments, seed 1, while rows arrive.
  …
  Nothing was missed, nothing was said twice, and no secret was written.

Exit codes: 0 nothing was missed and nothing said twice; 1 something was, or a moment to kill it at never came; 2 wrong usage.
`;

const numbers = { kills: { least: 1, otherwise: 300 }, seed: { least: 0, otherwise: 1 } };

await runCommand({ name: 'crash', help, numbers }, async ({ kills, seed }) => {
  process.exitCode = await runTypeScript('test/crash/command.ts', ({ command }) =>
    command(seed, kills, (line) => process.stdout.write(`${line}\n`)),
  );
});
