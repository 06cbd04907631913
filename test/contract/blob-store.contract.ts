import type { BlobStore, VersionedBlobStore } from '../../src/hunt/ports';

/** Two stores over the same, empty storage, as two processes have them. */
export interface OpenedStores {
  readonly store: VersionedBlobStore;
  /** Whether earlier versions are kept. */
  readonly keepsVersions: boolean;
  readonly other: BlobStore;
  close(): Promise<void>;
}

export const hostilePaths: readonly string[] = [
  '',
  '/',
  '/etc/passwd',
  'a/',
  'a//b',
  '.',
  '..',
  '../a',
  'a/../b',
  'a/./b',
  'a/..',
  'a.',
  'a\\b',
  'a b',
  'a\0',
  'a\n',
  'a@/1',
  '@tmp/a',
  'a?sig=1',
  'a#b',
  'a%2e%2e/b',
  'C:/a',
  'é',
  'x'.repeat(201),
  'x/'.repeat(600).concat('x'),
];

/** What every BlobStore keeps. */
export function describeBlobStore(name: string, open: () => Promise<OpenedStores>): void {
  describe(`a blob store on ${name}`, () => {
    let stores: OpenedStores;
    let store: VersionedBlobStore;
    let other: BlobStore;

    beforeEach(async () => {
      stores = await open();
      ({ store, other } = stores);
    });

    afterEach(() => stores.close());

    async function write(path: string, body: string, expected: string | undefined): Promise<string> {
      const written = await store.write(path, body, expected);
      if (written === 'conflict') throw new Error(`an unexpected conflict on ${path}`);
      return written.etag;
    }

    it('reads nothing and lists nothing before the first write', async () => {
      expect(await store.read('a/b.json')).toBeUndefined();
      expect(await store.list('')).toEqual([]);
    });

    it('reads what was written, with the ETag that the write gave', async () => {
      const body = JSON.stringify({ text: 'Zoë 🔎 "quoted"\r\n\u2028 x'.repeat(1_000) });
      const etag = await write('a/b.json', body, undefined);
      expect(await store.read('a/b.json')).toEqual({ body, etag });
      expect(await other.read('a/b.json')).toEqual({ body, etag });
    });

    it('tells what a blob held before, newest first, where earlier versions are kept', async () => {
      let etag: string | undefined;
      for (const body of ['1', '2', '3']) etag = await write('a', body, etag);
      await write('a/b', 'another blob', undefined);
      const versions = await store.versions('a');
      const texts = await Promise.all(versions.map(({ id }) => store.readVersion('a', id)));
      expect(texts).toEqual(stores.keepsVersions ? ['2', '1'] : []);
      expect(await store.versions('nothing')).toEqual([]);
    });

    it('keeps an empty text', async () => {
      const etag = await write('empty', '', undefined);
      expect(await other.read('empty')).toEqual({ body: '', etag });
    });

    it('replaces a blob whose ETag is the expected one', async () => {
      const first = await write('a', '1', undefined);
      const second = await write('a', '2', first);
      expect(second).not.toBe(first);
      expect(await other.read('a')).toEqual({ body: '2', etag: second });
    });

    it('answers conflict to the creation of a blob that there is, and changes nothing', async () => {
      const etag = await write('a', '1', undefined);
      expect(await other.write('a', '2', undefined)).toBe('conflict');
      expect(await store.read('a')).toEqual({ body: '1', etag });
    });

    it('answers conflict to an outdated ETag, however many writes have come since', async () => {
      const etags = [await write('a', '0', undefined)];
      for (let count = 1; count <= 12; count += 1) etags.push(await write('a', String(count), etags.at(-1)));
      for (const etag of etags.slice(0, -1)) expect(await other.write('a', 'late', etag)).toBe('conflict');
      expect(await store.read('a')).toEqual({ body: '12', etag: etags.at(-1) });
    });

    it('answers conflict to an ETag of a blob that there is not', async () => {
      const etag = await write('a', '1', undefined);
      expect(await store.write('b', '1', etag)).toBe('conflict');
      expect(await store.read('b')).toBeUndefined();
      expect(await store.list('')).toEqual(['a']);
    });

    it('lets exactly one of many simultaneous creations win', async () => {
      const bodies = Array.from({ length: 12 }, (_, index) => String(index));
      const outcomes = await Promise.all(bodies.map((body, index) => (index % 2 === 0 ? store : other).write('a', body, undefined)));
      const winners = bodies.filter((_, index) => outcomes[index] !== 'conflict');
      expect(winners).toHaveLength(1);
      expect((await store.read('a'))?.body).toBe(winners[0]);
    });

    it('lets exactly one of many simultaneous writes with the same ETag win', async () => {
      const etag = await write('a', 'first', undefined);
      const bodies = Array.from({ length: 12 }, (_, index) => String(index));
      const outcomes = await Promise.all(bodies.map((body, index) => (index % 2 === 0 ? store : other).write('a', body, etag)));
      const winners = bodies.filter((_, index) => outcomes[index] !== 'conflict');
      expect(winners).toHaveLength(1);
      expect((await other.read('a'))?.body).toBe(winners[0]);
    });

    it('loses no addition of writers that read, add and write again after a conflict', async () => {
      const add = async (writer: BlobStore): Promise<void> => {
        for (;;) {
          const before = await writer.read('sum');
          const written = await writer.write('sum', String(Number(before?.body ?? '0') + 1), before?.etag);
          if (written !== 'conflict') return;
        }
      };
      await Promise.all(Array.from({ length: 20 }, (_, index) => add(index % 2 === 0 ? store : other)));
      expect((await store.read('sum'))?.body).toBe('20');
    });

    it('lists the paths that begin with a prefix, by UTF-16 code units', async () => {
      const paths = [
        'w/r/2026-03-10.json',
        'w/r/head.json',
        'w/r/split/head.json',
        'w/r2/head.json',
        'w/R/head.json',
        'w/r-/x',
        'w/r',
        'v',
      ];
      for (const path of paths) await write(path, path, undefined);
      expect(await other.list('')).toEqual([...paths].sort());
      expect(await other.list('w/r/')).toEqual(['w/r/2026-03-10.json', 'w/r/head.json', 'w/r/split/head.json']);
      expect(await other.list('w/r')).toEqual([
        'w/r',
        'w/r-/x',
        'w/r/2026-03-10.json',
        'w/r/head.json',
        'w/r/split/head.json',
        'w/r2/head.json',
      ]);
      expect(await other.list('w/r/s')).toEqual(['w/r/split/head.json']);
      expect(await other.list('w/r/split/head.json')).toEqual(['w/r/split/head.json']);
      expect(await other.list('nothing/here')).toEqual([]);
    });

    it('keeps blobs apart whose paths begin alike', async () => {
      const paths = ['a', 'a/b', 'a/b.1', 'a/b.1/1', 'a/1', 'a.b', 'A1/b', '1'];
      for (const path of paths) await write(path, path, undefined);
      for (const path of paths) expect((await other.read(path))?.body).toBe(path);
    });

    it.each(hostilePaths.map(labelled))('refuses the path %s', async (_label, path) => {
      await expect(store.read(path)).rejects.toThrow(RangeError);
      await expect(store.write(path, 'x', undefined)).rejects.toThrow(RangeError);
    });

    it.each(['/', '../', 'a//', 'a b', '@', 'a\\'])('refuses to list the prefix %j', async (prefix) => {
      await expect(store.list(prefix)).rejects.toThrow(RangeError);
    });
  });
}

function labelled(path: string): readonly [label: string, path: string] {
  return [path.length > 40 ? `${path.slice(0, 10)}… of ${path.length} characters` : JSON.stringify(path), path];
}
