import type { EventPosition, ReceivedEventData } from '@azure/event-hubs';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition, latestEventPosition } from '@azure/event-hubs';
import { readIncidents } from '../../src/local/incident-reader';
import type { EventHubOptions, LocalEventHub } from '../../src/local/event-hub-server';
import { startEventHub } from '../../src/local/event-hub-server';

const HUB = 'incidents';
const retryOptions = { maxRetries: 0, timeoutInMs: 5_000 };

let hub: LocalEventHub;
const opened: { close(): Promise<void> }[] = [];

async function start(options: EventHubOptions = {}): Promise<void> {
  hub = await startEventHub(options);
}

/** Closed after the test, the last one first. */
function open<T extends { close(): Promise<void> }>(client: T): T {
  opened.push(client);
  return client;
}

const producer = (): EventHubProducerClient => open(new EventHubProducerClient(hub.connectionString, HUB, { retryOptions }));
const consumer = (group = '$Default'): EventHubConsumerClient =>
  open(new EventHubConsumerClient(group, hub.connectionString, HUB, { retryOptions }));
const reading = (): { readonly connectionString: string; readonly eventHubName: string } => ({
  connectionString: hub.connectionString,
  eventHubName: HUB,
});

beforeEach(() => start());

afterEach(async () => {
  for (const client of opened.splice(0).reverse()) await client.close();
  await hub.close();
});

/** Reads partition 0 from a position, until that many events came. */
function receive(position: EventPosition, count: number): Promise<readonly ReceivedEventData[]> {
  return new Promise((resolve, reject) => {
    const events: ReceivedEventData[] = [];
    const take = (more: readonly ReceivedEventData[]): void => {
      events.push(...more);
      if (events.length >= count) resolve(events);
    };
    const handlers = {
      processEvents: async (more: ReceivedEventData[]) => take(more),
      processError: async (error: Error) => reject(error),
    };
    open(consumer().subscribe('0', handlers, { startPosition: position, maxBatchSize: 100 }));
  });
}

const numbers = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, index) => from + index);
const sendTo0 = (bodies: readonly unknown[]): Promise<void> =>
  producer().sendBatch(
    bodies.map((body) => ({ body })),
    { partitionId: '0' },
  );
const bodiesOf = (events: readonly ReceivedEventData[]): readonly unknown[] => events.map(({ body }) => body as unknown);

describe('the local Event Hub, to a consumer', () => {
  it('gives all events from the beginning, more than one credit window', async () => {
    await sendTo0(numbers(0, 1_500));
    const events = await receive(earliestEventPosition, 1_500);
    expect(bodiesOf(events)).toEqual(numbers(0, 1_500));
    expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual(numbers(0, 1_500));
  });

  it.each<[string, EventPosition, readonly number[]]>([
    ['after a sequence number', { sequenceNumber: 2 }, [3, 4]],
    ['from a sequence number on', { sequenceNumber: 2, isInclusive: true }, [2, 3, 4]],
    ['after an offset', { offset: '2' }, [3, 4]],
    ['from a time on', { enqueuedOn: 0 }, [0, 1, 2, 3, 4]],
  ])('gives the events %s', async (_, position, expected) => {
    await sendTo0(numbers(0, 5));
    expect(bodiesOf(await receive(position, expected.length))).toEqual(expected);
  });

  it('gives only what comes later to one who starts at the end', async () => {
    await sendTo0(['before']);
    const later = receive(latestEventPosition, 1);
    // The consumer may attach at any moment from now on: what is sent until it has come is what it may miss.
    const stop = sendUntil(later);
    expect(new Set(bodiesOf(await later))).toEqual(new Set(['after']));
    await stop;
  });

  it('gives an event with what its producer said of it', async () => {
    const batch = await producer().createBatch({ partitionKey: 'key' });
    batch.tryAdd({ body: { a: 1 }, contentType: 'application/json', properties: { colour: 'red' } });
    await producer().sendBatch(batch);
    const [stored] = hub.events();
    const [event] = await readIncidents(reading());
    expect(event).toMatchObject({
      body: { a: 1 },
      partitionKey: 'key',
      contentType: 'application/json',
      partition: stored?.partition,
      sequence: 0,
    });
    expect(stored).toMatchObject({ partitionKey: 'key', contentType: 'application/json', applicationProperties: { colour: 'red' } });
  });

  it('drives a reader off for one of a higher epoch', async () => {
    await sendTo0(['one']);
    const first = await readAs(1);
    const second = await readAs(2);
    await expect(first.failure).resolves.toMatchObject({ code: 'ReceiverDisconnectedError' });
    expect(bodiesOf([...first.events, ...second.events])).toEqual(['one', 'one']);
  });

  /** Resolves once the first events came: a client that is closed while it attaches may hang. */
  function readAs(ownerLevel: number): Promise<{ readonly events: readonly ReceivedEventData[]; readonly failure: Promise<Error> }> {
    return new Promise((resolve) => {
      let fail: (error: Error) => void;
      const failure = new Promise<Error>((failed) => {
        fail = failed;
      });
      const handlers = {
        processEvents: async (events: ReceivedEventData[]) => resolve({ events, failure }),
        processError: async (error: Error) => fail(error),
      };
      open(consumer().subscribe('0', handlers, { startPosition: earliestEventPosition, ownerLevel, maxWaitTimeInSeconds: 10 }));
    });
  }

  async function sendUntil(done: Promise<unknown>): Promise<void> {
    const state = { waiting: true };
    void done.finally(() => {
      state.waiting = false;
    });
    const client = producer();
    while (state.waiting) await client.sendBatch([{ body: 'after' }], { partitionId: '0' });
  }
});

