import { readFileSync } from 'node:fs';
import type { InvocationContext, Timer } from '@azure/functions';
import type { runHunt as RunHunt } from '../../src/app';
import type { runIngest as RunIngest } from '../../src/ingest-app';
import { instant } from '../../src/value/instant';

interface Registration {
  readonly metadata: { readonly name: string; readonly bindings: Readonly<Record<string, object>>; readonly retryOptions?: object };
  readonly handler: (timer: Timer, context: InvocationContext) => Promise<void>;
}

let mockRegistrations: Registration[] = [];
const mockRunIngest = jest.fn<ReturnType<typeof RunIngest>, Parameters<typeof RunIngest>>();
const mockRunHunt = jest.fn<ReturnType<typeof RunHunt>, Parameters<typeof RunHunt>>();

// What the host gives to the worker; the bindings arrive here as the host will see them.
jest.mock(
  '@azure/functions-core',
  () => ({
    setProgrammingModel: () => undefined,
    registerHook: () => ({ dispose: () => undefined }),
    registerFunction: (metadata: Registration['metadata'], handler: Registration['handler']) => {
      mockRegistrations.push({ metadata, handler });
      return { dispose: () => undefined };
    },
  }),
  { virtual: true },
);
jest.mock('../../src/app', () => ({ runHunt: mockRunHunt }));
jest.mock('../../src/ingest-app', () => ({ runIngest: mockRunIngest }));

