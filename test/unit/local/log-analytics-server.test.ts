import { startLogAnalytics, type LogAnalyticsServer, type LogAnalyticsServerOptions } from '../../../src/local/log-analytics-server';
import { cellText } from '../../../src/local/log-analytics/reply';
import { parseTimespanText } from '../../../src/local/log-analytics/request';
import { formatInstant, instant } from '../../../src/value/instant';
import type { ScalarType, Value } from '../../../src/value/types';

const workspace = '11111111-1111-4111-8111-111111111111';

let server: LogAnalyticsServer;

async function start(options: Partial<LogAnalyticsServerOptions> = {}): Promise<void> {
  server = await startLogAnalytics({
    execute: async () => ({
      columns: [{ name: 'Host', type: 'string' }],
      rows: [['ex01'], ['ex02'], ['ex03']],
    }),
    ...options,
  });
}

afterEach(async () => {
  await server.close();
});

async function post(
  path: string,
  body: string,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
): Promise<readonly [number, string]> {
  const response = await fetch(`${server.origin}${path}`, { method: 'POST', headers, body: Buffer.from(body) });
  return [response.status, await response.text()];
}

/** For a fault that meets nobody: only tells that a request came. */
function noting(reached: () => void): false {
  reached();
  return false;
}

const query = (body: unknown): Promise<readonly [number, string]> => post(`/v1/workspaces/${workspace}/query`, JSON.stringify(body));

it('answers a query with one table', async () => {
  await start();
  expect(await query({ query: 'T' })).toEqual([
    200,
    '{"tables":[{"name":"PrimaryResult","columns":[{"name":"Host","type":"string"}],"rows":[["ex01"],["ex02"],["ex03"]]}]}',
  ]);
});

it.each([
  [{ maxRows: 2 }, 'record count limit 2', 2],
  [{ maxBytes: 18 }, 'data size limit 18', 2],
])('beyond %j it gives the rows up to there, and an error', async (limits, text, rows) => {
  await start({ limits });
  const [status, body] = await query({ query: 'T' });
  const parsed = JSON.parse(body) as { readonly tables: readonly { readonly rows: readonly unknown[] }[]; readonly error: unknown };
  expect(status).toBe(200);
  expect(parsed.tables[0]?.rows).toHaveLength(rows);
  expect(parsed.error).toMatchObject({
    code: 'PartialError',
    details: [{ innererror: { message: `Query result set has exceeded the internal ${text} (E_QUERY_RESULT_SET_TOO_LARGE)` } }],
  });
});

it('gives as many rows as its limit without an error', async () => {
  await start({ limits: { maxRows: 3 } });
  expect((await query({ query: 'T' }))[1]).not.toContain('error');
});

it.each([
  ['syntax', { code: 'SyntaxError', message: 'what is wrong' }],
  ['semantic', { code: 'SemanticError', innererror: { message: 'what is wrong' } }],
  ['unsupported', { code: 'UnsupportedQueryError', message: 'what is wrong' }],
] as const)('says what is wrong with a query: %s', async (kind, innererror) => {
  await start({ execute: async () => ({ kind, message: 'what is wrong' }) });
  const [status, body] = await query({ query: 'T' });
  expect(status).toBe(400);
  expect(JSON.parse(body)).toMatchObject({ error: { code: 'BadArgumentError', innererror } });
});

it('says what went wrong when a query could not be run', async () => {
  await start({ execute: () => Promise.reject(new Error('no such file')) });
  const [status, body] = await query({ query: 'T' });
  expect([status, JSON.parse(body)]).toEqual([500, { error: { code: 'InternalServerError', message: 'no such file' } }]);
});

it.each([
  ['is not JSON', '{"query":'],
  ['has no query', '{"timespan":"P1D"}'],
  ['is no object', 'null'],
  ['has a timespan that is none', '{"query":"T","timespan":"yesterday"}'],
])('refuses a body that %s', async (_, body) => {
  await start();
  const [status, text] = await post(`/v1/workspaces/${workspace}/query`, body);
  expect(status).toBe(400);
  expect(text).toContain('BadArgumentError');
});

it.each([
  ['without a body', '', { 'content-type': 'application/json' }],
  ['without a content type', '{"query":"T"}', {}],
])('answers a request %s with an empty 200, as the service does', async (_, body, headers) => {
  await start();
  expect(await post(`/v1/workspaces/${workspace}/query`, body, headers)).toEqual([200, '']);
});

it.each([`/v1/workspaces/${workspace}`, '/v2/workspaces/x/query', '/', `/v1/workspaces/22222222-2222-4222-8222-222222222222/query`])(
  'knows nothing at %s',
  async (path) => {
    await start({ workspaces: [workspace] });
    expect(await post(path, '{"query":"T"}')).toEqual([404, expect.stringContaining('PathNotFoundError')]);
  },
);

