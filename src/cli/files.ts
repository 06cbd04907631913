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

/** The results of those that succeed, and what is to be said of those that reject with an InputError, both in order. */
export async function eachOrError<T>(
  work: readonly Promise<T>[],
): Promise<{ readonly found: readonly T[]; readonly errors: readonly string[] }> {
  const results = await Promise.allSettled(work);
  const failures = results.flatMap((result): readonly unknown[] => (result.status === 'rejected' ? [result.reason] : []));
  const errors = failures.map((failure) => {
    if (!(failure instanceof InputError)) throw failure;
    return failure.message;
  });
  return { found: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])), errors };
}

/** The results of all; or, where some reject with an InputError, one InputError with all their messages. */
export async function allOrErrors<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  const { found, errors } = await eachOrError(work);
  if (errors.length > 0) throw new InputError(errors.join('\nerror: '));
  return found;
}

/** What is in a folder, in order of name. Rejects with InputError. */
export async function listFolder(folder: string): Promise<readonly Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw fileError(`${folder} cannot be read`, error);
  }
}
