import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { assertBlobPath, assertBlobPrefix } from '../hunt/blob-path';
import { PortUnavailable, type VersionedBlobStore } from '../hunt/ports';
import { errorCode, foldersIn, removeLeftovers } from './files';
import { addVersion, earlierVersions, latestVersion, readLatest, readVersion } from './versions';

/**
 * A VersionedBlobStore in a folder, for any number of processes on one machine. Blob `a/b.json` is the folder `a/b.json@`, and its version n
 * the file `n` in it; the ETag is n. No path has an `@`, so neither these folders nor `@tmp` can be another blob's.
 *
 * A process may stop at any point: what it leaves is a file in `@tmp`, which another store's first write removes an hour later.
 * The file system must have hard links, and must tell upper from lower case where paths differ in case alone.
 */
export function createFileStore(folder: string): VersionedBlobStore {
  const root = resolve(folder);
  const temporary = join(root, '@tmp');
  let swept = false;

  async function attempt<T>(action: string, operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      const check = 'check that this user may read and write the folder, and that its disk has free space and hard links';
      throw new PortUnavailable('ledger', `${action} in the folder ${root} failed (${errorCode(error)}); ${check}.`, { cause: error });
    }
  }

  return {
    async read(path) {
      assertBlobPath(path);
      return attempt(`reading ${path}`, async () => {
        const latest = await readLatest(versionsOf(root, path));
        return latest && { body: latest.text, etag: String(latest.version) };
      });
    },

    async write(path, body, expected) {
      assertBlobPath(path);
      const before = expected === undefined ? 0 : versionOf(expected);
      if (before === undefined) return 'conflict';
      return attempt(`writing ${path}`, async () => {
        await mkdir(temporary, { recursive: true });
        if (!swept) await removeLeftovers(temporary);
        swept = true;
        const versions = versionsOf(root, path);
        const version = await addVersion(versions, before, body, temporary);
        if (version === undefined) return 'conflict';
        return { etag: String(version) };
      });
    },

    async versions(path) {
      assertBlobPath(path);
      return attempt(`listing the versions of ${path}`, async () => {
        const earlier = await earlierVersions(versionsOf(root, path));
        return earlier.map(({ version, writtenAt }) => ({ id: String(version), writtenAt }));
      });
    },

    async readVersion(path, id) {
      assertBlobPath(path);
      const version = versionOf(id);
      if (version === undefined) return undefined;
      return attempt(`reading version ${id} of ${path}`, () => readVersion(versionsOf(root, path), version));
    },

    async list(prefix) {
      assertBlobPrefix(prefix);
      const parent = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      const paths = await attempt(`listing '${prefix}'`, () => blobsUnder(root, parent));
      return paths.filter((path) => path.startsWith(prefix)).sort();
    },
  };
}

function versionsOf(root: string, path: string): string {
  return join(root, ...`${path}@`.split('/'));
}

/** Undefined for the ETag of some other store: no version of ours has it. */
function versionOf(etag: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(etag) ? Number(etag) : undefined;
}

/** @param parent the empty text, or the beginning of a path up to and with a `/` */
async function blobsUnder(root: string, parent: string): Promise<readonly string[]> {
  const folders = await foldersIn(join(root, ...parent.split('/')));
  const found = folders
    .filter((name) => !name.startsWith('@'))
    .map(async (name): Promise<readonly string[]> => {
      if (!name.endsWith('@')) return blobsUnder(root, `${parent}${name}/`);
      const path = `${parent}${name.slice(0, -1)}`;
      return (await latestVersion(versionsOf(root, path))) === undefined ? [] : [path];
    });
  return (await Promise.all(found)).flat();
}
