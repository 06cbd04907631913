import type { ReceivedEventData, Subscription } from '@azure/event-hubs';
import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';
import { TimeIsUp, withDeadline } from '../deadline';

export interface ReadOptions {
  readonly connectionString: string;
  readonly eventHubName: string;
  /** Default `$Default`. */
  readonly consumerGroup?: string;
  /** For all of it; default 20 s. */
  readonly timeoutMs?: number;
}

export interface ReadIncident {
  readonly partition: string;
  readonly sequence: number;
  readonly partitionKey: string | undefined;
  readonly contentType: string | undefined;
  /** As it came. */
  readonly bytes: Uint8Array;
  /** The same, read as JSON. */
  readonly body: unknown;
}

const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Everything that is in the hub when the call begins, in order of partition and sequence number, read as a consumer of the real client.
 * Rejects when that takes longer than the timeout, and for an event that is not JSON.
 */
export async function readIncidents(options: ReadOptions): Promise<readonly ReadIncident[]> {
  const { connectionString, eventHubName, consumerGroup = '$Default', timeoutMs = 20_000 } = options;
  const client = new EventHubConsumerClient(consumerGroup, connectionString, eventHubName, {
    retryOptions: { maxRetries: 1, retryDelayInMs: 200, timeoutInMs: timeoutMs },
  });
  try {
    return await withDeadline(timeoutMs, ({ race }) => race(readAll(client)));
  } catch (error) {
    if (error instanceof TimeIsUp) throw new Error(`the Event Hub ${eventHubName} was not read to its end within ${timeoutMs} ms`);
    throw error;
  } finally {
    await withDeadline(CLOSE_TIMEOUT_MS, ({ race }) => race(client.close())).catch(() => undefined);
  }
}

async function readAll(client: EventHubConsumerClient): Promise<readonly ReadIncident[]> {
  const partitions = await client.getPartitionIds();
  const read = await Promise.all(partitions.map((partition) => readPartition(client, partition)));
  return read.flat();
}

async function readPartition(client: EventHubConsumerClient, partition: string): Promise<readonly ReadIncident[]> {
  const { isEmpty, lastEnqueuedSequenceNumber: last } = await client.getPartitionProperties(partition);
  if (isEmpty) return [];
  const incidents: ReadIncident[] = [];
  let subscription: Subscription | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const take = (events: readonly ReceivedEventData[]): void => {
        incidents.push(...events.filter(({ sequenceNumber }) => sequenceNumber <= last).map((event) => readEvent(partition, event)));
        if (incidents.at(-1)?.sequence === last) resolve();
      };
      const handlers = {
        processEvents: async (events: ReceivedEventData[]) => take(events),
        processError: async (error: Error) => reject(error),
      };
      subscription = client.subscribe(partition, handlers, {
        startPosition: earliestEventPosition,
        skipParsingBodyAsJson: true,
        maxBatchSize: 200,
        maxWaitTimeInSeconds: 1,
      });
    });
  } finally {
    await subscription?.close();
  }
  return incidents;
}

function readEvent(partition: string, event: ReceivedEventData): ReadIncident {
  const place = `event ${event.sequenceNumber} of partition ${partition}`;
  const bytes: unknown = event.body;
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${place} has no binary body`);
  return {
    partition,
    sequence: event.sequenceNumber,
    partitionKey: event.partitionKey ?? undefined,
    contentType: event.contentType,
    bytes,
    body: parseJson(Buffer.from(bytes).toString('utf8'), place),
  };
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`${place} is not JSON`, { cause });
  }
}
