// `npm run simulate`: plays simulated histories, as many as one likes. The same numbers give the same output, however many threads play.
import { availableParallelism } from 'node:os';
import { inThreads } from './in-threads.mjs';
import { progress, runCommand } from './options.mjs';
import { withBundle } from './run-typescript.mjs';

const help = `Usage: npm run simulate -- [--histories N] [--seed S] [--threads T]

Plays histories of 72 hours and more against the hunt's own code, on a virtual clock: rows that come late, out of order and twice; ticks lost,
late, doubled and overlapping; every fault of the row source, the hub and the ledger; processes that die between any two steps; rules that are
deployed again. Then asks of each: is what was posted what the rows say, was anything missed, repeated or taken back, does the ledger cover it all?

  --histories N  how many; default 2000
  --seed S       of the first; the others are S+1, S+2, …; default 1
  --threads T    default: one for each core
  --help         this text

Example
  $ npm run simulate -- --histories 2000 --seed 1
  Played 2000 histories of the seeds 1 to 2000. How often each thing was hit in them:
       …  tick: lost
       …  fault: publish: acknowledgement lost
       …
  Nothing was missed and nothing repeated.

A history that comes out wrong is made short and printed, as a story and as JSON to keep in test/simulation/regressions/.

Exit codes: 0 nothing was missed and nothing repeated; 1 something was, or something that can happen never did; 2 wrong usage.
`;

const numbers = {
  histories: { least: 1, otherwise: 2000 },
  seed: { least: 0, otherwise: 1 },
  threads: { least: 1, otherwise: availableParallelism() },
};

await runCommand({ name: 'simulate', help, numbers }, ({ threads, ...all }) =>
  withBundle('test/simulation/command.ts', async (address) => {
    const { sharesOf, report } = await import(address);
    const { more, end } = progress(all.histories, 'histories');
    const results = await inThreads({ threads, address, name: 'playShare', args: sharesOf(all, threads), onTold: more });
    end();
    const { text, exitCode } = report(all, results);
    process.stdout.write(`${text}\n`);
    process.exitCode = exitCode;
  }),
);
