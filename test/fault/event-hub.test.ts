import { once } from 'node:events';
import { inspect } from 'node:util';
import type { TokenCredential } from '@azure/identity';
import { CredentialUnavailableError } from '@azure/identity';
import { Connection, ConnectionEvents } from 'rhea-promise';
import { createEventHubSink } from '../../src/azure/event-hub';
import type { EventHubTiming } from '../../src/azure/event-hub-connection';
import type { IncidentSink, OutgoingMessage } from '../../src/hunt/ports';
import { PortUnavailable } from '../../src/hunt/ports';
import type { EventHubOptions, LocalEventHub } from '../../src/local/event-hub-server';
import { startEventHub } from '../../src/local/event-hub-server';
import type { Condition } from '../../src/local/event-hub/faults';
import { shortTiming } from '../support/short-timing';

let hub: LocalEventHub;
let sink: IncidentSink;

async function start(options: EventHubOptions = {}, timing: Partial<EventHubTiming> = {}): Promise<void> {
  hub = await startEventHub(options);
  sink = createEventHubSink({
    connectionString: hub.connectionString,
    eventHubName: 'incidents',
    timing: { ...shortTiming, ...timing },
  });
}

/** Timers of the renewal of the client's tokens that were not stopped. */
const renewals = new Set<unknown>();
const RENEWED_AFTER_MS = 45 * 60_000;

beforeEach(() => {
  renewals.clear();
  const [setTimer, clearTimer] = [globalThis.setTimeout, globalThis.clearTimeout];
  jest.spyOn(globalThis, 'setTimeout').mockImplementation((callback, ms) => {
    const timer = setTimer(callback, ms);
    if (ms === RENEWED_AFTER_MS) renewals.add(timer);
    return timer;
  });
  jest.spyOn(globalThis, 'clearTimeout').mockImplementation((timer) => {
    renewals.delete(timer);
    clearTimer(timer);
  });
});

// Whatever happened to the connection: what is closed renews nothing any more, and keeps no process alive.
afterEach(async () => {
  await sink.close();
  await hub.close();
  jest.restoreAllMocks();
  expect(renewals.size).toBe(0);
});

const message = (text: string, partitionKey = 'key'): OutgoingMessage => ({ partitionKey, body: Buffer.from(JSON.stringify(text)) });
const stored = (): readonly string[] => hub.events().map(({ body }) => JSON.parse(Buffer.from(body).toString()) as string);
const TRIES = shortTiming.retries + 1;

describe('a send that fails for a while', () => {
  beforeEach(() => start());

  it('is sent again after the hub was busy', async () => {
    const busy = hub.faults.set({ at: 'send', answer: 'reject', condition: 'com.microsoft:server-busy' }, { times: 1 });
    await expect(sink.publish([message('one')])).resolves.toEqual({ acknowledged: [0], refused: [] });
    expect(busy.hits).toBe(1);
    expect(stored()).toEqual(['one']);
  });

  it.each(['detach', 'reset'] as const)('is sent again after a %s before it was stored', async (answer) => {
    const cut = hub.faults.set({ at: 'send', answer, stored: false }, { times: 1 });
    await expect(sink.publish([message('one')])).resolves.toEqual({ acknowledged: [0], refused: [] });
    expect(cut.hits).toBe(1);
    expect(stored()).toEqual(['one']);
  });

  it.each(['detach', 'reset', 'silence'] as const)('is stored twice after a %s that took the acknowledgement', async (answer) => {
    const cut = hub.faults.set({ at: 'send', answer, stored: true }, { times: 1 });
    await expect(sink.publish([message('one')])).resolves.toEqual({ acknowledged: [0], refused: [] });
    expect(cut.hits).toBe(1);
    expect(stored()).toEqual(['one', 'one']);
  });
});

describe('a connection that is half open', () => {
  it('is left for a new one', async () => {
    await start();
    const stall = hub.faults.set({ at: 'send', answer: 'stall', stored: false }, { times: 1 });
    await expect(sink.publish([message('one')])).resolves.toEqual({ acknowledged: [0], refused: [] });
    expect(renewals.size).toBeGreaterThan(0);
    expect(stall.hits).toBe(1);
    expect(stored()).toEqual(['one']);
  });
});

