import { assertBlobPath, assertBlobPrefix } from '../../src/hunt/blob-path';
import { type BlobVersion, PortUnavailable, type StoredBlob, type VersionedBlobStore } from '../../src/hunt/ports';
import { instant, type Instant } from '../../src/value/instant';

export interface BlobCall {
  readonly operation: 'read' | 'write' | 'list';
  /** The prefix of a list. */
  readonly path: string;
  /** Of a write. */
  readonly expected?: string | undefined;
  /** Of a write. */
  readonly body?: string;
}

/**
 * How a call fails.
 * - conflict: a write finds another's; nothing is changed.
 * - unavailable-before: the store cannot be reached; nothing is changed.
 * - unavailable-after: a write is carried out, and its answer lost.
 */
export type Failure = 'conflict' | 'unavailable-before' | 'unavailable-after';

/** A VersionedBlobStore in memory that keeps every version, keeps the port's contract, records its calls, and fails when asked. */
export class FakeBlobStore implements VersionedBlobStore {
  readonly calls: BlobCall[] = [];
  readonly #blobs = new Map<string, StoredBlob>();
  readonly #failures: { readonly failure: Failure; readonly matches: (call: BlobCall) => boolean }[] = [];
  readonly #versions = new Map<string, { readonly id: string; readonly writtenAt: Instant; readonly body: string }[]>();
  #writes = 0;

  /** When what is written now is written. */
  now: () => Instant = () => instant('2026-03-10T00:00Z');

  /** The next call that matches fails, once. Asked again, another one fails too, in the order asked. */
  failNext(failure: Failure, matches: (call: BlobCall) => boolean): void {
    this.#failures.push({ failure, matches });
  }

  /** Failures that no call has met yet: a test of a failure asserts that it is 0. */
  get pendingFailures(): number {
    return this.#failures.length;
  }

  /** What is stored, past the port: neither recorded nor failing. */
  peek(path: string): string | undefined {
    return this.#blobs.get(path)?.body;
  }

  /** Stores a text as another writer would. */
  put(path: string, body: string): void {
    this.#store(path, body);
  }

  async read(path: string): Promise<StoredBlob | undefined> {
    assertBlobPath(path);
    this.#begin({ operation: 'read', path });
    return this.#blobs.get(path);
  }

  async write(path: string, body: string, expected: string | undefined): Promise<{ readonly etag: string } | 'conflict'> {
    assertBlobPath(path);
    const failure = this.#begin({ operation: 'write', path, body, expected });
    if (failure === 'conflict' || this.#blobs.get(path)?.etag !== expected) return 'conflict';
    const etag = this.#store(path, body);
    if (failure === 'unavailable-after') throw lost();
    return { etag };
  }

  async versions(path: string): Promise<readonly BlobVersion[]> {
    assertBlobPath(path);
    return (this.#versions.get(path) ?? []).slice(0, -1).reverse();
  }

  async readVersion(path: string, id: string): Promise<string | undefined> {
    assertBlobPath(path);
    return this.#versions.get(path)?.find((version) => version.id === id)?.body;
  }

  async list(prefix: string): Promise<readonly string[]> {
    assertBlobPrefix(prefix);
    this.#begin({ operation: 'list', path: prefix });
    return [...this.#blobs.keys()].filter((path) => path.startsWith(prefix)).sort();
  }

  #begin(call: BlobCall): Failure | undefined {
    this.calls.push(call);
    const index = this.#failures.findIndex(({ matches }) => matches(call));
    const [found] = index < 0 ? [] : this.#failures.splice(index, 1);
    if (found?.failure === 'unavailable-before' || (found !== undefined && call.operation !== 'write')) throw lost();
    return found?.failure;
  }

  #store(path: string, body: string): string {
    this.#writes += 1;
    const etag = `"${this.#writes}"`;
    this.#blobs.set(path, { body, etag });
    const versions = this.#versions.get(path) ?? [];
    versions.push({ id: String(this.#writes), writtenAt: this.now(), body });
    this.#versions.set(path, versions.slice(-50));
    return etag;
  }
}

function lost(): PortUnavailable {
  return new PortUnavailable('ledger', 'the fake ledger was told to fail; check the test.');
}
