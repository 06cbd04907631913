// `npm run histories`: plays histories through the real adapters over loopback, with faults as HTTP and AMQP know them.
import { runCommand } from './options.mjs';
import { runTypeScript } from './run-typescript.mjs';

const help = `Usage: npm run histories -- [--histories N] [--seed S]

Plays histories as npm run simulate does, but through the real adapters: the Azure clients against a workspace, a hub and a storage account on
this machine, with faults as HTTP and AMQP know them. Judges each by its rows, and looks for secrets in all that was said.

  --histories N  how many; default 100
  --seed S       of the first; the others are S+1, S+2, …; default 1
  --help         this text

Example
  $ npm run histories -- --histories 100 --seed 1
  Playing 100 histories from seed 1 on through the real adapters, over loopback.
  How often each fault was met:
  …
  Nothing was missed, nothing was said twice, and no secret was told.

Exit codes: 0 nothing was missed and nothing said twice; 1 something was, or a fault was never met; 2 wrong usage.
`;

const numbers = { histories: { least: 1, otherwise: 100 }, seed: { least: 0, otherwise: 1 } };

await runCommand({ name: 'histories', help, numbers }, async ({ histories, seed }) => {
  const code = await runTypeScript('test/loopback/command.ts', ({ command }) =>
    command(seed, histories, (line) => process.stdout.write(`${line}\n`)),
  );
  // An instance that died in mid-call left its connection as it was.
  process.stdout.write('', () => process.exit(code));
});
