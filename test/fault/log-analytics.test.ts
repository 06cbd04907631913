import { createLogAnalyticsSource, type LogAnalyticsOptions } from '../../src/azure/log-analytics';
import type { PullOutcome, PullRequest, RowSource } from '../../src/hunt/ports';
import { startLogAnalytics, type LogAnalyticsServer } from '../../src/local/log-analytics-server';
import { fault, type Fault } from '../../src/local/log-analytics/faults';
import type { ExecuteError, Limits } from '../../src/local/log-analytics/reply';
import { instant } from '../../src/value/instant';
import type { Column } from '../../src/value/types';

const columns: readonly Column[] = [{ name: 'Host', type: 'string' }];
const rows = [['ex01'], ['ex02'], ['ex03']];

const request: PullRequest = {
  workspaceId: '11111111-1111-4111-8111-111111111111',
  query: 'T',
  timespan: { start: instant('2026-03-09T10:00:00Z'), end: instant('2026-03-11T11:00:00Z') },
};

let server: LogAnalyticsServer;
/** The waits of the source under test; its clock stands still but for them. */
let waits: number[];

async function start(limits: Partial<Limits> = {}, error?: ExecuteError): Promise<void> {
  server = await startLogAnalytics({ execute: async () => error ?? { columns, rows }, limits });
}

beforeEach(() => {
  waits = [];
});

afterEach(async () => {
  await server.close();
});

function source(timing: LogAnalyticsOptions['timing'] = {}): RowSource {
  let nowMs = Date.UTC(2026, 2, 10, 11, 5);
  return createLogAnalyticsSource({
    endpoint: server.origin,
    credential: undefined,
    timing: { maxRetries: 2, ...timing },
    sleep: async (ms) => {
      waits.push(ms);
      nowMs += ms;
    },
    random: () => 0,
    nowMs: () => nowMs,
  });
}

const whole = { kind: 'whole', table: { columns, rows } };
/** Half of 1 s, then half of 2 s: `random` gives 0. */
const backoff = [500, 1000];

describe('what passes is waited out', () => {
  const passing: readonly (readonly [string, Fault, number])[] = [
    ['429 with Retry-After in seconds', fault.throttled('7'), 7000],
    ['429 with Retry-After as a date', fault.throttled('Tue, 10 Mar 2026 11:05:20 GMT'), 20_000],
    ['429 without Retry-After', fault.throttled(), 500],
    ['503 with Retry-After', fault.status(503, { 'retry-after': '3' }), 3000],
    ['429 with x-ms-retry-after-ms', { kind: 'answer', status: 429, headers: { 'x-ms-retry-after-ms': '250' } }, 250],
  ];

  it.each(passing)('%s, and counted as throttling', async (_, met, wait) => {
    await start();
    const armed = server.faults.arm(met);
    expect(await source().pull(request)).toEqual({ ...whole, requests: 2, throttledMs: wait });
    expect(armed.hits).toBe(1);
    expect(waits).toEqual([wait]);
  });

  const broken: readonly (readonly [string, Fault])[] = [
    ['408', fault.status(408)],
    ['500', fault.status(500)],
    ['502', fault.status(502)],
    ['503 without Retry-After', fault.status(503)],
    ['an error beside the rows', fault.partial('Low memory condition (E_LOW_MEMORY_CONDITION)')],
    ['an empty body', fault.emptyBody],
    ['a body that is not JSON', fault.notJson],
    ['a body that a proxy has compressed', fault.compressed],
    ['half a body', { kind: 'half-body' }],
    ['a reset before the answer', { kind: 'reset', at: 'before' }],
    ['a reset in the middle of the answer', { kind: 'reset', at: 'midway' }],
  ];

  it.each(broken)('%s: asked again, and whole then', async (_, met) => {
    await start();
    const armed = server.faults.arm(met);
    expect(await source().pull(request)).toEqual({ ...whole, requests: 2, throttledMs: 0 });
    expect(armed.hits).toBe(1);
    expect(waits).toEqual([500]);
  });

  it('an answer that comes slowly is whole at the first attempt', async () => {
    await start();
    const armed = server.faults.arm({ kind: 'slow', ms: 20 });
    expect(await source().pull(request)).toEqual({ ...whole, requests: 1, throttledMs: 0 });
    expect(armed.hits).toBe(1);
  });

  it('a stall is given up and asked again', async () => {
    await start();
    const armed = server.faults.arm({ kind: 'stall', at: 'before' });
    expect(await source({ attemptTimeoutMs: 1_500 }).pull(request)).toEqual({ ...whole, requests: 2, throttledMs: 0 });
    expect(armed.hits).toBe(1);
  });
});