it('records what it was asked and what it answered', async () => {
  await start();
  const body = JSON.stringify({ query: 'T', timespan: '2026-03-10T10:00:00Z/2026-03-10T11:00:00Z' });
  await post(`/v1/workspaces/${workspace.toUpperCase()}/query`, body, { 'content-type': 'application/json', prefer: 'wait=30' });
  expect(server.requests()).toEqual([
    {
      workspaceId: workspace,
      query: 'T',
      timespan: { start: instant('2026-03-10T10:00:00Z'), end: instant('2026-03-10T11:00:00Z') },
      prefer: 'wait=30',
      authorization: undefined,
      fault: undefined,
      status: 200,
      rows: 3,
    },
  ]);
});

describe('faults', () => {
  it('meet the requests that they are meant for, as often as they are armed', async () => {
    await start();
    const armed = server.faults.arm({ kind: 'answer', status: 500 }, { times: 2, when: (request) => request.query === 'A' });
    const statuses = [];
    for (const text of ['B', 'A', 'A', 'A']) statuses.push((await query({ query: text }))[0]);
    expect(statuses).toEqual([200, 500, 500, 200]);
    expect(armed.hits).toBe(2);
  });

  it('meet in the order in which they were armed', async () => {
    await start();
    server.faults.arm({ kind: 'answer', status: 500 });
    server.faults.arm({ kind: 'answer', status: 503 });
    expect([(await query({ query: 'T' }))[0], (await query({ query: 'T' }))[0]]).toEqual([500, 503]);
  });

  it.each(['before', 'midway'] as const)('a stall %s the answer goes on when released', async (at) => {
    await start();
    const reached = new Promise<void>((resolve) => {
      server.faults.arm({ kind: 'answer', status: 500 }, { when: () => noting(resolve) });
    });
    const armed = server.faults.arm({ kind: 'stall', at });
    const answered = query({ query: 'T' });
    await reached;
    armed.release();
    expect((await answered)[0]).toBe(200);
  });

  it.each([
    { kind: 'stall', at: 'before' },
    { kind: 'stall', at: 'midway' },
    { kind: 'slow', ms: 3_600_000 },
  ] as const)('close() ends %j at once', async (met) => {
    await start();
    const reached = new Promise<void>((resolve) => {
      server.faults.arm({ kind: 'answer', status: 500 }, { when: () => noting(resolve) });
    });
    server.faults.arm(met);
    const answered = expect(query({ query: 'T' })).rejects.toThrow();
    await reached;
    await server.close();
    await answered;
    await server.idle();
  });
});

describe('wire types', () => {
  beforeEach(() => start());

  const cases: readonly (readonly [ScalarType, Value, string])[] = [
    ['bool', true, 'true'],
    ['int', -1, '-1'],
    ['long', 9_007_199_254_740_993n, '9007199254740993'],
    ['real', 0.5, '0.5'],
    ['real', Infinity, '"Infinity"'],
    ['decimal', { type: 'decimal', value: '1.10' }, '"1.10"'],
    ['string', 'a"b', '"a\\"b"'],
    ['string', '', '""'],
    ['datetime', instant('2026-03-10T10:00:00Z'), '"2026-03-10T10:00:00.0000000Z"'],
    ['timespan', -36_000_000_000n, '"-01:00:00"'],
    ['guid', workspace, `"${workspace}"`],
    ['dynamic', ['a', 1n, null], '"[\\"a\\",1,null]"'],
    ['dynamic', null, 'null'],
    ['datetime', null, 'null'],
  ];

  it.each(cases)('%s', (type, value, text) => {
    expect(cellText(type, value)).toBe(text);
  });
});

describe('timespans', () => {
  beforeEach(() => start());

  const now = instant('2026-03-10T12:00:00Z');

  it.each([
    ['PT1H', '2026-03-10T11:00:00.0000000Z', '2026-03-10T12:00:00.0000000Z'],
    ['P1DT12H', '2026-03-09T00:00:00.0000000Z', '2026-03-10T12:00:00.0000000Z'],
    ['2026-03-10T10:00:00.5Z/2026-03-10T11:00:00Z', '2026-03-10T10:00:00.5000000Z', '2026-03-10T11:00:00.0000000Z'],
    ['2026-03-10T10:00:00Z/PT30M', '2026-03-10T10:00:00.0000000Z', '2026-03-10T10:30:00.0000000Z'],
    ['PT90S/2026-03-10T10:00:00Z', '2026-03-10T09:58:30.0000000Z', '2026-03-10T10:00:00.0000000Z'],
  ])('%s', (text, start, end) => {
    const range = parseTimespanText(text, now);
    expect(range && [formatInstant(range.start), formatInstant(range.end)]).toEqual([start, end]);
  });

  it.each(['', 'P', 'PT', '1h', '2026-03-10T10:00:00Z', 'PT1H/PT1H', 'a/b', '2026-03-10/2026-03-11/2026-03-12'])("'%s' is none", (text) => {
    expect(parseTimespanText(text, now)).toBeUndefined();
  });
});
