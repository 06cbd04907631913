import { open, readdir, rm, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';

const LEFTOVER_AFTER_MS = 3_600_000;

/** The system's code of a failed file operation, e.g. EACCES; else `unknown`. */
export function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}

/** Names of the files in a folder; none where there is no such folder. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  return (await entriesIn(folder)).filter((entry) => entry.isFile()).map((entry) => entry.name);
}

/** Names of the folders in a folder; none where there is no such folder. */
export async function foldersIn(folder: string): Promise<readonly string[]> {
  return (await entriesIn(folder)).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** Writes a new file and waits until the disk has it. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes a file of ours that nobody needs any more. One that cannot be removed does no harm. */
export async function removeFile(file: string): Promise<void> {
  await rm(file, { force: true }).catch(() => undefined);
}

/** Removes the files of a folder that were last written over an hour ago: their writers are gone. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await filesIn(folder)) {
    const file = join(folder, name);
    const written = await stat(file).then(
      (stats) => stats.mtimeMs,
      () => Infinity,
    );
    if (written < Date.now() - LEFTOVER_AFTER_MS) await removeFile(file);
  }
}

async function entriesIn(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
