import { readFileSync } from 'node:fs';
import type { InvocationContext, Timer } from '@azure/functions';
import type { runHunt as RunHunt } from '../../src/app';

interface Registration {
  readonly metadata: { readonly name: string; readonly bindings: Readonly<Record<string, object>> };
  readonly handler: (timer: Timer, context: InvocationContext) => Promise<void>;
}

let mockRegistrations: Registration[] = [];
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

/** The functions that the app registers where HUNT_SCHEDULE is as given. */
async function register(schedule?: string): Promise<readonly Registration[]> {
  mockRegistrations = [];
  const before = process.env['HUNT_SCHEDULE'];
  if (schedule === undefined) delete process.env['HUNT_SCHEDULE'];
  else process.env['HUNT_SCHEDULE'] = schedule;
  try {
    await jest.isolateModulesAsync(async () => {
      await import('../../functions/hunt');
    });
  } finally {
    if (before === undefined) delete process.env['HUNT_SCHEDULE'];
    else process.env['HUNT_SCHEDULE'] = before;
  }
  return mockRegistrations;
}

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

  it('are not loaded with a malformed HUNT_SCHEDULE, and say why', async () => {
    await expect(register('*/5 * * * *')).rejects.toThrow(/^HUNT_SCHEDULE .+ six fields/);
    expect(mockRegistrations).toEqual([]);
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

describe('host.json', () => {
  const host = JSON.parse(readFileSync('host.json', 'utf8')) as {
    readonly functionTimeout: string;
    readonly logging: { readonly logLevel: Readonly<Record<string, string>>; readonly applicationInsights: unknown };
  };

  it('ends an invocation before the next tick, and after the cycle has ended itself', async () => {
    const { BEGIN_MS, END_MS } = await import('../../functions/hunt');
    const [hours = NaN, minutes = NaN, seconds = NaN] = host.functionTimeout.split(':').map(Number);
    const timeoutMs = ((hours * 60 + minutes) * 60 + seconds) * 1000;
    expect(BEGIN_MS).toBeLessThan(END_MS);
    expect(END_MS + 30_000).toBeLessThanOrEqual(timeoutMs);
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