/** What a file of functions/ registers with these settings, and no others that it reads. */
async function registerFile(
  file: 'hunt' | 'ingest-incidents',
  settings: Readonly<Record<string, string>>,
): Promise<readonly Registration[]> {
  mockRegistrations = [];
  const before = { ...process.env };
  for (const name of Object.keys(before)) if (/^(?:HUNT_|INGEST_|IncidentHub)/.test(name)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, settings);
  try {
    await jest.isolateModulesAsync(async () => {
      await import(`../../functions/${file}`);
    });
  } finally {
    for (const name of Object.keys(settings)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  }
  return mockRegistrations;
}

const register = (schedule?: string): Promise<readonly Registration[]> =>
  registerFile('hunt', schedule === undefined ? {} : { HUNT_SCHEDULE: schedule });

const registerIngest = (settings: Readonly<Record<string, string>>): Promise<readonly Registration[]> =>
  registerFile('ingest-incidents', settings);

async function invoke(isPastDue: boolean): Promise<readonly string[]> {
  const [hunt] = await register();
  if (hunt === undefined) throw new Error('nothing was registered');
  const lines: string[] = [];
  const say = (level: string) => (text: string) => lines.push(`${level} ${text}`);
  const context = { info: say('info'), warn: say('warn'), error: say('error') } as unknown as InvocationContext;
  await hunt.handler({ isPastDue, schedule: { adjustForDST: false } } as Timer, context);
  return lines;
}

beforeEach(() => {
  mockRunHunt.mockReset().mockResolvedValue(undefined);
});

describe('the functions of the app', () => {
  it('are the timer hunt and no other', async () => {
    const functions = (await register()).map(({ metadata: { name, bindings } }) => ({ name, bindings: Object.values(bindings) }));
    expect(functions).toEqual([
      {
        name: 'hunt',
        bindings: [
          {
            type: 'timerTrigger',
            direction: 'in',
            name: expect.any(String) as unknown,
            schedule: '0 */5 * * * *',
            useMonitor: true,
            properties: { supportsDeferredBinding: 'false' },
          },
        ],
      },
    ]);
  });

  it('run on the schedule of HUNT_SCHEDULE', async () => {
    const [hunt] = await register(' 30 */10 * * * * ');
    expect(Object.values(hunt?.metadata.bindings ?? {})).toMatchObject([{ schedule: '30 */10 * * * *' }]);
  });

  it('are there with a malformed HUNT_SCHEDULE too, on the default: an invocation says what is wrong, and ingest-incidents lives on', async () => {
    const [hunt] = await register('*/5 * * * *');
    expect(Object.values(hunt?.metadata.bindings ?? {})).toMatchObject([{ schedule: '0 */5 * * * *' }]);
  });
});

describe('an invocation of hunt', () => {
  it('runs one cycle and logs what it logs, on the same levels', async () => {
    mockRunHunt.mockImplementation(({ log }) => {
      log.info('a');
      log.warn('b');
      log.error('c');
      return Promise.resolve();
    });
    expect(await invoke(false)).toEqual(['info a', 'warn b', 'error c']);
    expect(mockRunHunt).toHaveBeenCalledTimes(1);
  });

  it('says that the timer is late, and does the same work', async () => {
    expect(await invoke(true)).toEqual([expect.stringMatching(/^info The timer is late/)]);
    expect(mockRunHunt).toHaveBeenCalledTimes(1);
  });

  it('fails with the reason that the cycle gives', async () => {
    mockRunHunt.mockRejectedValue(new Error('the hub cannot be reached'));
    await expect(invoke(false)).rejects.toThrow('the hub cannot be reached');
  });
});

const WORKER_ENVIRONMENT = { INGEST_ENDPOINT: 'https://a.westeurope-1.ingest.monitor.azure.com' };

describe('the function ingest-incidents', () => {
  it('is not there without INGEST_ENDPOINT', async () => {
    expect(await registerIngest({})).toEqual([]);
    expect(await registerIngest({ INGEST_ENDPOINT: ' ' })).toEqual([]);
  });

  it('takes batches of bytes of the consumer group sentinel, and is tried again without end', async () => {
    const [ingest, ...others] = await registerIngest(WORKER_ENVIRONMENT);
    expect(others).toEqual([]);
    expect(ingest?.metadata.name).toBe('ingest-incidents');
    expect(Object.values(ingest?.metadata.bindings ?? {})).toEqual([
      {
        type: 'eventHubTrigger',
        direction: 'in',
        name: expect.any(String) as unknown,
        connection: 'IncidentHub',
        eventHubName: 'incidents',
        consumerGroup: 'sentinel',
        cardinality: 'many',
        dataType: 'binary',
        properties: { supportsDeferredBinding: 'false' },
      },
    ]);
    expect(ingest?.metadata.retryOptions).toMatchObject({ retryStrategy: 'exponentialBackoff', maxRetryCount: -1 });
  });

  it.each([
    [{ IncidentHub__eventHubName: ' incidents-eu ' }, 'incidents-eu'],
    [{ IncidentHub: 'Endpoint=sb://x;SharedAccessKeyName=a;SharedAccessKey=b;EntityPath=from-path' }, 'from-path'],
    [{ IncidentHub: 'Endpoint=sb://x;SharedAccessKeyName=a;SharedAccessKey=b' }, 'incidents'],
  ])('reads the event hub that %j names', async (environment, eventHubName) => {
    const [ingest] = await registerIngest({ ...WORKER_ENVIRONMENT, ...environment });
    expect(Object.values(ingest?.metadata.bindings ?? {})).toMatchObject([{ eventHubName }]);
  });

  it('hands over each event with what the host tells of it', async () => {
    const [ingest] = await registerIngest(WORKER_ENVIRONMENT);
    const lines: string[] = [];
    const context = {
      info: (text: string) => lines.push(text),
      triggerMetadata: {
        partitionContext: { partitionId: '3' },
        partitionKeyArray: ['w/r/t', null],
        enqueuedTimeUtcArray: ['2026-03-10T10:00:00.1234567Z', 'nonsense'],
      },
    };
    mockRunIngest.mockImplementation(({ log }) => {
      log.info('a line');
      return Promise.resolve();
    });
    const handler = ingest?.handler as unknown as (messages: unknown, context: unknown) => Promise<void>;
    await handler([Buffer.from('one'), Buffer.from('two')], context);
    expect(mockRunIngest.mock.lastCall?.[0]).toMatchObject({
      partition: '3',
      events: [
        { body: Buffer.from('one'), partitionKey: 'w/r/t', enqueuedAt: instant('2026-03-10T10:00:00.1234567Z') },
        { body: Buffer.from('two'), partitionKey: undefined, enqueuedAt: undefined },
      ],
    });
    expect(lines).toEqual(['a line']);

    await handler('alone', { info: () => undefined });
    expect(mockRunIngest.mock.lastCall?.[0]).toMatchObject({ partition: '', events: [{ body: 'alone' }] });
  });
});

describe('host.json', () => {
  const host = JSON.parse(readFileSync('host.json', 'utf8')) as {
    readonly functionTimeout: string;
    readonly logging: { readonly logLevel: Readonly<Record<string, string>>; readonly applicationInsights: unknown };
  };

  it('ends an invocation before the next tick, and after the cycle has ended itself', async () => {
    const { BEGIN_MS, END_MS, STOP_MS } = await import('../../functions/hunt');
    const [hours = NaN, minutes = NaN, seconds = NaN] = host.functionTimeout.split(':').map(Number);
    const timeoutMs = ((hours * 60 + minutes) * 60 + seconds) * 1000;
    expect(BEGIN_MS).toBeLessThan(END_MS);
    expect(END_MS + 30_000).toBeLessThanOrEqual(STOP_MS);
    expect(STOP_MS + 10_000).toBeLessThanOrEqual(timeoutMs);
    expect(timeoutMs).toBeLessThan(300_000);
  });

  it('lets every line of the app through, and samples none away', () => {
    expect(host.logging).toMatchObject({
      logLevel: { default: 'Information' },
      applicationInsights: { samplingSettings: { isEnabled: false } },
    });
    expect(Object.keys(host.logging.logLevel).filter((category) => category.startsWith('Function'))).toEqual([]);
  });
});
