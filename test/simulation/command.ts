import { Hits } from './hits';
import { describeFailure, simulate } from './simulate';

/** The parts of `npm run simulate` that are the same in one thread and in several. */

/** Seeds `seed` to `seed + histories − 1`. */
export interface Share {
  readonly seed: number;
  readonly histories: number;
}

/** What came of a share, as it can be passed between threads. */
export interface ShareResult {
  readonly played: number;
  readonly hits: readonly (readonly [name: string, times: number])[];
  /** For people; undefined where every history came out right. */
  readonly failure: string | undefined;
}

/** `onPlayed` is told after each history. */
export async function playShare(share: Share, onPlayed?: () => void): Promise<ShareResult> {
  const { histories, hits, failure } = await simulate({ ...share, onPlayed });
  return { played: histories, hits: hits.entries(), failure: failure && (await describeFailure(failure)) };
}

/** Parts of about the same size, in order. */
export function sharesOf({ seed, histories }: Share, parts: number): readonly Share[] {
  const size = Math.ceil(histories / parts);
  return Array.from({ length: parts }, (_, part) => ({
    seed: seed + part * size,
    histories: Math.max(0, Math.min(size, histories - part * size)),
  }));
}

/** The lines to print and the exit code, by the shares' results in order. */
export function report({ seed, histories }: Share, results: readonly ShareResult[]): { readonly text: string; readonly exitCode: number } {
  const hits = new Hits();
  for (const result of results) for (const [name, times] of result.hits) hits.count(name, times);
  const failure = results.find((result) => result.failure !== undefined)?.failure;
  const missing = hits.missing();
  const played = results.reduce((sum, result) => sum + result.played, 0);
  const lines = [
    ...(failure === undefined ? [] : [failure]),
    `Played ${played} histories of the seeds ${seed} to ${seed + histories - 1}. How often each thing was hit in them:`,
    hits.table(),
    ...(missing.length === 0 ? [] : [`Never hit: ${missing.join('; ')}. Play more histories.`]),
    ...(failure === undefined ? [`Nothing was missed and nothing repeated.`] : []),
  ];
  return { text: lines.join('\n'), exitCode: failure === undefined && missing.length === 0 ? 0 : 1 };
}
