import { readdir, readFile } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { errorCode } from '../local/files';
import type { RuleFile } from '../rule/parse-rules';
import { InputError } from './io';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'it is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EACCES: 'this user may not read or write it',
  EPERM: 'this user may not read or write it',
  EEXIST: 'a file of that name is in the way',
  EROFS: 'the disk can only be read',
  ENOSPC: 'the disk is full',
};

/** What the system said of a file, as an InputError; any other error as it is. */
export function fileError(what: string, error: unknown): unknown {
  const code = errorCode(error);
  return code === 'unknown' ? error : new InputError(`${what}: ${reasons[code] ?? code}`, { cause: error });
}

/** A text file with its name as given. Rejects with InputError. */
export async function readText(file: string): Promise<RuleFile> {
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    throw fileError(`${file} cannot be read`, error);
  }
}

/** The results of all; or, where some reject with an InputError, one InputError with all their messages. */
export async function allOrErrors<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  const results = await Promise.allSettled(work);
  const failures = results.flatMap((result): readonly unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  const messages = failures.map((failure) => {
    if (!(failure instanceof InputError)) throw failure;
    return failure.message;
  });
  if (messages.length > 0) throw new InputError(messages.join('\nerror: '));
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** What is in a folder, in order of name. Rejects with InputError. */
export async function listFolder(folder: string): Promise<readonly Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw fileError(`${folder} cannot be read`, error);
  }
}
