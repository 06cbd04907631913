import { countEndPoints } from './end-points';
import { generate } from './generate';
import { Hits } from './hits';
import { formatHistory, type History } from './history';
import type { Tamper } from './instance';
import { judge } from './judge';
import { rememberLedger } from './ledger-memory';
import { play } from './play';
import { shrink } from './shrink';
import { story } from './story';

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
  /** Histories for which it is false are counted, and not played. Default: all are played. */
  readonly where?: ((history: History) => boolean) | undefined;
  /** Told after each history. */
  readonly onPlayed?: (() => void) | undefined;
}

/** In one of so many histories, every instance reads every blob of the ledger. */
const READ_ALL = 20;

/** Plays histories until one is wrong or all are played. */
export async function simulate({ seed, histories, tamper, where, onPlayed }: SimulationOptions): Promise<Simulation> {
  const hits = new Hits();
  for (let played = 0; played < histories; played += 1) {
    const history = generate(seed + played);
    if (where?.(history) === false) continue;
    rememberLedger((seed + played) % READ_ALL !== 0);
    const wrong = await wrongIn(history, tamper, hits);
    onPlayed?.();
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

/** For people: what was wrong, and a history as short as it goes in which that still is. */
export async function describeFailure({ seed, history, wrong }: Failure, tamper?: Tamper): Promise<string> {
  const kinds = new Set(wrong.map(kindOf));
  const shrunk = await shrink(history, async (shorter) => (await wrongIn(shorter, tamper)).some((each) => kinds.has(kindOf(each))));
  const list = (lines: readonly string[]): readonly string[] => [
    ...lines.slice(0, MOST_LINES).map((each) => `  ${each}`),
    ...(lines.length > MOST_LINES ? [`  and ${lines.length - MOST_LINES} more`] : []),
  ];
  return [
    `The history of seed ${seed} came out wrong:`,
    ...list(wrong),
    'As short as it goes:',
    story(shrunk),
    'and at its end:',
    ...list(await wrongIn(shrunk, tamper)),
    'To keep it, write this into test/simulation/regressions/, under a name that says what must hold:',
    formatHistory(shrunk),
  ].join('\n');
}

const MOST_LINES = 12;

/** A sentence without the names and times in it: what is left when a history is made short is the same mistake, and not any. */
function kindOf(wrong: string): string {
  return wrong.replace(/\S*\d\S*/g, '…');
}
