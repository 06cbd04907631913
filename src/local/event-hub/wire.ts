import type { Message } from 'rhea';
import rhea from 'rhea';
import type { SentEvent, StoredEvent } from './partitions';

/** The border to AMQP: the only place that knows how events stand in messages. */

/** Message format of a batch: each data section of the outer message is an encoded message. */
export const BATCH_FORMAT = 0x80013700;

/** What this server reads of a decoded message. */
interface Decoded {
  readonly body?: unknown;
  readonly content_type?: string;
  readonly message_annotations?: Readonly<Record<string, unknown>>;
  readonly application_properties?: Readonly<Record<string, unknown>>;
}

const PARTITION_KEY = 'x-opt-partition-key';
const DATA_SECTION = 0x75;

/** The events of a batch; undefined where one of them has another body than one data section. */
export function decodeBatch(transfer: Buffer): readonly SentEvent[] | undefined {
  const outer = rhea.message.decode(transfer) as Decoded;
  const events = dataSections(outer.body)?.map((section) => decodeEvent(rhea.message.decode(section) as Decoded, outer));
  return events?.every((event) => event !== undefined) === true ? events : undefined;
}

function decodeEvent(message: Decoded, outer: Decoded): SentEvent | undefined {
  const [body, ...more] = dataSections(message.body) ?? [];
  if (body === undefined || more.length > 0) return undefined;
  const key = message.message_annotations?.[PARTITION_KEY] ?? outer.message_annotations?.[PARTITION_KEY];
  return {
    partitionKey: typeof key === 'string' ? key : undefined,
    body,
    contentType: message.content_type,
    applicationProperties: message.application_properties,
  };
}

/** The event as a consumer gets it. */
export function encodeEvent(event: StoredEvent): Message {
  return {
    ...(event.contentType === undefined ? {} : { content_type: event.contentType }),
    ...(event.applicationProperties === undefined ? {} : { application_properties: { ...event.applicationProperties } }),
    message_annotations: {
      'x-opt-sequence-number': rhea.types.wrap_long(event.sequence),
      'x-opt-offset': String(event.sequence),
      'x-opt-enqueued-time': rhea.types.wrap_timestamp(event.enqueuedAt),
      ...(event.partitionKey === undefined ? {} : { [PARTITION_KEY]: event.partitionKey }),
    },
    body: rhea.message.data_section(Buffer.from(event.body)) as unknown,
  };
}

/** The bytes of a body's data sections; undefined for a body of another kind. */
function dataSections(body: unknown): readonly Buffer[] | undefined {
  if (typeof body !== 'object' || body === null || !('typecode' in body) || !('content' in body)) return undefined;
  if (body.typecode !== DATA_SECTION) return undefined;
  const sections: readonly unknown[] = Array.isArray(body.content) ? body.content : [body.content];
  return sections.every((section) => Buffer.isBuffer(section)) ? sections : undefined;
}
