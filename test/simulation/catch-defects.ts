import { inPlace } from './defect-switch';
import { defects } from './defects';
import { simulate } from './simulate';

/** The parts of `npm run defects` that are in TypeScript. The arguments and results of its functions can be passed between threads. */

export interface Question {
  readonly name: string;
  /** Seeds from `seed` on, in order, until the defect shows. */
  readonly seed: number;
  readonly histories: number;
}

export interface Caught {
  readonly name: string;
  /** How many histories it took. */
  readonly histories: number;
  /** What was wrong then: where the defect was seen as what it is, in those words. Undefined where nothing was wrong. */
  readonly wrong: string | undefined;
  readonly isUnderstood: boolean;
}

export function questions(options: { readonly seed: number; readonly histories: number }): readonly Question[] {
  return defects.map(({ name }) => ({ name, ...options }));
}

/** Puts a defect in place and plays histories until one is wrong. Only where scripts/replaceable-modules.mjs bundled the program. */
export async function catchDefect({ name, seed, histories: most }: Question, onPlayed?: () => void): Promise<Caught> {
  const defect = defects.find((each) => each.name === name);
  if (defect === undefined) throw new Error(`there is no such defect: ${name}`);
  const { shows, where, ports, plan, patches = {}, patch } = defect;
  inPlace.patches = patches;
  const undo = patch?.();
  try {
    const { histories, failure } = await simulate({ seed, histories: most, where, tamper: { ports, plan } });
    const understood = failure?.wrong.find((each) => shows.test(each));
    return { name, histories, wrong: understood ?? failure?.wrong[0], isUnderstood: understood !== undefined };
  } finally {
    inPlace.patches = {};
    undo?.();
    onPlayed?.();
  }
}

/** The seeds of the histories in which they showed, each once. */
export function seedsOf(seed: number, caught: readonly Caught[]): readonly number[] {
  return [...new Set(caught.flatMap(({ wrong, histories }) => (wrong === undefined ? [] : [seed + histories - 1])))];
}

/** What is wrong in a history without a defect. */
export async function playWithout(seed: number): Promise<readonly string[]> {
  const { failure } = await simulate({ seed, histories: 1 });
  return failure?.wrong ?? [];
}

/** The lines to print and the exit code. */
export function report(
  seed: number,
  caught: readonly Caught[],
  wrongWithout: readonly string[],
): { readonly text: string; readonly exitCode: number } {
  const missed = caught.filter(({ isUnderstood }) => !isUnderstood);
  const lines = [
    `In which history from seed ${seed} on each defect showed, as what:`,
    ...caught.map((each) => `${String(each.histories).padStart(5)}  ${each.name}\n       ${sawOf(each)}`),
    ...wrongWithout.map((each) => `WRONG WITHOUT A DEFECT: ${each}`),
    missed.length === 0 ? `All ${caught.length} defects were caught.` : `${missed.length} of ${caught.length} defects were not caught.`,
    ...(wrongWithout.length === 0 ? ['Nothing was wrong in the same histories without a defect.'] : []),
  ];
  return { text: lines.join('\n'), exitCode: missed.length === 0 && wrongWithout.length === 0 ? 0 : 1 };
}

function sawOf({ wrong, isUnderstood }: Caught): string {
  if (wrong === undefined) return 'NOT CAUGHT';
  return isUnderstood ? wrong : `NOT UNDERSTOOD: ${wrong}`;
}
