import { formatInstant, type Instant } from '../value/instant';
import { PortUnavailable, type BlobStore } from './ports';
import { StoredJson } from './stored-json';

/**
 * A message that could not go where it belongs, kept whole with the reason until somebody sends it on. `hunt` keeps what the hub refuses,
 * `ingest-incidents` what it cannot put into the table.
 */
export interface DeadLetter {
  readonly from: DeadLetterOrigin;
  /** One sentence without contents of the message. */
  readonly reason: string;
  readonly keptAt: Instant;
  /** Under which the message goes to the hub; undefined where it came without one. */
  readonly partitionKey: string | undefined;
  readonly body: Uint8Array;
  /** When it was acknowledged at last; undefined as long as it waits. */
  readonly replayedAt: Instant | undefined;
}

const origins = ['hunt', 'ingest-incidents'] as const;
export type DeadLetterOrigin = (typeof origins)[number];

const FORMAT_VERSION = 1;

/** The body as text where it is UTF-8, so that a person can read it. */
function bodyText(body: Uint8Array): { readonly body: string } | { readonly base64: string } {
  try {
    // Without ignoreBOM a mark at the beginning would be lost.
    return { body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) };
  } catch {
    return { base64: Buffer.from(body).toString('base64') };
  }
}

export const deadLetterFormat = {
  /** Throws StoredTextProblem for what this program did not write. */
  parse(text: string): DeadLetter {
    const stored = StoredJson.parse(text);
    const version = stored.member('formatVersion').integer(1);
    if (version > FORMAT_VERSION) stored.expected(`of format ${FORMAT_VERSION}: a newer version of this program wrote it`);
    const base64 = stored.optional('base64', (member) => member.string());
    return {
      from: stored.member('from').oneOf(origins),
      reason: stored.member('reason').string(),
      keptAt: stored.member('keptAt').instant(),
      partitionKey: stored.optional('partitionKey', (member) => member.string()),
      body: base64 === undefined ? new TextEncoder().encode(stored.member('body').string()) : Buffer.from(base64, 'base64'),
      replayedAt: stored.optional('replayedAt', (member) => member.instant()),
    };
  },

  serialise({ from, reason, keptAt, partitionKey, body, replayedAt }: DeadLetter): string {
    const record = {
      formatVersion: FORMAT_VERSION,
      from,
      reason,
      keptAt: formatInstant(keptAt),
      ...(replayedAt === undefined ? {} : { replayedAt: formatInstant(replayedAt) }),
      ...(partitionKey === undefined ? {} : { partitionKey }),
      ...bodyText(body),
    };
    return `${JSON.stringify(record)}\n`;
  },
};

/**
 * Stores a letter where none is yet; one that is there already holds the same message. Rejects with PortUnavailable where it is not certain that
 * one is there: a store may answer "conflict" for another reason, such as a lease, and the message must not be taken for kept then.
 */
export async function keepDeadLetter(store: BlobStore, path: string, letter: DeadLetter): Promise<void> {
  if ((await store.write(path, deadLetterFormat.serialise(letter), undefined)) !== 'conflict') return;
  if ((await store.read(path)) !== undefined) return;
  throw new PortUnavailable('ledger', `a dead letter could be neither written nor found at ${path}; its message stays where it is`);
}
