import { countEndPoints } from './end-points';
import { generate } from './generate';
import { Hits } from './hits';
import { formatHistory, type History } from './history';
import type { Tamper } from './instance';
import { judge } from './judge';
import { rememberLedger } from './ledger-memory';
import { play } from './play';
import { shrink } from './shrink';

export interface Simulation {
  readonly histories: number;
  readonly hits: Hits;
  /** The first history in which something was wrong. */
  readonly failure: Failure | undefined;
}

export interface Failure {
  readonly seed: number;
  readonly history: History;
  /** A sentence for each thing that was wrong. */
  readonly wrong: readonly string[];
}

export interface SimulationOptions {
  /** Seeds `seed`, `seed + 1`, …, one a history. */
  readonly seed: number;
  readonly histories: number;
  readonly tamper?: Tamper | undefined;
}

/** In one of so many histories, every instance reads every blob of the ledger. */
const READ_ALL = 20;

/** Plays histories until one is wrong or all are played. */
export async function simulate({ seed, histories, tamper }: SimulationOptions): Promise<Simulation> {
  const hits = new Hits();
  for (let played = 0; played < histories; played += 1) {
    const history = generate(seed + played);
    rememberLedger((seed + played) % READ_ALL !== 0);
    const wrong = await wrongIn(history, tamper, hits);
    if (wrong.length > 0) return { histories: played + 1, hits, failure: { seed: seed + played, history, wrong } };
  }
  return { histories, hits, failure: undefined };
}

/** What is wrong when a history is played. */
export async function wrongIn(history: History, tamper?: Tamper, hits?: Hits): Promise<readonly string[]> {
  const outcome = await play(history, tamper).catch((error: unknown) => String(error));
  if (typeof outcome === 'string') return [outcome];
  const wrong = judge(outcome);
  countEndPoints(outcome);
  hits?.add(outcome.world.hits);
  return wrong;
}

/** For people: what was wrong, and a history as short as it goes in which something still is. */
export async function describeFailure({ seed, history, wrong }: Failure): Promise<string> {
  const shrunk = await shrink(history, async (shorter) => (await wrongIn(shorter)).length > 0);
  return [
    `The history of seed ${seed} came out wrong:`,
    ...wrong.map((each) => `  ${each}`),
    'As short as it goes:',
    ...(await wrongIn(shrunk)).map((each) => `  ${each}`),
    formatHistory(shrunk),
  ].join('\n');
}
