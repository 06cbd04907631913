import { randomUUID } from 'node:crypto';
import { access, link, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { instantFromUnixMilliseconds, type Instant } from '../value/instant';
import { errorCode, filesIn, removeFile, writeDurably } from './files';

/**
 * The versions of one text: files named 1, 2, 3, … in a folder, the highest being the text now. Any number of processes may read and
 * add; a new version is linked to its name when it is whole, and of those who try one name, one wins.
 *
 * Only the last versions are kept, so the name of an old one is free again, and whoever comes late may take it. That shows in the
 * versions that there are by then, and the late text is never the highest.
 */

/** How many are kept, with the one that is the text now. */
const KEPT_VERSIONS = 10;

export interface Version {
  readonly version: number;
  readonly text: string;
}

/** Undefined where there is none. */
export async function latestVersion(folder: string): Promise<number | undefined> {
  return (await versionsIn(folder)).at(-1);
}

/** Undefined where there is none. */
export async function readLatest(folder: string): Promise<Version | undefined> {
  for (;;) {
    const version = await latestVersion(folder);
    if (version === undefined) return undefined;
    const text = await readVersion(folder, version);
    // One that is gone by now has later ones in its place.
    if (text !== undefined) return { version, text };
  }
}

/** Undefined where it is kept no more. */
export function readVersion(folder: string, version: number): Promise<string | undefined> {
  return unlessGone(readFile(join(folder, String(version)), 'utf8'));
}

/** The versions before the one that is the text now, newest first, as far as they are kept. */
export async function earlierVersions(folder: string): Promise<readonly { readonly version: number; readonly writtenAt: Instant }[]> {
  const versions = await versionsIn(folder);
  const earlier = versions.slice(-KEPT_VERSIONS, -1).reverse();
  const found = await Promise.all(
    earlier.map(async (version) => {
      const stats = await unlessGone(stat(join(folder, String(version))));
      return stats === undefined ? [] : [{ version, writtenAt: instantFromUnixMilliseconds(stats.mtimeMs) }];
    }),
  );
  return found.flat();
}

/**
 * Adds the version after `before`, which is 0 for the first, and removes those that are kept no more. Undefined where that one is there
 * already, or `before` is not; also where so many came after it that it may have been there before.
 * @param temporary a folder on the same disk
 */
export async function addVersion(folder: string, before: number, text: string, temporary: string): Promise<number | undefined> {
  if (before > 0 && !(await exists(join(folder, String(before))))) return undefined;
  const version = before + 1;
  const draft = join(temporary, randomUUID());
  try {
    await mkdir(folder, { recursive: true });
    await writeDurably(draft, text);
    if (!(await linked(draft, join(folder, String(version))))) return undefined;
  } finally {
    await removeFile(draft);
  }
  const versions = await versionsIn(folder);
  const latest = versions.at(-1) ?? version;
  // Names up to here were free, or are by now; those after it never were.
  const free = latest - KEPT_VERSIONS;
  for (const old of versions.filter((each) => each <= free)) await removeFile(join(folder, String(old)));
  return version <= free ? undefined : version;
}

/** In rising order. */
async function versionsIn(folder: string): Promise<readonly number[]> {
  const names = (await filesIn(folder)).filter((name) => /^\d+$/.test(name));
  return names.map(Number).sort((left, right) => left - right);
}

/** Whether the name was free, and is the file's now. */
async function linked(file: string, name: string): Promise<boolean> {
  try {
    await link(file, name);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  return (await unlessGone(access(file).then(() => true))) === true;
}

/** Undefined where there is no such file. */
async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
