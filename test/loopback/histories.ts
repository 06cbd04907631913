import { Hits } from '../simulation/hits';
import type { Tamper } from '../simulation/instance';
import { judge } from '../simulation/judge';
import { startAzurite } from '../support/azurite';
import { connectionSecrets } from './loopback';
import { play } from './play';
import { ROW_SECRET } from './generate';
import { wireFaults } from './wire-faults';

/** Histories under way at once: one waits for its stalls while another works. */
const AT_ONCE = 3;

export interface HistoriesReport {
  /** How often each fault was met, and each other thing happened that must. */
  readonly hits: ReadonlyMap<string, number>;
  readonly missing: readonly string[];
  readonly messages: number;
  /** A sentence for each thing that was wrong, with the seed of its history. */
  readonly wrong: readonly string[];
}

const expected: readonly string[] = [...wireFaults.map(({ name }) => name), 'a process that ends in mid-cycle', 'two instances at once'];

export interface HistoriesOptions {
  /** Seeds `seed`, `seed + 1`, …, one a history. */
  readonly seed: number;
  readonly histories: number;
  readonly onPlayed?: (number: number) => void;
  /** A defect of the program. The first history in which it shows is the last then. */
  readonly tamper?: Tamper;
}

/** Plays histories through the real adapters, and judges each. */
export async function playHistories({ seed, histories, onPlayed, tamper }: HistoriesOptions): Promise<HistoriesReport> {
  const azurite = await startAzurite();
  const endpoint = new URL(/BlobEndpoint=([^;]+)/.exec(azurite.connectionString)?.[1] ?? '').origin;
  const hits = new Hits();
  const wrong: string[] = [];
  let messages = 0;
  let next = 0;
  const playNext = async (): Promise<void> => {
    for (let number = next++; number < histories; number = next++) {
      if (tamper !== undefined && wrong.length > 0) return;
      const each = seed + number;
      const outcome = await play(each, endpoint, tamper).catch((error: unknown) => String(error));
      if (typeof outcome === 'string') {
        wrong.push(`seed ${each}: ${outcome}`);
        continue;
      }
      hits.add(outcome.world.hits);
      messages += outcome.world.received.length;
      const secrets = [ROW_SECRET, ...connectionSecrets].filter((secret) => outcome.said.includes(secret));
      wrong.push(
        ...judge(outcome).map((what) => `seed ${each}: ${what}`),
        ...secrets.map((secret) => `seed ${each}: the secret ${secret} was told`),
      );
      onPlayed?.(number + 1);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, playNext));
  } finally {
    await azurite.stop();
  }
  const counted = new Map(expected.map((name) => [name, hits.of(name)]));
  return { hits: counted, missing: expected.filter((name) => hits.of(name) === 0), messages, wrong };
}