describe('the pace of requests', () => {
  it('is waited for, and counted as throttling', async () => {
    await start();
    const paced = source({ paceRequests: 1, paceMs: 10_000 });
    expect(await paced.pull(request)).toEqual({ ...whole, requests: 1, throttledMs: 0 });
    expect(await paced.pull(request)).toEqual({ ...whole, requests: 1, throttledMs: 10_000 });
    expect(waits).toEqual([10_000]);
  });

  it('that leaves no time in a pull ends it before it has asked', async () => {
    await start();
    const paced = source({ paceRequests: 1, paceMs: 10_000, maxPullMs: 10_000 });
    await paced.pull(request);
    expect(await paced.pull(request)).toEqual({
      kind: 'failed',
      code: 'throttled',
      reason: expect.stringContaining('fewer workspaces or rules') as string,
      requests: 0,
      throttledMs: 0,
    });
    expect(waits).toEqual([]);
  });
});

describe('what does not pass ends the pull, never as whole', () => {
  const lasting: readonly (readonly [string, Fault, string, RegExp])[] = [
    ['429', fault.throttled('1'), 'throttled', /429.*1 s/],
    ['429 without Retry-After', fault.throttled(), 'throttled', /429/],
    ['503 with Retry-After', fault.status(503, { 'retry-after': '1' }), 'throttled', /503/],
    ['500', fault.status(500), 'server-error', /500, InternalServerError/],
    ['503', fault.status(503), 'server-error', /503/],
    ['408', fault.status(408), 'timeout', /408/],
    [
      'an error beside the rows',
      fault.partial('Low memory condition (E_LOW_MEMORY_CONDITION)'),
      'partial',
      /PartialError.*E_LOW_MEMORY_CONDITION/,
    ],
    ['an empty body', fault.emptyBody, 'malformed', /an empty body/],
    ['a body that is not JSON', fault.notJson, 'malformed', /not a JSON object/],
    ['a body that a proxy has compressed', fault.compressed, 'malformed', /the coding 'gzip', which was not asked for/],
    ['half a body', { kind: 'half-body' }, 'network', /before the answer was complete/],
    ['a reset before the answer', { kind: 'reset', at: 'before' }, 'network', /ECONNRESET/],
    ['a reset in the middle of the answer', { kind: 'reset', at: 'midway' }, 'network', /before the answer was complete/],
  ];

  it.each(lasting)('%s: after the last retry', async (_, met, code, reason) => {
    await start();
    const armed = server.faults.arm(met, { times: 99 });
    const outcome = await source().pull(request);
    const throttledMs = code === 'throttled' ? waits.reduce((sum, ms) => sum + ms, 0) : 0;
    expect(outcome).toEqual({ kind: 'failed', code, reason: expect.stringMatching(reason) as string, requests: 3, throttledMs });
    expect(armed.hits).toBe(3);
    if (code !== 'throttled') expect(waits).toEqual(backoff);
  });

  it.each(['before', 'midway'] as const)('a stall %s the answer: at the time-out, with the connection closed', async (at) => {
    await start();
    const armed = server.faults.arm({ kind: 'stall', at }, { times: 99 });
    const outcome = await source({ attemptTimeoutMs: 600 }).pull(request);
    expect(outcome).toMatchObject({ kind: 'failed', code: 'timeout', reason: expect.stringContaining('0.6 s') as string, requests: 3 });
    expect(armed.hits).toBe(3);
    await server.idle();
  });

  const final: readonly (readonly [number, string, RegExp])[] = [
    [401, 'unauthorized', /401.*tenant/],
    [403, 'forbidden', /403.*Log Analytics Reader/],
    [404, 'not-found', /404.*HUNT_WORKSPACES/],
    [501, 'server-error', /501/],
    [418, 'unexpected-status', /418/],
  ];

  it.each(final)('%d: at once', async (status, code, reason) => {
    await start();
    const armed = server.faults.arm(fault.status(status), { times: 99 });
    expect(await source().pull(request)).toEqual({
      kind: 'failed',
      code,
      reason: expect.stringMatching(reason) as string,
      requests: 1,
      throttledMs: 0,
    });
    expect(armed.hits).toBe(1);
  });

  it('a port that nobody listens on: after the last retry', async () => {
    await start();
    const unreachable = source();
    await server.close();
    expect(await unreachable.pull(request)).toMatchObject({
      kind: 'failed',
      code: 'network',
      reason: expect.stringContaining('ECONNREFUSED') as string,
    });
  });
});

