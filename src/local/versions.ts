import { randomUUID } from 'node:crypto';
import { access, link, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, filesIn, removeFile, writeDurably } from './files';

/**
 * The versions of one text: files named 1, 2, 3, … in a folder, the highest being the text now. Any number of processes may read and
 * add; a new version is linked to its name when it is whole, and of those who try one name, one wins. A version's name is never
 * free again: older ones are emptied, not removed, or whoever comes late would take the name and believe it had won.
 */

export interface Version {
  readonly version: number;
  readonly text: string;
}

/** Undefined where there is none. */
export async function latestVersion(folder: string): Promise<number | undefined> {
  const versions = (await filesIn(folder)).filter((name) => /^\d+$/.test(name)).map(Number);
  return versions.length === 0 ? undefined : versions.reduce((highest, version) => Math.max(highest, version));
}

/** Undefined where there is none. */
export async function readLatest(folder: string): Promise<Version | undefined> {
  let version = await latestVersion(folder);
  while (version !== undefined) {
    const text = await readFile(join(folder, String(version)), 'utf8');
    // An empty text may be an emptied version, but then a later one is there by now.
    const latest = text === '' ? await latestVersion(folder) : version;
    if (latest === version) return { version, text };
    version = latest;
  }
  return undefined;
}

/**
 * Adds the version after `before`, which is 0 for the first. Undefined where that one is there already, or `before` is not.
 * @param temporary a folder on the same disk
 */
export async function addVersion(folder: string, before: number, text: string, temporary: string): Promise<number | undefined> {
  if (before > 0 && !(await exists(join(folder, String(before))))) return undefined;
  const version = before + 1;
  const draft = join(temporary, randomUUID());
  try {
    await mkdir(folder, { recursive: true });
    await writeDurably(draft, text);
    return (await linked(draft, join(folder, String(version)))) ? version : undefined;
  } finally {
    await removeFile(draft);
  }
}

/** Empties a version that exists. A failure changes nothing that a reader sees, so it is none of the caller's. */
export async function emptyVersion(folder: string, version: number, temporary: string): Promise<void> {
  const empty = join(temporary, randomUUID());
  try {
    await writeDurably(empty, '');
    // A new file takes the name: who has the old one open reads on undisturbed.
    await rename(empty, join(folder, String(version)));
  } catch {
    await removeFile(empty);
  }
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
  try {
    await access(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
