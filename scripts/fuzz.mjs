// `npm run fuzz -- --cases N --seed S`: mutated rules through all that reads them, as many as one likes. Exit code 1, and the shortest text
// that was found, where one breaks something or takes longer than ten seconds. The same numbers give the same cases.
import { parseArgs } from 'node:util';
import { wholeNumber } from './options.mjs';
import { runTypeScript } from './run-typescript.mjs';

const TOO_LONG = 10_000;
const usage = `npm run fuzz -- [--cases N] [--seed S]

  --cases N   how many mutated rules (2000)
  --seed S    which ones (the time, and it is printed)
`;

async function main({ cases, seed }) {
  const started = performance.now();
  process.stdout.write(`${cases} mutated rules, seed ${seed}\n`);
  const { fates, slowest } = await runTypeScript('test/fuzz/fuzz.ts', ({ fuzz }) =>
    fuzz({ cases, seed }, (done) => {
      if (process.stderr.isTTY && done % 50 === 0) process.stderr.write(`\r${done} of ${cases}`);
    }),
  );
  if (process.stderr.isTTY) process.stderr.write('\r');
  for (const [fate, count] of Object.entries(fates)) process.stdout.write(`${String(count).padStart(8)}  ${fate}\n`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`No crash without a diagnostic in ${seconds} s; the slowest took ${Math.round(slowest.milliseconds)} ms.\n`);
  if (slowest.milliseconds > TOO_LONG) {
    process.stdout.write(`That is too long:\n${slowest.text}\n`);
    process.exitCode = 1;
  }
}

try {
  const { values } = parseArgs({
    options: { cases: { type: 'string', default: '2000' }, seed: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) process.stdout.write(usage);
  else
    await main({
      cases: wholeNumber('cases', values.cases, 1),
      seed: wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000_000), 1),
    });
} catch (error) {
  const isUsage = error instanceof RangeError || error?.code?.startsWith('ERR_PARSE_ARGS') === true;
  process.stderr.write(isUsage ? `${error.message}\n\n${usage}` : `${error?.stack ?? error}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
