// `npm run histories -- --histories N --seed S`: plays histories through the real adapters over loopback, with faults as HTTP and AMQP know
// them, and judges each by its rows. Exit code 1 where something was missed or repeated, or where a fault was never met.
import { parseArgs } from 'node:util';
import { wholeNumber } from './options.mjs';
import { runTypeScript } from './run-typescript.mjs';

const { values } = parseArgs({ options: { histories: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } } });
const histories = wholeNumber('histories', values.histories, 1);
const seed = wholeNumber('seed', values.seed, 0);

const code = await runTypeScript('test/loopback/command.ts', ({ command }) =>
  command(seed, histories, (line) => process.stdout.write(`${line}\n`)),
);
// Where a connection broke while it was closed, the Event Hubs client leaves the timer behind that would have renewed its token.
process.stdout.write('', () => process.exit(code));