describe('the local Event Hub, to a producer', () => {
  it('puts events of one partition key into one partition, the same every time', async () => {
    const partitionsOf = async (): Promise<readonly (readonly [string | undefined, string])[]> => {
      const client = producer();
      for (const partitionKey of ['a', 'b', 'c', 'a', 'b', 'c']) await client.sendBatch([{ body: 1 }], { partitionKey });
      return hub.events().map((event) => [event.partitionKey, event.partition] as const);
    };
    const first = await partitionsOf();
    expect(new Map(first.slice(0, 3))).toEqual(new Map(first.slice(3)));
    await hub.close();
    await start();
    await expect(partitionsOf()).resolves.toEqual(first);
  });

  it('spreads events without partition key', async () => {
    const client = producer();
    for (const body of numbers(0, 4)) await client.sendBatch([{ body }]);
    expect(hub.events().map(({ partition }) => partition)).toEqual(['0', '1', '2', '3']);
  });

  it('has no partition but its own', async () => {
    await expect(producer().sendBatch([{ body: 1 }], { partitionId: '9' })).rejects.toMatchObject({ code: 'MessagingEntityNotFoundError' });
  });

  it('tells of itself and its partitions', async () => {
    await sendTo0([1, 2]);
    const client = producer();
    await expect(client.getEventHubProperties()).resolves.toMatchObject({ name: HUB, partitionIds: ['0', '1', '2', '3'] });
    await expect(client.getPartitionProperties('0')).resolves.toMatchObject({
      eventHubName: HUB,
      partitionId: '0',
      isEmpty: false,
      beginningSequenceNumber: 0,
      lastEnqueuedSequenceNumber: 1,
      lastEnqueuedOffset: '1',
    });
    await expect(client.getPartitionProperties('1')).resolves.toMatchObject({ isEmpty: true, lastEnqueuedSequenceNumber: -1 });
  });
});

describe('the reader of incidents', () => {
  it('finds nothing in an empty hub', async () => {
    await expect(readIncidents(reading())).resolves.toEqual([]);
  });

  it('reads every byte of every partition, in order', async () => {
    const texts = numbers(0, 300).map((index) => `{ "n":${index}, "text":"Ä\\u00e4 😀" }\n`);
    const client = producer();
    for (const [index, text] of texts.entries()) {
      await client.sendBatch([{ body: Buffer.from(text) }], { partitionId: String(index % 4) });
    }
    const read = await readIncidents(reading());
    const inOrder = [0, 1, 2, 3].flatMap((partition) => texts.filter((_, index) => index % 4 === partition));
    expect(read.map(({ bytes }) => Buffer.from(bytes).toString('utf8'))).toEqual(inOrder);
    expect(read.map(({ body }) => body)).toEqual(inOrder.map((text) => JSON.parse(text) as unknown));
  });

  it('reads the same again, in any consumer group', async () => {
    await sendTo0(['one']);
    const first = await readIncidents(reading());
    await expect(readIncidents({ ...reading(), consumerGroup: 'sentinel' })).resolves.toEqual(first);
  });

  it('says which event is not JSON', async () => {
    await sendTo0([Buffer.from('"good"'), Buffer.from('{')]);
    await expect(readIncidents(reading())).rejects.toThrow('event 1 of partition 0 is not JSON');
  });

  it('does not wait longer than it may', async () => {
    hub.faults.set({ at: 'token', answer: 'refuse' });
    await expect(readIncidents({ ...reading(), timeoutMs: 100 })).rejects.toThrow(
      'the Event Hub incidents was not read to its end within 100 ms',
    );
  });
});