describe('a hub that takes nothing', () => {
  beforeEach(() => start());

  it.each<[Condition, RegExp]>([
    ['com.microsoft:server-busy', /ServerBusyError.*check the throughput units/],
    ['amqp:resource-limit-exceeded', /QuotaExceededError.*check the throughput units and quotas/],
    ['amqp:not-found', /check the name of the hub/],
    ['amqp:unauthorized-access', /UnauthorizedError.*check that the identity has the role Azure Event Hubs Data Sender/],
  ])('is unreachable when it answers %s, and no message is refused for that', async (condition, words) => {
    const fault = hub.faults.set({ at: 'send', answer: 'reject', condition });
    await expect(sink.publish([message('one'), message('two')])).resolves.toEqual({
      acknowledged: [],
      refused: [],
      unreachable: expect.stringMatching(words),
    });
    expect(fault.hits).toBeGreaterThan(0);
    expect(stored()).toEqual([]);
  });

  it('is tried a bounded number of times when it is busy', async () => {
    const busy = hub.faults.set({ at: 'send', answer: 'reject', condition: 'com.microsoft:server-busy' });
    await sink.publish([message('one')]);
    expect(busy.hits).toBe(TRIES);
  });

  it('is unreachable when it gives messages back', async () => {
    const release = hub.faults.set({ at: 'send', answer: 'release' });
    const report = await sink.publish([message('one')]);
    expect(release.hits).toBe(1);
    expect(report).toEqual({ acknowledged: [], refused: [], unreachable: expect.stringContaining('SendOperationFailedError') });
  });

  it('is unreachable when it never answers, whatever it stored', async () => {
    const silence = hub.faults.set({ at: 'send', answer: 'silence', stored: true });
    const report = await sink.publish([message('one')]);
    expect(silence.hits).toBe(TRIES);
    expect(report).toEqual({ acknowledged: [], refused: [], unreachable: expect.stringContaining('OperationTimeoutError') });
    expect(stored()).toEqual(Array<string>(TRIES).fill('one'));
  });

  it('keeps what was acknowledged before, and tries nothing after', async () => {
    const busy = hub.faults.set(
      { at: 'send', answer: 'reject', condition: 'com.microsoft:server-busy' },
      { onlyFor: (body) => body.includes('two') },
    );
    const report = await sink.publish([message('one', 'a'), message('two', 'b'), message('three', 'c')]);
    expect(busy.hits).toBe(TRIES);
    expect(report).toEqual({ acknowledged: [0], refused: [], unreachable: expect.any(String) });
    expect(stored()).toEqual(['one']);
  });
});

describe('a hub that lets nobody in', () => {
  beforeEach(() => start());

  it.each<[Condition, RegExp]>([
    ['com.microsoft:server-busy', /ServerBusyError/],
    ['amqp:unauthorized-access', /check that the identity has the role Azure Event Hubs Data Sender/],
    ['amqp:not-found', /check the name of the hub/],
  ])('is found by probing when it refuses the link with %s', async (condition, words) => {
    const refusal = hub.faults.set({ at: 'attach', condition });
    await expect(sink.probe()).rejects.toThrow(words);
    expect(refusal.hits).toBeGreaterThan(0);
  });

  it('is found by probing when it refuses the token', async () => {
    const refusal = hub.faults.set({ at: 'token', answer: 'refuse' });
    await expect(sink.probe()).rejects.toThrow(/UnauthorizedError.*check that the identity has the role Azure Event Hubs Data Sender/);
    expect(refusal.hits).toBeGreaterThan(0);
  });

  it('is found by probing when it never answers a token', async () => {
    const silence = hub.faults.set({ at: 'token', answer: 'silence' });
    await expect(sink.probe()).rejects.toThrow(/OperationTimeoutError.*check the name of the namespace/);
    expect(silence.hits).toBe(TRIES);
  });

  it('lets in after a reset instead of an answer to the token', async () => {
    const reset = hub.faults.set({ at: 'token', answer: 'reset' }, { times: 1 });
    await expect(sink.probe()).resolves.toBeUndefined();
    expect(reset.hits).toBe(1);
  });

  it('is found by probing when it is not there', async () => {
    await hub.close();
    await expect(sink.probe()).rejects.toThrow(/incidents at 127\.0\.0\.1.*ECONNREFUSED.*check the name of the namespace.*port 5671/);
    await start();
  });

  it('is found by probing when it has another name', async () => {
    await sink.close();
    await hub.close();
    await start({ hubName: 'other' });
    await expect(sink.probe()).rejects.toThrow(/The messaging entity 'incidents' could not be found\); check the name of the hub/);
  });

  it('lets in at the second try', async () => {
    const refusal = hub.faults.set({ at: 'attach', condition: 'com.microsoft:server-busy' }, { times: 1 });
    await expect(sink.probe()).resolves.toBeUndefined();
    expect(refusal.hits).toBe(1);
  });
});

