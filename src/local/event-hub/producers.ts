import type { Socket } from 'node:net';
import type { Delivery, EventContext, Receiver } from 'rhea';
import type { AmqpError, Faults, SendFault, Strike } from './faults';
import type { Partitions, SentEvent } from './partitions';
import { BATCH_FORMAT, decodeBatch } from './wire';

export interface ProducerOptions {
  readonly partitions: Partitions;
  readonly faults: Faults;
  /** Bytes of an encoded batch. */
  readonly maxMessageSize: number;
}

/** Stores what comes over a producer's link, in the partition that its address names, if it names one. */
export function serveProducer(
  receiver: Receiver,
  partition: string | undefined,
  { partitions, faults, maxMessageSize }: ProducerOptions,
): void {
  receiver.on('message', (context: EventContext) => {
    const { delivery } = context;
    if (delivery === undefined) return;
    const batch = readBatch(delivery, context.message, maxMessageSize);
    if ('condition' in batch) {
      delivery.reject(batch);
      return;
    }
    const store = (): void => partitions.append(batch.events, partition);
    const fault = faults.strike(
      'send',
      batch.events.map(({ body }) => Buffer.from(body).toString('utf8')),
    );
    if (fault !== undefined) {
      fail(fault, delivery, context, store);
      return;
    }
    store();
    delivery.accept();
  });
}

function readBatch(delivery: Delivery, transfer: unknown, maxMessageSize: number): { readonly events: readonly SentEvent[] } | AmqpError {
  const notUnderstood = (description: string): AmqpError => ({ condition: 'amqp:not-implemented', description });
  if (delivery.format !== BATCH_FORMAT || !Buffer.isBuffer(transfer)) return notUnderstood('the local Event Hub takes batches only');
  if (transfer.length > maxMessageSize) {
    const description = `The message of ${transfer.length} bytes is larger than ${maxMessageSize}, the most that this link takes.`;
    return { condition: 'amqp:link:message-size-exceeded', description };
  }
  const events = decodeBatch(transfer);
  return events === undefined ? notUnderstood('the local Event Hub takes events whose body is one data section') : { events };
}

function fail(fault: Strike<SendFault>, delivery: Delivery, { receiver, connection }: EventContext, store: () => void): void {
  const socket = connection['socket'] as Socket;
  if ('stored' in fault && fault.stored) store();
  switch (fault.answer) {
    case 'reject':
      delivery.reject({ condition: fault.condition, description: fault.description });
      return;
    case 'release':
      delivery.release();
      return;
    case 'detach':
      receiver?.close({ condition: 'amqp:link:detach-forced', description: fault.description });
      return;
    case 'reset':
      socket.resetAndDestroy();
      return;
    case 'stall':
      socket.pause();
      return;
    case 'silence':
      return;
  }
}
