// `npm run defects`: puts known defects into the program, one at a time, and plays simulated histories until the judge sees each.
import { availableParallelism } from 'node:os';
import { inThreads } from './in-threads.mjs';
import { progress, runCommand } from './options.mjs';
import { replaceableModules } from './replaceable-modules.mjs';
import { withBundle } from './run-typescript.mjs';

const help = `Usage: npm run defects -- [--histories N] [--seed S] [--threads T]

Asks whether the simulator (npm run simulate) sees what it is there to see. Puts mistakes that the program could have into it from outside
(test/simulation/defects), one at a time, and plays histories until one comes out wrong, and as what that mistake is. Then plays the histories
in which they showed without any defect: in those nothing may be wrong.

  --histories N  within how many each must show; default 500
  --seed S       of the first; the others are S+1, S+2, …; default 20201214
  --threads T    default: one for each core
  --help         this text

Example
  $ npm run defects
  In which history from seed 20201214 on each defect showed, as what:
      …
     33  leaves a pair active for which an incident of the rule stands
         many.w1.2026-03-13T0200.240m.ex08.split is active beside an incident of the rule
      …
  All 61 defects were caught.
  Nothing was wrong in the same histories without a defect.

Exit codes: 0 every defect was caught as what it is; 1 one was not, or something was wrong without a defect; 2 wrong usage.
`;

const numbers = {
  histories: { least: 1, otherwise: 500 },
  seed: { least: 0, otherwise: 20_201_214 },
  threads: { least: 1, otherwise: availableParallelism() },
};

await runCommand({ name: 'defects', help, numbers }, ({ histories, seed, threads }) =>
  withBundle(
    'test/simulation/catch-defects.ts',
    async (address) => {
      const { questions, seedsOf, report } = await import(address);
      const asked = questions({ seed, histories });
      const { more, end } = progress(asked.length, 'defects');
      const inAll = (name, args) => inThreads({ threads, address, name, args, onTold: more });
      const caught = await inAll('catchDefect', asked);
      end();
      const wrongWithout = (await inAll('playWithout', seedsOf(seed, caught))).flat();
      const { text, exitCode } = report(seed, caught, wrongWithout);
      process.stdout.write(`${text}\n`);
      process.exitCode = exitCode;
    },
    [replaceableModules],
  ),
);