describe('a message that the hub refuses', () => {
  it('is found among those of its batch', async () => {
    await start();
    const tooLarge = hub.faults.set(
      { at: 'send', answer: 'reject', condition: 'amqp:link:message-size-exceeded' },
      { onlyFor: (body) => body.includes('bad'), description: 'The received message is too large.' },
    );
    const report = await sink.publish(['one', 'bad', 'two'].map((text) => message(text)));
    expect(tooLarge.hits).toBe(2);
    expect(report).toEqual({
      acknowledged: [0, 2],
      refused: [{ index: 1, reason: 'MessageTooLargeError: The received message is too large' }],
    });
    expect(stored()).toEqual(['one', 'two']);
  });

  it('is not sent when it is larger than the link takes', async () => {
    await start({ maxMessageSize: 2_000 });
    const anySend = hub.faults.set({ at: 'send', answer: 'release' }, { onlyFor: (body) => body.includes('x') });
    const report = await sink.publish([message('one'), message('x'.repeat(2_000))]);
    expect(anySend.hits).toBe(0);
    expect(report).toEqual({ acknowledged: [0], refused: [{ index: 1, reason: 'larger than the 2000 bytes that the hub takes' }] });
  });
});

describe('the bound of a call', () => {
  const patient = { attemptTimeoutMs: 60_000, callTimeoutMs: 1_500 };

  it('ends a publish that nobody answers', async () => {
    await start({}, patient);
    const silence = hub.faults.set({ at: 'send', answer: 'silence', stored: false });
    const report = await sink.publish([message('one')]);
    expect(silence.hits).toBe(1);
    expect(report).toEqual({ acknowledged: [], refused: [], unreachable: expect.stringMatching(/no answer within 1500 ms.*check/) });
  });

  it('ends a probe whose credential never answers', async () => {
    await start();
    await sink.close();
    sink = namespaceSink({ getToken: () => new Promise(() => undefined) }, patient);
    await expect(sink.probe()).rejects.toThrow(/no answer within 1500 ms/);
  });

  it('ends a close over a connection that broke in the same moment', async () => {
    await start();
    await sink.probe();
    expect(renewals.size).toBe(1);
    const gone = hub.close();
    await expect(sink.close()).resolves.toBeUndefined();
    expect(renewals.size).toBe(0);
    await gone;
    await start();
  });
});

describe('a link of the client', () => {
  it('has an address to name in an error, also when its connection broke and was opened again', async () => {
    await start();
    hub.faults.set({ at: 'token', answer: 'reset' });
    const connection = new Connection({ host: '127.0.0.1', port: hub.port, transport: 'tcp', reconnect: false });
    await connection.open();
    const receiver = await connection.createReceiver({ source: { address: '$cbs' } });
    const sender = await connection.createSender({ target: { address: '$cbs' } });
    expect(receiver.address).toBe('$cbs');
    const broken = once(connection, ConnectionEvents.disconnected);
    sender.send({ reply_to: receiver.name, body: '' });
    await broken;
    const opened = connection.open();
    expect(receiver.source).toBeUndefined();
    expect(receiver.address).toBe('');
    await opened;
    await connection.close();
  });
});

function namespaceSink(credential: TokenCredential, timing: Partial<EventHubTiming> = {}): IncidentSink {
  return createEventHubSink({
    fullyQualifiedNamespace: 'contoso.servicebus.windows.net',
    eventHubName: 'incidents',
    credential,
    timing: { ...shortTiming, ...timing },
  });
}

describe('what is said of a failure', () => {
  beforeEach(() => start());

  it('names the identity when there is no token', async () => {
    await sink.close();
    sink = namespaceSink({ getToken: () => Promise.reject(new CredentialUnavailableError('no identity here')) });
    const probe = sink.probe();
    await expect(probe).rejects.toBeInstanceOf(PortUnavailable);
    await expect(probe).rejects.toThrow(
      /incidents at contoso\.servicebus\.windows\.net .*CredentialUnavailableError: no identity here.*check that the identity exists/,
    );
  });

  it('repeats no key, signature or token of the service', async () => {
    hub.faults.set(
      { at: 'attach', condition: 'amqp:unauthorized-access' },
      { description: 'bad SharedAccessKey=s3cret; SharedAccessSignature sr=x&sig=s3cret&se=1, eyJhbGci.s3cret.s3cret' },
    );
    const failure: unknown = await sink.probe().catch((error: unknown) => error);
    expect(String(failure)).toContain('bad SharedAccessKey=***');
    expect(inspect(failure)).not.toContain('s3cret');
  });

  it.each([
    ['has no endpoint', 'SharedAccessKeyName=k;SharedAccessKey=s3cret'],
    ['names another hub', 'Endpoint=sb://contoso.servicebus.windows.net;SharedAccessKeyName=k;SharedAccessKey=s3cret;EntityPath=other'],
    ['is a word', 's3cret'],
  ])('repeats no connection string that %s', (_, connectionString) => {
    const create = (): IncidentSink => createEventHubSink({ connectionString, eventHubName: 'incidents' });
    expect(create).toThrow(/the connection string for the Event Hub incidents is malformed, or its EntityPath names another hub/);
    expect(create).not.toThrow(/s3cret/);
  });
});
