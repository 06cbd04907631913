import type { RecordFormat } from './ledger-format';
import { PortUnavailable, type BlobStore } from './ports';
import { StoredTextProblem } from './stored-json';

/**
 * From what is stored to what shall be; undefined leaves it as it is. Called again, as a repeat, with what is stored after a write that
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

/** Records kept as blobs, changed by compare-and-swap. In this process one change of a blob is made after another. */
export class SwappedBlobs {
  private readonly store: BlobStore;
  private readonly queues = new Map<string, Promise<unknown>>();

  constructor(store: BlobStore) {
    this.store = store;
  }

  /** Undefined where nothing is stored. Rejects with PortUnavailable or LedgerUnreadable. */
  async read<T>(path: string, format: RecordFormat<T>): Promise<T | undefined> {
    const blob = await this.store.read(path);
    return blob === undefined ? undefined : parse(path, blob.body, format);
  }

  /**
   * Resolves to what the blob held when the change was made or found needless. Rejects with LedgerUnreadable, and with PortUnavailable
   * where the store cannot be reached; then the change may or may not have been made.
   */
  update<T>(path: string, format: RecordFormat<T>, change: Change<T>): Promise<T | undefined> {
    const before = this.queues.get(path) ?? Promise.resolve();
    const update = before.then(() => this.swap(path, format, change));
    this.queues.set(
      path,
      update.catch(() => undefined),
    );
    return update;
  }

  private async swap<T>(path: string, format: RecordFormat<T>, change: Change<T>): Promise<T | undefined> {
    let conflicts = 0;
    let unknown = 0;
    for (;;) {
      const blob = await this.store.read(path);
      const current = blob === undefined ? undefined : parse(path, blob.body, format);
      const next = change(current, conflicts + unknown > 0);
      if (next === undefined) return current;
      try {
        const written = await this.store.write(path, format.serialise(next), blob?.etag);
        if (written !== 'conflict') return next;
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
}

function parse<T>(path: string, body: string, format: RecordFormat<T>): T {
  try {
    return format.parse(body);
  } catch (cause) {
    if (!(cause instanceof StoredTextProblem)) throw cause;
    throw new LedgerUnreadable(
      `${path} in the ledger cannot be read: ${cause.message}. It is left as it is; restore an earlier version of the blob`,
      { cause },
    );
  }
}
