import { PortUnavailable, type BlobStore, type BlobVersion, type StoredBlob } from '../../src/hunt/ports';
import { instant, type Instant } from '../../src/value/instant';
import type { Fault } from './history';

export type WriteFault = (Fault & { readonly on: 'write' })['kind'];

interface Earlier extends BlobVersion {
  readonly body: string;
}

/** Named texts with compare-and-swap, in memory. It outlives every instance. */
export class Store {
  private readonly blobs = new Map<string, StoredBlob>();
  private writes = 0;
  private readonly now: () => Instant;
  /** By path, oldest first, without those that are there now. */
  private readonly earlier = new Map<string, Earlier[]>();
  /** Whether earlier texts are kept. */
  isVersioned = false;
  private readonly writtenAt = new Map<string, Instant>();
  /** `now` is asked where earlier texts are kept. */
  constructor(now: () => Instant = () => instant('1970-01-01T00:00Z')) {
    this.now = now;
  }

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

  /** Puts a text in the place of what is there, unseen. */
  damage(path: string, body: string): void {
    this.replace(path, body);
  }

  /** What the blob held before, newest first. */
  versionsOf(path: string): readonly Earlier[] {
    return [...(this.earlier.get(path) ?? [])].reverse();
  }

  private writtenByAnother(path: string): 'conflict' {
    const stored = this.blobs.get(path);
    if (stored !== undefined) this.put(path, stored.body);
    return 'conflict';
  }

  private put(path: string, body: string): string {
    const before = this.blobs.get(path)?.body;
    if (before !== body) this.onWrite?.(path, before, body);
    return this.replace(path, body);
  }

  private replace(path: string, body: string): string {
    const before = this.blobs.get(path);
    if (before !== undefined && this.isVersioned) {
      const earlier = this.earlier.get(path) ?? [];
      earlier.push({ id: before.etag, writtenAt: this.writtenAt.get(path) ?? this.now(), body: before.body });
      this.earlier.set(path, earlier);
    }
    this.writes += 1;
    const etag = String(this.writes);
    this.blobs.set(path, { body, etag });
    if (this.isVersioned) this.writtenAt.set(path, this.now());
    return etag;
  }
}

export function unavailable(): PortUnavailable {
  return new PortUnavailable('ledger', 'the simulated store was told to fail');
}
