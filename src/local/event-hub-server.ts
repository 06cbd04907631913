import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { EventContext, Receiver, Sender, link } from 'rhea';
import rhea from 'rhea';
import type { Address } from './event-hub/addresses';
import { parseAddress } from './event-hub/addresses';
import type { Consumers } from './event-hub/consumers';
import { createConsumers } from './event-hub/consumers';
import type { AmqpError, Faults } from './event-hub/faults';
import { createFaults } from './event-hub/faults';
import type { StoredEvent } from './event-hub/partitions';
import { createPartitions } from './event-hub/partitions';
import type { ProducerOptions } from './event-hub/producers';
import { serveProducer } from './event-hub/producers';
import { serveManagement, serveTokens } from './event-hub/requests';

export interface EventHubOptions {
  /** Default `incidents`. */
  readonly hubName?: string;
  /** Default 4. */
  readonly partitions?: number;
  /** Default: any free one. */
  readonly port?: number;
  /** Bytes of an encoded batch; default 1 MiB, as in the Standard tier. */
  readonly maxMessageSize?: number;
  readonly faults?: Faults;
}

export interface LocalEventHub {
  readonly port: number;
  /** Without EntityPath: the hub's name is given beside it, as in the Functions' settings. */
  readonly connectionString: string;
  readonly faults: Faults;
  /** Everything stored so far, in the order in which it came. */
  events(): readonly StoredEvent[];
  /** Cuts all connections. What was stored is gone. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const CREDIT = 1_000;

/**
 * An Event Hub in memory, over AMQP 1.0 on plain TCP, for the real clients: producers, consumers, and what they ask of the hub.
 * Any token and any consumer group is good. It listens on loopback only.
 */
export async function startEventHub(options: EventHubOptions = {}): Promise<LocalEventHub> {
  const { hubName = 'incidents', port = 0, maxMessageSize = 1_048_576, faults = createFaults() } = options;
  const partitions = createPartitions(options.partitions ?? 4);
  const container = rhea.create_container();

  const hub: Hub = { hubName, createdAt: Date.now(), partitions, consumers: createConsumers(partitions), faults, maxMessageSize };

  container.on('receiver_open', ({ receiver }: EventContext) => {
    if (receiver === undefined) return;
    receiver.set_target(receiver.target);
    const refusal = serveFrom(receiver, hub);
    if (refusal !== undefined) {
      refuse(receiver, refusal);
      return;
    }
    receiver.set_credit_window(CREDIT);
    receiver.add_credit(CREDIT);
  });

  container.on('sender_open', ({ sender }: EventContext) => {
    if (sender === undefined) return;
    sender.set_source(sender.source);
    const refusal = serveTo(sender, hub);
    if (refusal !== undefined) refuse(sender, refusal);
  });

  // A client may go at any moment, with or without an error: that is no failure of the hub.
  for (const event of ['error', 'protocol_error', 'connection_error', 'session_error', 'receiver_error', 'sender_error', 'disconnected']) {
    container.on(event, () => undefined);
  }

  const server = container.listen({
    host: HOST,
    port,
    // rhea hands out credit by itself, also on links that are then refused, unless the window is 0.
    receiver_options: { autoaccept: false, credit_window: 0, max_message_size: maxMessageSize },
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      // rhea stops its heartbeat at the peer's end only, not when the socket is destroyed on this side.
      socket.emit('end');
    });
  });
  await once(server, 'listening');
  const address = server.address() as AddressInfo;

  return {
    port: address.port,
    connectionString: `Endpoint=sb://${HOST}:${address.port};SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true`,
    faults,
    events: () => partitions.events(),
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

interface Hub extends ProducerOptions {
  readonly hubName: string;
  readonly createdAt: number;
  readonly consumers: Consumers;
}

/** Serves a link over which the client sends; an error refuses it. */
function serveFrom(receiver: Receiver, hub: Hub): AmqpError | undefined {
  const address = readAddress(receiver.target, hub);
  switch (address?.kind) {
    case 'tokens':
      serveTokens(receiver, hub.faults);
      return undefined;
    case 'management':
      serveManagement(receiver, hub.hubName, hub.createdAt, hub.partitions);
      return undefined;
    case 'producer': {
      const refusal = hub.faults.strike('attach');
      if (refusal === undefined) serveProducer(receiver, address.partition, hub);
      return refusal;
    }
    default:
      return notFound(receiver.target);
  }
}

/** Serves a link over which the client receives; an error refuses it. */
function serveTo(sender: Sender, hub: Hub): AmqpError | undefined {
  const address = readAddress(sender.source, hub);
  switch (address?.kind) {
    case 'tokens':
    case 'management':
      return undefined;
    case 'consumer':
      return hub.consumers.serve(sender, address.group, address.partition);
    default:
      return notFound(sender.source);
  }
}

function refuse(endpoint: link, { condition, description }: AmqpError): void {
  endpoint.close({ condition, description });
}

/** A source or target; null where the client names none, whatever rhea's types say. */
type Terminus = { readonly address?: unknown } | null;

function readAddress(terminus: Terminus, { hubName, partitions }: Hub): Address | undefined {
  return parseAddress(terminus?.address, hubName, (partition) => partitions.has(partition));
}

function notFound(terminus: Terminus): AmqpError {
  return { condition: 'amqp:not-found', description: `The messaging entity '${String(terminus?.address)}' could not be found.` };
}
