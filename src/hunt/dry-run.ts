import type { BlobStore, IncidentSink, OutgoingMessage, StoredBlob } from './ports';

/** A dry run is a cycle on ports that keep everything to themselves. */

/** Reads from the store; what is written stays here and is read from here. */
export function dryBlobs(store: BlobStore): BlobStore {
  const written = new Map<string, StoredBlob>();
  let writes = 0;
  const read = async (path: string): Promise<StoredBlob | undefined> => written.get(path) ?? (await store.read(path));
  return {
    read,
    async write(path, body, expected) {
      if ((await read(path))?.etag !== expected) return 'conflict';
      writes += 1;
      const etag = `dry-run-${writes}`;
      written.set(path, { body, etag });
      return { etag };
    },
    async list(prefix) {
      const here = [...written.keys()].filter((path) => path.startsWith(prefix));
      return [...new Set([...(await store.list(prefix)), ...here])].sort();
    },
  };
}

/** Takes every message, tells of it, and sends none. */
export function drySink(wouldSend: (messages: readonly OutgoingMessage[]) => void = () => undefined): IncidentSink {
  return {
    probe: async () => undefined,
    async publish(messages) {
      wouldSend(messages);
      return { acknowledged: messages.map((_, index) => index), refused: [] };
    },
    close: async () => undefined,
  };
}
