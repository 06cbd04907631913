import { Random } from '../simulation/random';
import { crashRun, type CrashReport } from './crash-run';
import { moments, momentsToHit } from './moments';

/** The parts of `npm run crash` that are in TypeScript: the run, its progress and its report. */
export async function command(seed: number, kills: number, say: (line: string) => void): Promise<number> {
  say(`Killing the built app at ${kills} moments, seed ${seed}, while rows arrive.`);
  const report = await crashRun({
    seed,
    kills: momentsToHit(new Random(seed), kills),
    onKill: (number) => {
      if (number % 50 === 0) say(`… ${number} kills`);
    },
  });
  const { text, exitCode } = describe(report);
  say(text);
  return exitCode;
}

function describe({ hits, rows, messages, incidents, parted, repeated, hoursCovered, wrong }: CrashReport): {
  readonly text: string;
  readonly exitCode: number;
} {
  const missing = moments.filter((moment) => !hits.has(moment));
  const table = moments.map((moment) => `${String(hits.get(moment) ?? 0).padStart(6)}  ${moment}`);
  const lines = [
    'Killed when',
    ...table,
    `${rows} rows in ${hoursCovered} hours; ${messages} messages, ${repeated} of them sent again, byte for byte`,
    `${incidents} incidents, ${parted} of them pairs that the edge of an hour parts`,
    ...wrong.map((each) => `WRONG: ${each}`),
    ...(missing.length === 0 ? [] : [`Never killed when: ${missing.join('; ')}. Kill more often.`]),
    ...(wrong.length === 0 ? ['Nothing was missed, nothing was said twice, and no secret was written.'] : []),
  ];
  return { text: lines.join('\n'), exitCode: wrong.length === 0 && missing.length === 0 ? 0 : 1 };
}
