import { createHash } from 'node:crypto';

/** What a producer sent: one event of a batch. */
export interface SentEvent {
  readonly partitionKey: string | undefined;
  /** The bytes of the AMQP data section. */
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
  readonly applicationProperties: Readonly<Record<string, unknown>> | undefined;
}

export interface StoredEvent extends SentEvent {
  readonly partition: string;
  /** Counts from 0 in each partition. Also the event's offset, as text. */
  readonly sequence: number;
  /** Unix time in milliseconds. */
  readonly enqueuedAt: number;
}

/** The memory of the local Event Hub: a list of events for each partition, which only grows. */
export interface Partitions {
  readonly ids: readonly string[];
  has(partition: string): boolean;
  /** In the order in which they were stored. */
  events(): readonly StoredEvent[];
  /** In the order of sequence numbers: the index is the sequence number. */
  of(partition: string): readonly StoredEvent[];
  /** Stores a batch in one partition: the one named, else the one its first partition key hashes to, else the next in turn. */
  append(events: readonly SentEvent[], partition: string | undefined): void;
  /** The first sequence number that a selector lets through; undefined where the selector makes no sense. */
  startOf(partition: string, selector: string): number | undefined;
  /** Calls back after each append to that partition, until the returned function is called. */
  watch(partition: string, onAppend: () => void): () => void;
}

const SELECTOR = /^amqp\.annotation\.(x-opt-offset|x-opt-sequence-number|x-opt-enqueued-time) (>=?) '(@latest|-?\d+)'$/;

export function createPartitions(count: number): Partitions {
  const ids = Array.from({ length: count }, (_, index) => String(index));
  const all: StoredEvent[] = [];
  const logs = new Map<string, StoredEvent[]>(ids.map((id) => [id, []]));
  const watchers = new Set<{ readonly partition: string; readonly onAppend: () => void }>();
  let turn = 0;

  const choose = (partitionKey: string | undefined): string => {
    const hash = partitionKey === undefined ? turn++ : createHash('sha256').update(partitionKey).digest().readUInt32BE(0);
    return String(hash % count);
  };
  const log = (partition: string): StoredEvent[] => {
    const events = logs.get(partition);
    if (events === undefined) throw new RangeError(`there is no partition ${partition}`);
    return events;
  };

  return {
    ids,
    has: (partition) => logs.has(partition),
    events: () => all,
    of: log,
    append(events, named) {
      const partition = named ?? choose(events[0]?.partitionKey);
      const enqueuedAt = Date.now();
      for (const event of events) {
        const stored = { ...event, partition, sequence: log(partition).length, enqueuedAt };
        log(partition).push(stored);
        all.push(stored);
      }
      for (const watcher of watchers) if (watcher.partition === partition) watcher.onAppend();
    },
    startOf(partition, selector) {
      const [, annotation, operator, value] = SELECTOR.exec(selector) ?? [];
      if (value === undefined) return undefined;
      const events = log(partition);
      if (value === '@latest') return events.length;
      const position = (event: StoredEvent): number => (annotation === 'x-opt-enqueued-time' ? event.enqueuedAt : event.sequence);
      const from = Number(value) + (operator === '>' ? 1 : 0);
      const first = events.findIndex((event) => position(event) >= from);
      return first >= 0 ? first : events.length;
    },
    watch(partition, onAppend) {
      const watcher = { partition, onAppend };
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}
