import type { RecordFormat } from './ledger-format';
import { PortUnavailable, type BlobStore } from './ports';
import { NewerFormat, StoredTextProblem } from './stored-json';

/**
 * From what is stored to what is to be stored; undefined leaves it as it is. Called again, as a repeat, with what is stored after a write that
 * came to nothing or whose outcome is unknown. Also a 'conflict' may be a write's own first try, so it must recognise its own work.
 */
export type Change<T> = (current: T | undefined, isRepeat: boolean) => T | undefined;

/** More writers than that at one blob at once are no coincidence. */
const MAX_CONFLICTS = 20;

/** The store has tried each write several times already. */
const MAX_UNKNOWN = 3;

/** A blob of the ledger that cannot be read as one. It is left as it is. */
export class LedgerUnreadable extends Error {
  override readonly name = 'LedgerUnreadable';
}

/** A change that waits for its write. */
interface Waiting<T> {
  readonly change: Change<T>;
  readonly resolve: (value: T | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** What a blob held when it was last read or written here. */
interface Seen<T> {
  readonly etag: string | undefined;
  readonly value: T | undefined;
}

/**
 * Records kept as blobs, changed by compare-and-swap. In this process one write of a blob comes after another, and takes with it all changes
 * that waited for it. A write trusts what was last seen of the blob: if that is old it is a conflict, and the blob is read again.
 */
export class SwappedBlobs {
  private readonly store: BlobStore;
  private readonly seen = new Map<string, Seen<unknown>>();
  /** Of blobs that are being written. */
  private readonly waiting = new Map<string, Waiting<unknown>[]>();

  constructor(store: BlobStore) {
    this.store = store;
  }

  /** Undefined where nothing is stored. Rejects with PortUnavailable or LedgerUnreadable. */
  async read<T>(path: string, format: RecordFormat<T>): Promise<T | undefined> {
    return (await this.look(path, format)).value;
  }

  /**
   * Resolves to what the blob held when the change was made or found needless. Rejects with LedgerUnreadable, with PortUnavailable
   * where the store cannot be reached, and as the change throws; in the second case the change may or may not have been made.
   */
  update<T>(path: string, format: RecordFormat<T>, change: Change<T>): Promise<T | undefined> {
    return new Promise<T | undefined>((resolve, reject) => {
      const queue = this.waiting.get(path);
      // A path has one format, so what waits for it is of one type.
      const waiting = { change, resolve, reject } as Waiting<unknown>;
      if (queue !== undefined) {
        queue.push(waiting);
        return;
      }
      this.waiting.set(path, [waiting]);
      void this.swapAll(path, format);
    });
  }

  private async swapAll<T>(path: string, format: RecordFormat<T>): Promise<void> {
    for (;;) {
      const together = this.waiting.get(path)?.splice(0) as Waiting<T>[] | undefined;
      if (together === undefined || together.length === 0) break;
      try {
        const value = await this.swap(path, format, together);
        together.forEach(({ resolve }) => resolve(value));
      } catch (error) {
        // Whoever waited meanwhile would only wait for the same store once more.
        const others = error instanceof PortUnavailable ? (this.waiting.get(path)?.splice(0) ?? []) : [];
        [...together, ...others].forEach(({ reject }) => reject(error));
      }
    }
    this.waiting.delete(path);
  }

  /** Changes that throw are rejected and taken out of `together`; the others are made by one write. */
  private async swap<T>(path: string, format: RecordFormat<T>, together: Waiting<T>[]): Promise<T | undefined> {
    let conflicts = 0;
    let unknown = 0;
    for (;;) {
      const { etag, value: current } = (this.seen.get(path) as Seen<T> | undefined) ?? (await this.look(path, format));
      const next = applyAll(together, current, conflicts + unknown > 0);
      if (next === undefined || next === current) return current;
      this.seen.delete(path);
      try {
        const written = await this.store.write(path, format.serialise(next), etag);
        if (written !== 'conflict') {
          this.seen.set(path, { etag: written.etag, value: next });
          return next;
        }
        conflicts += 1;
      } catch (error) {
        if (!(error instanceof PortUnavailable)) throw error;
        unknown += 1;
        if (unknown === MAX_UNKNOWN) throw error;
      }
      if (conflicts === MAX_CONFLICTS) {
        throw new PortUnavailable(
          'ledger',
          `${path} was changed ${conflicts} times while this cycle tried to change it; look for other programs at work on it`,
        );
      }
    }
  }

  private async look<T>(path: string, format: RecordFormat<T>): Promise<Seen<T>> {
    const blob = await this.store.read(path);
    const seen = { etag: blob?.etag, value: blob === undefined ? undefined : parse(path, blob.body, format) };
    // A write under way knows better what the blob holds than a read that may have come before it.
    if (!this.waiting.has(path)) this.seen.set(path, seen);
    return seen;
  }
}

function applyAll<T>(together: Waiting<T>[], current: T | undefined, isRepeat: boolean): T | undefined {
  let next = current;
  for (const waiting of [...together]) {
    try {
      next = waiting.change(next, isRepeat) ?? next;
    } catch (error) {
      waiting.reject(error);
      together.splice(together.indexOf(waiting), 1);
    }
  }
  return next;
}

function parse<T>(path: string, body: string, format: RecordFormat<T>): T {
  try {
    return format.parse(body);
  } catch (cause) {
    if (!(cause instanceof StoredTextProblem)) throw cause;
    const remedy = cause instanceof NewerFormat ? '' : '; `npx hunt restore` brings back an earlier version';
    throw new LedgerUnreadable(`${path} in the ledger cannot be read: ${cause.message}. It is left as it is${remedy}`, { cause });
  }
}
