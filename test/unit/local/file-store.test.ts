import { fork } from 'node:child_process';
import { once } from 'node:events';
import promises, { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PortUnavailable, type VersionedBlobStore } from '../../../src/hunt/ports';
import { createFileStore } from '../../../src/local/file-store';
import { type TemporaryFolder, temporaryFolder } from '../../support/temporary-folder';

/** A process that adds one to a blob, so often, through a store of its own. */
const ADDER = `
  import { createFileStore } from './src/local/file-store';
  const [folder, times] = process.argv.slice(2);
  const store = createFileStore(folder);
  for (let done = 0; done < Number(times); ) {
    const before = await store.read('sum');
    const written = await store.write('sum', String(Number(before?.body ?? '0') + 1), before?.etag);
    if (written !== 'conflict') done += 1;
  }
`;

describe('the file store', () => {
  let temporary: TemporaryFolder;
  let folder: string;

  beforeEach(async () => {
    temporary = await temporaryFolder();
    folder = join(temporary.path, 'ledger');
  });

  afterEach(() => temporary.remove());

  async function writeTimes(times: number): Promise<string> {
    const store = createFileStore(folder);
    let etag: string | undefined;
    for (let count = 1; count <= times; count += 1) {
      const written = await store.write('a/b.json', `text ${count}`, etag);
      if (written === 'conflict') throw new Error('an unexpected conflict');
      etag = written.etag;
    }
    return String(etag);
  }

  it('loses no addition of several processes', async () => {
    const script = join(temporary.path, 'adder.mjs');
    const stdin = { contents: ADDER, resolveDir: process.cwd(), loader: 'ts' } as const;
    await build({ stdin, outfile: script, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    const processes = Array.from({ length: 4 }, () => fork(script, [folder, '25'], { execArgv: [] }));
    const codes = await Promise.all(processes.map(async (child): Promise<unknown> => (await once(child, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0, 0]);
    expect((await createFileStore(folder).read('sum'))?.body).toBe('100');
  });

  it('reads whole texts while another writes', async () => {
    const [writer, reader] = [createFileStore(folder), createFileStore(folder)];
    const texts = Array.from({ length: 40 }, (_, index) => String(index % 10).repeat(20_000));
    let etag: string | undefined;
    for (const text of texts) {
      const [written, ...read] = await Promise.all([writer.write('a', text, etag), reader.read('a'), reader.read('a'), reader.read('a')]);
      if (written === 'conflict') throw new Error('an unexpected conflict');
      etag = written.etag;
      for (const blob of read) expect(blob === undefined || texts.includes(blob.body)).toBe(true);
    }
  });

  /** Adds versions up to the one of that number. */
  async function writeUpTo(last: number, from = 1): Promise<void> {
    const store = createFileStore(folder);
    for (let version = from; version < last; version += 1) await store.write('a/b.json', `text ${version + 1}`, String(version));
  }

  it('reads again when the version it chose is removed under its hands', async () => {
    await writeTimes(1);
    const { readFile } = promises;
    jest.spyOn(promises, 'readFile').mockImplementationOnce(async (...file: Parameters<typeof readFile>) => {
      await writeUpTo(12);
      return readFile(...file);
    });
    expect(await createFileStore(folder).read('a/b.json')).toEqual({ body: 'text 12', etag: '12' });
  });

  it('keeps the last ten versions, readable newest first, and removes the others', async () => {
    expect(await writeTimes(14)).toBe('14');
    const names = (await readdir(join(folder, 'a', 'b.json@'))).map(Number).sort((a, b) => a - b);
    expect(names).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    const store = createFileStore(folder);
    const versions = await store.versions('a/b.json');
    expect(versions.map(({ id }) => id)).toEqual(['13', '12', '11', '10', '9', '8', '7', '6', '5']);
    expect(await store.readVersion('a/b.json', '13')).toBe('text 13');
    expect(await store.readVersion('a/b.json', '4')).toBeUndefined();
    expect(await store.readVersion('a/b.json', 'x')).toBeUndefined();
  });

  it.each([0, 3])('does not let a writer win that comes so late that the name after version %i is free again', async (before) => {
    await writeTimes(3);
    const { link } = promises;
    jest.spyOn(promises, 'link').mockImplementationOnce(async (...names: Parameters<typeof link>) => {
      await writeUpTo(20, 3);
      return link(...names);
    });
    const late = createFileStore(folder).write('a/b.json', 'late', before === 0 ? undefined : String(before));
    expect(await late).toBe('conflict');
    expect(await createFileStore(folder).read('a/b.json')).toEqual({ body: 'text 20', etag: '20' });
    expect(await readdir(join(folder, 'a', 'b.json@'))).toHaveLength(10);
  });

  it('leaves no temporary file behind', async () => {
    await writeTimes(6);
    expect(await createFileStore(folder).write('a/b.json', 'late', '2')).toBe('conflict');
    expect(await readdir(join(folder, '@tmp'))).toEqual([]);
  });

  it('is not disturbed by what a stopped process left, and removes it once it is old', async () => {
    await mkdir(join(folder, '@tmp'), { recursive: true });
    await mkdir(join(folder, 'a', 'b.json@'), { recursive: true });
    await writeFile(join(folder, '@tmp', 'old'), 'half a te');
    await writeFile(join(folder, '@tmp', 'new'), 'half a te');
    await utimes(join(folder, '@tmp', 'old'), 0, 0);
    const store = createFileStore(folder);
    expect(await store.list('')).toEqual([]);
    expect(await store.read('a/b.json')).toBeUndefined();
    expect(await writeTimes(1)).toBe('1');
    expect(await readdir(join(folder, '@tmp'))).toEqual(['new']);
  });

  it('takes an ETag of another store for an outdated one', async () => {
    await writeTimes(1);
    for (const etag of ['', '0', '"0x8DC"', '1e0', '-1', '../1', '999999999999999']) {
      expect(await createFileStore(folder).write('a/b.json', 'x', etag)).toBe('conflict');
    }
  });

  it.each([
    ['reading', (store: VersionedBlobStore) => store.read('a')],
    ['writing', (store: VersionedBlobStore) => store.write('a', 'x', undefined)],
    ['listing', (store: VersionedBlobStore) => store.list('')],
  ])('says of %s which folder cannot be used, why, and what to check', async (_, act) => {
    await writeFile(folder, 'a file where the folder should be');
    const failure: unknown = await act(createFileStore(folder)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PortUnavailable);
    expect(failure).toMatchObject({ port: 'ledger' });
    expect(String(failure)).toContain(`in the folder ${folder} failed (`);
    expect(String(failure)).toMatch(/; check that this user may read and write the folder/);
  });

  it('does not take a file in the way of a blob for another writer', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'a@'), '');
    await expect(createFileStore(folder).write('a', 'x', undefined)).rejects.toThrow(PortUnavailable);
  });
});
