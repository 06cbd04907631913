import type { Socket } from 'node:net';
import type { Connection, EventContext, Message, Receiver } from 'rhea';
import rhea from 'rhea';
import type { Faults } from './faults';
import type { Partitions } from './partitions';

/** An answer to a request over a pair of links: HTTP-like status, and what was asked for. */
interface Reply {
  readonly status: number;
  readonly description: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

type Properties = Readonly<Record<string, unknown>>;

const STRING_TYPECODE = 0xb1;

/** Claims-based security: any token is good, unless a fault says otherwise. */
export function serveTokens(receiver: Receiver, faults: Faults): void {
  serveRequests(receiver, (_, connection) => {
    const fault = faults.strike('token');
    if (fault === undefined) return { status: 202, description: 'Accepted' };
    if (fault.answer === 'reset') (connection['socket'] as Socket).resetAndDestroy();
    return fault.answer === 'refuse' ? { status: 401, description: fault.description } : undefined;
  });
}

/** What the hub tells of itself and its partitions. */
export function serveManagement(receiver: Receiver, hubName: string, createdAt: number, partitions: Partitions): void {
  serveRequests(receiver, ({ name, type, partition }) => {
    if (name !== hubName) return { status: 404, description: `The messaging entity '${String(name)}' could not be found.` };
    if (type === 'com.microsoft:eventhub') return ok(describeHub(hubName, createdAt, partitions));
    if (type === 'com.microsoft:partition' && typeof partition === 'string' && partitions.has(partition)) {
      return ok(describePartition(hubName, partition, partitions));
    }
    return { status: 400, description: `the local Event Hub has nothing of type ${String(type)}, partition ${String(partition)}` };
  });
}

function ok(body: Readonly<Record<string, unknown>>): Reply {
  return { status: 200, description: 'OK', body };
}

function describeHub(hubName: string, createdAt: number, partitions: Partitions): Record<string, unknown> {
  return {
    name: hubName,
    created_at: rhea.types.wrap_timestamp(createdAt),
    partition_count: partitions.ids.length,
    partition_ids: rhea.types.wrap_array([...partitions.ids], STRING_TYPECODE, undefined),
    georeplication_factor: 1,
  };
}

function describePartition(hubName: string, partition: string, partitions: Partitions): Record<string, unknown> {
  const last = partitions.of(partition).at(-1);
  const lastSequence = last?.sequence ?? -1;
  return {
    name: hubName,
    partition,
    begin_sequence_number: rhea.types.wrap_long(0),
    last_enqueued_sequence_number: rhea.types.wrap_long(lastSequence),
    last_enqueued_offset: String(lastSequence),
    last_enqueued_time_utc: rhea.types.wrap_timestamp(last?.enqueuedAt ?? 0),
    is_partition_empty: last === undefined,
  };
}

/** Answers each message of this link, where there is an answer, on the connection's link that carries the name of its reply address. */
function serveRequests(receiver: Receiver, answer: (properties: Properties, connection: Connection) => Reply | undefined): void {
  receiver.on('message', ({ message, delivery, connection }: EventContext) => {
    delivery?.accept();
    const replyTo = message?.reply_to;
    const sender = connection.find_sender((link: { readonly name: string }) => link.name === replyTo);
    if (message === undefined || sender === undefined) return;
    const reply = answer(message.application_properties ?? {}, connection);
    if (reply !== undefined) sender.send(encodeReply(message, reply));
  });
}

function encodeReply(request: Message, { status, description, body }: Reply): Message {
  return {
    ...(request.message_id === undefined ? {} : { correlation_id: request.message_id }),
    application_properties: { 'status-code': status, 'status-description': description },
    body: body ?? null,
  };
}
