import { readdir } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import fc from 'fast-check';
import { assertBlobPath, assertBlobPrefix } from '../../src/hunt/blob-path';
import { createFileStore } from '../../src/local/file-store';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder';

const seed = 20_260_310;

const piece = fc.constantFrom('..', '.', '/', '\\', '%2e', '@', '@tmp', '1', 'a', 'B.json', '-', '_', '\0', '~', ':', ' ', 'é', '․');
const path = fc.oneof(
  fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

function accepts(check: (text: string) => void, text: string): boolean {
  try {
    check(text);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

describe('a blob path', () => {
  it('that is taken is a file path inside the folder it is put in, and a URL path that stays as it is', () => {
    fc.assert(
      fc.property(path, (text) => {
        fc.pre(accepts(assertBlobPath, text));
        expect(resolve('/folder', text)).toBe(`/folder/${text}`);
        expect(new URL(`https://host/container/${text}`).href).toBe(`https://host/container/${text}`);
      }),
      { seed, numRuns: 500 },
    );
  });

  it('that is taken has only beginnings that are taken as prefixes', () => {
    fc.assert(
      fc.property(path, fc.nat(20), (text, length) => {
        fc.pre(accepts(assertBlobPath, text));
        expect(accepts(assertBlobPrefix, text.slice(0, length))).toBe(true);
      }),
      { seed, numRuns: 500 },
    );
  });
});

describe('the file store', () => {
  let parent: TemporaryFolder;

  beforeEach(async () => {
    parent = await temporaryFolder();
  });

  afterEach(() => parent.remove());

  it('touches nothing outside its folder, whatever the path', async () => {
    const folder = join(parent.path, 'store');
    const store = createFileStore(folder);
    await fc.assert(
      fc.asyncProperty(path, async (text) => {
        const taken = accepts(assertBlobPath, text);
        const before = taken ? await store.read(text) : undefined;
        const write = store.write(text, text, before?.etag);
        await (taken ? expect(write).resolves.toHaveProperty('etag') : expect(write).rejects.toThrow(RangeError));
        const outside = (await readdir(parent.path, { recursive: true })).filter(
          (name) => name !== 'store' && !name.startsWith(`store${sep}`),
        );
        expect(outside).toEqual([]);
      }),
      { seed, numRuns: 300 },
    );
    expect(await store.list('')).not.toEqual([]);
  });
});
