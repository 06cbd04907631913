import type { EventData, EventDataBatch, EventHubProducerClient } from '@azure/event-hubs';
import type { IncidentSink, OutgoingMessage } from '../hunt/ports';
import { PortUnavailable } from '../hunt/ports';
import type { Deadline } from '../deadline';
import { withDeadline } from '../deadline';
import type { EventHubAddress, EventHubConnection, EventHubTiming } from './event-hub-connection';
import { connectEventHub } from './event-hub-connection';
import { adviseOn, describeError, isRefusal } from './event-hub-errors';

export type EventHubSinkOptions = EventHubAddress & { readonly timing?: Partial<EventHubTiming> };

/** Short: what could not be sent stays in the ledger for the next cycle. The client's own defaults hold a function for minutes. */
const defaultTiming: EventHubTiming = {
  retries: 2,
  retryDelayMs: 1_000,
  attemptTimeoutMs: 5_000,
  callTimeoutMs: 30_000,
  closeTimeoutMs: 3_000,
};

/**
 * Sends to an Event Hub, at least once: a message whose acknowledgement was lost is sent again. It needs the role Azure Event Hubs
 * Data Sender alone. Throws TypeError for an address that cannot be one.
 */
export function createEventHubSink(options: EventHubSinkOptions): IncidentSink {
  const timing = { ...defaultTiming, ...options.timing };
  const hub = connectEventHub(options, timing);

  const whatFailed = (error: unknown): string =>
    `the Event Hub ${options.eventHubName} at ${hub.host} takes no messages (${describeError(error)}); ${adviseOn(error)}`;

  return {
    async probe() {
      try {
        await withDeadline(timing.callTimeoutMs, (deadline) =>
          hub.run(deadline, (producer) => producer.createBatch({ abortSignal: deadline.signal })),
        );
      } catch (error) {
        // No cause: nobody keeps the client's errors free of secrets.
        throw new PortUnavailable('hub', whatFailed(error));
      }
    },

    async publish(messages) {
      const acknowledged: number[] = [];
      const refused: Call['refused'] = [];
      try {
        await withDeadline(timing.callTimeoutMs, async (deadline) => {
          const call: Call = { hub, deadline, acknowledged, refused };
          for (const [partitionKey, events] of groupByKey(messages)) await sendAll(call, partitionKey, events, Infinity);
        });
        return { acknowledged, refused };
      } catch (error) {
        return { acknowledged, refused, unreachable: whatFailed(error) };
      }
    },

    close: () => hub.close(),
  };
}

/** A message as the client takes it, with its index in the publish call. */
interface NumberedEvent {
  readonly index: number;
  readonly event: EventData;
}

/** One publish call at work. */
interface Call {
  readonly hub: EventHubConnection;
  readonly deadline: Deadline;
  readonly acknowledged: number[];
  readonly refused: { readonly index: number; readonly reason: string }[];
}

/** In the order of the messages, in each group and of the groups' first ones. */
function groupByKey(messages: readonly OutgoingMessage[]): ReadonlyMap<string, readonly NumberedEvent[]> {
  const groups = new Map<string, NumberedEvent[]>();
  for (const [index, { partitionKey, body }] of messages.entries()) {
    const group = groups.get(partitionKey) ?? [];
    groups.set(partitionKey, group);
    group.push({ index, event: { body: Buffer.from(body), contentType: 'application/json' } });
  }
  return groups;
}

/** Sends the events of one partition key, at most `limit` in a batch. Throws when a batch is neither acknowledged nor refused. */
async function sendAll(call: Call, partitionKey: string, events: readonly NumberedEvent[], limit: number): Promise<void> {
  const { hub, deadline, acknowledged, refused } = call;
  let rest = events;
  while (rest.length > 0) {
    const { sent, refusal } = await hub.run(deadline, (producer) =>
      sendBatch(producer, partitionKey, rest.slice(0, limit), deadline.signal),
    );
    const indices = sent.map(({ index }) => index);
    if (refusal === undefined) acknowledged.push(...indices);
    else if (sent.length > 1) await sendAll(call, partitionKey, sent, 1);
    else refused.push(...indices.map((index) => ({ index, reason: refusal })));
    rest = rest.slice(sent.length);
  }
}

/** What a batch held, at least one event, and why the hub refuses it for good, if it does. */
interface Sent {
  readonly sent: readonly NumberedEvent[];
  readonly refusal?: string;
}

/** Sends as many of the events, from the first, as a batch has room for. */
async function sendBatch(
  producer: EventHubProducerClient,
  partitionKey: string,
  events: readonly NumberedEvent[],
  abortSignal: AbortSignal,
): Promise<Sent> {
  const batch = await producer.createBatch({ partitionKey, abortSignal });
  const sent = fill(batch, events);
  if (sent.length === 0) return { sent: events.slice(0, 1), refusal: `larger than the ${batch.maxSizeInBytes} bytes that the hub takes` };
  try {
    await producer.sendBatch(batch, { abortSignal });
    return { sent };
  } catch (error) {
    if (isRefusal(error)) return { sent, refusal: describeError(error) };
    throw error;
  }
}

function fill(batch: EventDataBatch, events: readonly NumberedEvent[]): readonly NumberedEvent[] {
  const surplus = events.findIndex(({ event }) => !batch.tryAdd(event));
  return surplus < 0 ? events : events.slice(0, surplus);
}
