import { PortUnavailable, type BlobStore, type StoredBlob } from '../../src/hunt/ports';
import type { Fault } from './history';

export type WriteFault = (Fault & { readonly on: 'write' })['kind'];

/** Named texts with compare-and-swap, in memory. It outlives every instance. */
export class Store {
  private readonly blobs = new Map<string, StoredBlob>();
  private versions = 0;
  /** Told of every write that changes a blob; `before` is undefined where there was none. */
  onWrite: ((path: string, before: string | undefined, after: string) => void) | undefined;

  read(path: string): StoredBlob | undefined {
    return this.blobs.get(path);
  }

  /** `expected` may be `*`, as in an If-Match, for whatever is there. */
  write(path: string, body: string, expected: string | undefined, fault?: WriteFault): Awaited<ReturnType<BlobStore['write']>> {
    if (fault === 'unavailable before') throw unavailable();
    if (fault === 'another writer') return this.writtenByAnother(path);
    if (expected !== '*' && this.blobs.get(path)?.etag !== expected) return 'conflict';
    const etag = this.put(path, body);
    if (fault === 'unavailable after') throw unavailable();
    return fault === 'own first try' ? 'conflict' : { etag };
  }

  list(prefix: string): readonly string[] {
    return [...this.blobs.keys()].filter((path) => path.startsWith(prefix)).sort();
  }

  /** Path and body of all that is stored, in order. */
  entries(): readonly (readonly [path: string, body: string])[] {
    return [...this.blobs].map(([path, { body }]) => [path, body] as const).sort(([left], [right]) => (left < right ? -1 : 1));
  }

  private writtenByAnother(path: string): 'conflict' {
    const stored = this.blobs.get(path);
    if (stored !== undefined) this.put(path, stored.body);
    return 'conflict';
  }

  private put(path: string, body: string): string {
    const before = this.blobs.get(path)?.body;
    if (before !== body) this.onWrite?.(path, before, body);
    this.versions += 1;
    const etag = String(this.versions);
    this.blobs.set(path, { body, etag });
    return etag;
  }
}

export function unavailable(): PortUnavailable {
  return new PortUnavailable('ledger', 'the simulated store was told to fail');
}
