// `npm run fuzz`: mutated rules through all that reads them, as many as one likes. The same numbers give the same cases.
import { progress, runCommand } from './options.mjs';
import { runTypeScript } from './run-typescript.mjs';

const TOO_LONG_MS = 10_000;
const help = `Usage: npm run fuzz -- [--cases N] [--seed S]

Mutates rules and gives each to all that reads one: the parser, the compiler, the engine. Each must end in a result, in a limit, or in an error
that names its place.

  --cases N   how many mutated rules; default 2000
  --seed S    which ones; default the time, and it is printed
  --help      this text

Example
  $ npm run fuzz -- --cases 2000 --seed 1
  2000 mutated rules, seed 1
       …  refused
       …  ran
  No crash without a diagnostic in … s; the slowest took … ms.

Exit codes: 0 all did; 1 one did not, or took longer than ten seconds, and the shortest text that was found is printed; 2 wrong usage.
`;

const numbers = { cases: { least: 1, otherwise: 2000 }, seed: { least: 1, otherwise: Date.now() % 1_000_000_000 } };

await runCommand({ name: 'fuzz', help, numbers }, async ({ cases, seed }) => {
  const started = performance.now();
  process.stdout.write(`${cases} mutated rules, seed ${seed}\n`);
  const { more, end } = progress(cases, 'rules');
  const { fates, slowest } = await runTypeScript('test/fuzz/fuzz.ts', ({ fuzz }) => fuzz({ cases, seed }, more));
  end();
  for (const [fate, count] of Object.entries(fates)) process.stdout.write(`${String(count).padStart(8)}  ${fate}\n`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`No crash without a diagnostic in ${seconds} s; the slowest took ${Math.round(slowest.milliseconds)} ms.\n`);
  if (slowest.milliseconds > TOO_LONG_MS) {
    process.stdout.write(`That is too long:\n${slowest.text}\n`);
    process.exitCode = 1;
  }
});
