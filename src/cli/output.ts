import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from './files';
import type { Io } from './io';

/** Where a command's data goes. */
export interface Output {
  write(data: string | Uint8Array): Promise<void>;
  /** Makes it the result. */
  commit(): Promise<void>;
  /** Leaves no trace of it; after commit, does nothing. */
  discard(): Promise<void>;
}

/**
 * Standard output, or a file that is there whole or not at all: what is written goes to a temporary file beside it, renamed at the end.
 * Rejects with InputError where the file cannot be written.
 */
export async function openOutput(file: string | undefined, io: Io): Promise<Output> {
  if (file === undefined) return { write: io.out, commit: () => Promise.resolve(), discard: () => Promise.resolve() };
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  const orInputError = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw fileError(`${file} cannot be written`, error);
    }
  };
  const handle = await orInputError(open(temporary, 'w'));
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  return {
    write: async (data) => {
      await orInputError(handle.writeFile(data));
    },
    commit: async () => {
      await orInputError(handle.sync());
      await close();
      await orInputError(rename(temporary, file));
    },
    discard: async () => {
      await close();
      await rm(temporary, { force: true });
    },
  };
}