describe('no pull takes longer than its bound', () => {
  it('a wish to wait that does not fit ends the pull as throttled, without a wait', async () => {
    await start();
    const armed = server.faults.arm(fault.throttled('300'));
    expect(await source({ maxPullMs: 240_000 }).pull(request)).toMatchObject({
      kind: 'failed',
      code: 'throttled',
      reason: expect.stringContaining('300 s') as string,
      requests: 1,
      throttledMs: 0,
    });
    expect(armed.hits).toBe(1);
    expect(waits).toEqual([]);
  });

  it('waits count against the bound, whatever the number of retries', async () => {
    await start();
    const armed = server.faults.arm(fault.throttled('60'), { times: 99 });
    expect(await source({ maxPullMs: 240_000, maxRetries: 99 }).pull(request)).toMatchObject({
      code: 'throttled',
      requests: 4,
      throttledMs: 180_000,
    });
    expect(armed.hits).toBe(4);
    expect(waits).toEqual([60_000, 60_000, 60_000]);
  });

  it('an attempt gets no longer than what is left of it', async () => {
    await start();
    const armed = server.faults.arm({ kind: 'stall', at: 'midway' });
    const outcome = await source({ attemptTimeoutMs: 20_000, maxPullMs: 499 }).pull(request);
    expect(outcome).toMatchObject({ kind: 'failed', code: 'timeout', requests: 1 });
    expect(armed.hits).toBe(1);
  });
});

describe('a shorter range may help', () => {
  const tooLarge: readonly (readonly [string, Fault])[] = [
    ['504', fault.status(504)],
    ['a cut answer', fault.partial('Query result set has exceeded the limit (E_QUERY_RESULT_SET_TOO_LARGE; see the documentation)')],
    ['too much work', fault.partial('Query consumed too much memory (E_RUNAWAY_QUERY)')],
    [
      'too much work, as an error',
      { kind: 'answer', status: 400, body: '{"error":{"code":"BadArgumentError","innererror":{"message":"E_RUNAWAY_QUERY"}}}' },
    ],
  ];

  it.each(tooLarge)('%s: too-large at once', async (_, met) => {
    await start();
    const armed = server.faults.arm(met, { times: 99 });
    expect(await source().pull(request)).toEqual({ kind: 'too-large', reason: expect.any(String) as string, requests: 1, throttledMs: 0 });
    expect(armed.hits).toBe(1);
  });

  it.each([{ maxRows: 2 }, { maxBytes: 20 }])('an answer beyond the limit %j of the service', async (limits) => {
    await start(limits);
    expect(await source().pull(request)).toMatchObject({ kind: 'too-large', requests: 1 });
    expect(server.requests()).toMatchObject([{ status: 200, rows: 2 }]);
  });
});

describe('what the query says', () => {
  const pullWith = async (error: ExecuteError): Promise<PullOutcome> => {
    await start({}, error);
    return source().pull(request);
  };

  it.each([
    "'where' operator: Failed to resolve table or column expression named 'imProcessCreate'",
    "Failed to resolve entity 'imProcessCreate'",
    "Unknown function: 'imProcessCreate'.",
  ])('%s: no-source, by name', async (message) => {
    expect(await pullWith({ kind: 'semantic', message })).toMatchObject({
      kind: 'no-source',
      reason: expect.stringContaining("'imProcessCreate'") as string,
      requests: 1,
    });
  });

  it.each<ExecuteError>([
    { kind: 'semantic', message: "'where' operator: Failed to resolve scalar expression named 'CommandLine'" },
    { kind: 'semantic', message: "'project' operator: Failed to resolve column or scalar expression named 'CommandLine'" },
    { kind: 'syntax', message: "Query could not be parsed at 'CommandLine' on line [1,5]" },
    { kind: 'unsupported', message: "the operator 'CommandLine' is not supported here" },
  ])('$message: failed, with that text', async (error) => {
    expect(await pullWith(error)).toMatchObject({
      kind: 'failed',
      code: 'bad-request',
      reason: expect.stringContaining(error.message) as string,
      requests: 1,
    });
  });
});

it('aborts while it waits for a retry', async () => {
  await start();
  const abort = new AbortController();
  const armed = server.faults.arm(fault.status(500));
  const waiting = createLogAnalyticsSource({
    endpoint: server.origin,
    credential: undefined,
    timing: { retryDelayMs: 100_000, maxRetryDelayMs: 100_000 },
    random: () => {
      setImmediate(() => abort.abort());
      return 0;
    },
  });
  await expect(waiting.pull({ ...request, signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
  expect(armed.hits).toBe(1);
});
