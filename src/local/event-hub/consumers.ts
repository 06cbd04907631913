import type { Sender } from 'rhea';
import type { AmqpError } from './faults';
import type { Partitions } from './partitions';
import { encodeEvent } from './wire';

const SELECTOR_FILTER = 'apache.org:selector-filter:string';
const EPOCH = 'com.microsoft:epoch';

export interface Consumers {
  /** Sends a partition's events over the link, from where its filter says, as far as its credit goes. An error refuses the link. */
  serve(sender: Sender, group: string, partition: string): AmqpError | undefined;
}

/** The readers of the hub. Of readers of one group and partition, the one with the highest epoch drives the others off. */
export function createConsumers(partitions: Partitions): Consumers {
  interface Reader {
    readonly sender: Sender;
    readonly place: string;
    readonly epoch: number | undefined;
  }
  const readers = new Set<Reader>();

  const admit = (reader: Reader): AmqpError | undefined => {
    for (const earlier of readers) if (!earlier.sender.is_open()) readers.delete(earlier);
    const rivals = [...readers].filter(({ place }) => place === reader.place);
    const highest = Math.max(-1, ...rivals.map(({ epoch }) => epoch ?? -1));
    if (highest > (reader.epoch ?? -1)) return stolen(highest);
    if (reader.epoch !== undefined) for (const rival of rivals) rival.sender.close(stolen(reader.epoch));
    readers.add(reader);
    return undefined;
  };

  return {
    serve(sender, group, partition) {
      const selector = readSelector(sender);
      const start = partitions.startOf(partition, selector);
      if (start === undefined) return { condition: 'amqp:invalid-field', description: `the selector ${selector} is not understood` };
      const refusal = admit({ sender, place: `${group.toLowerCase()}/${partition}`, epoch: readEpoch(sender) });
      if (refusal === undefined) deliver(sender, partition, start, partitions);
      return refusal;
    },
  };
}

function stolen(epoch: number): AmqpError {
  return { condition: 'amqp:link:stolen', description: `A receiver with epoch ${epoch} reads this partition.` };
}

/** Sends until the link is closed. */
function deliver(sender: Sender, partition: string, start: number, partitions: Partitions): void {
  let next = start;
  let scheduled = false;

  const sendWhatCreditAllows = (): void => {
    scheduled = false;
    if (!sender.is_open()) {
      unwatch();
      return;
    }
    const { credit } = sender as Sender & { readonly credit: number };
    for (const event of partitions.of(partition).slice(next, next + credit)) {
      sender.send(encodeEvent(event));
      next += 1;
    }
  };
  // rhea counts credit down only when it writes: one round, then a write.
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(sendWhatCreditAllows);
  };

  const unwatch = partitions.watch(partition, schedule);
  sender.on('sendable', schedule);
}

/** From the partition's beginning, where the link has no filter. */
function readSelector(sender: Sender): string {
  const filter = member(sender.source.filter, SELECTOR_FILTER);
  const text = typeof filter === 'object' && filter !== null && 'value' in filter ? filter.value : filter;
  return typeof text === 'string' ? text : "amqp.annotation.x-opt-offset > '-1'";
}

function readEpoch(sender: Sender): number | undefined {
  const epoch = member(sender.properties, EPOCH);
  return typeof epoch === 'number' ? epoch : undefined;
}

/** A link without such a map has null or nothing in its place, whatever rhea's types say. */
function member(map: Readonly<Record<string, unknown>> | null | undefined, name: string): unknown {
  return map?.[name];
}
