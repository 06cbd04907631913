import { deadLetterFormat } from '../../../src/hunt/dead-letter';
import type { TableSink } from '../../../src/ingest/ports';
import { readLetters, replay } from '../../../src/ingest/replay';
import { instant } from '../../../src/value/instant';
import { FakeBlobStore } from '../../support/fake-blob-store';
import { bytesOf, message } from '../../support/ingestion';

const now = instant('2026-03-10T12:00:00Z');
const earlier = instant('2026-03-10T11:59:00Z');

function letter(number: number, replayedAt?: typeof now): string {
  const keptAt = instant('2026-03-10T11:00:00Z');
  const body = bytesOf(message(number));
  return deadLetterFormat.serialise({ from: 'ingest-incidents', reason: 'r', keptAt, partitionKey: undefined, body, replayedAt });
}

/** Replays what is stored; `meanwhile` happens after the letters are sent, and before they are marked. */
async function replayed(deadLetters: FakeBlobStore, meanwhile: () => void) {
  const table: TableSink = {
    upload: async (rows) => {
      meanwhile();
      return { accepted: rows.map((_, index) => index), refused: [], requests: 1, throttledMs: 0 };
    },
    probe: async () => ({ kind: 'ready' }),
  };
  const letters = await readLetters(deadLetters);
  return replay(letters, { clock: { now: () => now }, deadLetters, hub: undefined, table }, false);
}

const markOf = (store: FakeBlobStore, path: string): unknown => deadLetterFormat.parse(store.peek(path) ?? '').replayedAt;

describe('replay', () => {
  it('gives its results in the order of the letters, whatever becomes of each', async () => {
    const store = new FakeBlobStore();
    for (const [path, text] of [
      ['a', letter(1)],
      ['b', 'none'],
      ['c', letter(2)],
    ] as const)
      store.put(path, text);
    const results = await replayed(store, () => undefined);
    expect(results.map(({ path, outcome }) => [path, outcome])).toEqual([
      ['a', 'replayed'],
      ['b', 'unreadable'],
      ['c', 'replayed'],
    ]);
  });

  it('leaves the mark that another replay has made meanwhile', async () => {
    const store = new FakeBlobStore();
    store.put('a', letter(1));
    expect(await replayed(store, () => store.put('a', letter(1, earlier)))).toMatchObject([{ path: 'a', outcome: 'replayed' }]);
    expect(markOf(store, 'a')).toBe(earlier);
  });

  it('marks a letter after a conflict, when it is still there', async () => {
    const store = new FakeBlobStore();
    store.put('a', letter(1));
    store.failNext('conflict', ({ operation }) => operation === 'write');
    await replayed(store, () => undefined);
    expect(store.pendingFailures).toBe(0);
    expect(markOf(store, 'a')).toBe(now);
  });

  it('passes over a letter that is none any more when it is marked', async () => {
    const store = new FakeBlobStore();
    store.put('a', letter(1));
    expect(await replayed(store, () => store.put('a', 'none'))).toMatchObject([{ outcome: 'replayed' }]);
    expect(store.peek('a')).toBe('none');
  });
});
