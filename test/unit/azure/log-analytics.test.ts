import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogAnalyticsSource, type LogAnalyticsOptions } from '../../../src/azure/log-analytics';
import type { PullRequest, RowSource } from '../../../src/hunt/ports';
import { startLogAnalytics, type LogAnalyticsServer } from '../../../src/local/log-analytics-server';
import type { QueryTable } from '../../../src/local/log-analytics/reply';
import { instant } from '../../../src/value/instant';

const request: PullRequest = {
  workspaceId: '11111111-1111-4111-8111-111111111111',
  query: 'SecurityEvent | where Account == "CONTOSO\\\\alice"',
  timespan: { start: instant('2026-03-09T10:00:00Z'), end: instant('2026-03-11T11:00:00.1239999Z') },
};

const body = '{"tables":[{"name":"PrimaryResult","columns":[{"name":"Host","type":"string"}],"rows":[["ex01"]]}]}';

describe('over http on loopback', () => {
  let server: LogAnalyticsServer;
  let table: QueryTable;

  beforeEach(async () => {
    table = { columns: [], rows: [] };
    server = await startLogAnalytics({ execute: async () => table });
  });

  afterEach(async () => {
    await server.close();
  });

  const open = (options: Partial<LogAnalyticsOptions> = {}): RowSource =>
    createLogAnalyticsSource({ endpoint: server.origin, credential: undefined, ...options });

  it('sends the query, the timespan to the millisecond and the time that the service may take', async () => {
    await open({ timing: { serverTimeoutMs: 45_500 } }).pull(request);
    expect(server.requests()).toEqual([
      {
        workspaceId: request.workspaceId,
        query: request.query,
        timespan: { start: instant('2026-03-09T10:00:00Z'), end: instant('2026-03-11T11:00:00.123Z') },
        prefer: 'wait=46',
        authorization: undefined,
        fault: undefined,
        status: 200,
        rows: 0,
      },
    ]);
  });

  it('asks no credential for a token', async () => {
    const getToken = jest.fn(() => Promise.resolve({ token: 'secret', expiresOnTimestamp: Date.UTC(2100, 0) }));
    expect(await open({ credential: { getToken } }).pull(request)).toMatchObject({ kind: 'whole' });
    expect(getToken).not.toHaveBeenCalled();
    expect(server.requests()).toMatchObject([{ authorization: undefined }]);
  });

  it('goes to loopback itself where the environment names a proxy', async () => {
    const { HTTP_PROXY, NO_PROXY } = process.env;
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:1';
    process.env['NO_PROXY'] = 'example.com';
    try {
      expect(await open({ timing: { maxRetries: 0 } }).pull(request)).toMatchObject({ kind: 'whole' });
    } finally {
      if (HTTP_PROXY === undefined) delete process.env['HTTP_PROXY'];
      else process.env['HTTP_PROXY'] = HTTP_PROXY;
      if (NO_PROXY === undefined) delete process.env['NO_PROXY'];
      else process.env['NO_PROXY'] = NO_PROXY;
    }
  });

  it('gives text cells as they were sent, to the tick and beyond 2^53', async () => {
    const texts = ['2026-03-10T10:00:00.1234567Z', '9007199254740993', '12345678901234567890.123456789', '[{"a":"\\u0000"}]', ''];
    table = { columns: texts.map((_, index) => ({ name: `c${index}`, type: 'string' })), rows: [texts] };
    expect(await open().pull(request)).toMatchObject({ kind: 'whole', table: { columns: table.columns, rows: [texts] } });
  });

  it('gives typed cells in the form in which they were sent', async () => {
    table = {
      columns: [
        { name: 'Bool', type: 'bool' },
        { name: 'Int', type: 'int' },
        { name: 'Real', type: 'real' },
        { name: 'NoNumber', type: 'real' },
        { name: 'Timespan', type: 'timespan' },
        { name: 'Guid', type: 'guid' },
        { name: 'Long', type: 'long' },
        { name: 'Datetime', type: 'datetime' },
        { name: 'Dynamic', type: 'dynamic' },
      ],
      rows: [
        [
          true,
          -7,
          0.1,
          NaN,
          864_000_000_001n,
          '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
          9_007_199_254_740_991n,
          instant('2026-03-10T10:00:00.1234567Z'),
          new Map([['a', 1n]]),
        ],
        [false, null, null, null, null, null, null, null, null],
      ],
    };
    const outcome = await open().pull(request);
    expect(outcome.kind === 'whole' ? outcome.table.rows : outcome).toEqual([
      [
        true,
        -7,
        0.1,
        'NaN',
        '1.00:00:00.0000001',
        '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
        9_007_199_254_740_991,
        '2026-03-10T10:00:00.1234567Z',
        '{"a":1}',
      ],
      [false, null, null, null, null, null, null, null, null],
    ]);
  });
});

it('reaches loopback by IPv6 too', async () => {
  const server = createServer((_, response) => response.end(body));
  server.listen(0, '::1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const source = createLogAnalyticsSource({ endpoint: `http://[::1]:${port}`, credential: undefined });
  expect(await source.pull(request)).toMatchObject({ kind: 'whole', requests: 1 });
  server.closeAllConnections();
  server.close();
});

describe('over https', () => {
  interface Sent {
    readonly url: string;
    readonly authorization: string | undefined;
    readonly acceptEncoding: string | undefined;
  }

  /** Answers each request with the next of these, then with rows. 'lost' breaks the connection. */
  function carrier(answers: readonly (readonly [status: number | 'lost', challenge?: string])[]): {
    readonly sent: Sent[];
    readonly httpClient: NonNullable<LogAnalyticsOptions['httpClient']>;
  } {
    const sent: Sent[] = [];
    return {
      sent,
      httpClient: {
        sendRequest: async (outgoing) => {
          const [status, challenge] = answers[sent.length] ?? [200];
          const { url, headers } = outgoing;
          sent.push({ url, authorization: headers.get('authorization'), acceptEncoding: headers.get('accept-encoding') });
          if (status === 'lost') throw Object.assign(new Error('socket hang up'), { name: 'RestError', code: 'ECONNRESET' });
          headers.delete('www-authenticate');
          if (challenge !== undefined) headers.set('www-authenticate', challenge);
          return { request: outgoing, status, headers, bodyAsText: status === 200 ? body : '' };
        },
      },
    };
  }

  const expiresOnTimestamp = Date.UTC(2100, 0);

  it('sends a token for the audience of the endpoint', async () => {
    const { sent, httpClient } = carrier([]);
    const getToken = jest.fn(() => Promise.resolve({ token: 'abc', expiresOnTimestamp }));
    const source = createLogAnalyticsSource({ endpoint: 'https://api.loganalytics.us', credential: { getToken }, httpClient });
    expect(await source.pull(request)).toMatchObject({ kind: 'whole', table: { rows: [['ex01']] }, requests: 1 });
    expect(getToken).toHaveBeenCalledWith(['https://api.loganalytics.us/.default'], expect.anything());
    expect(sent).toMatchObject([
      { url: `https://api.loganalytics.us/v1/workspaces/${request.workspaceId}/query`, authorization: 'Bearer abc' },
    ]);
  });

  it('asks for no compression: the client would wait for ever for the rest of a compressed answer that breaks off', async () => {
    const { sent, httpClient } = carrier([]);
    const credential = { getToken: () => Promise.resolve({ token: 'abc', expiresOnTimestamp }) };
    await createLogAnalyticsSource({ endpoint: 'https://api.loganalytics.io', credential, httpClient }).pull(request);
    expect(sent).toMatchObject([{ acceptEncoding: 'identity' }]);
  });

  it('asks one token for many pulls', async () => {
    const { httpClient } = carrier([]);
    const getToken = jest.fn(() => Promise.resolve({ token: 'abc', expiresOnTimestamp }));
    const source = createLogAnalyticsSource({ endpoint: 'https://api.loganalytics.io', credential: { getToken }, httpClient });
    await Promise.all([source.pull(request), source.pull(request)]);
    await source.pull(request);
    expect(getToken).toHaveBeenCalledTimes(1);
  });

  const challenge = `Bearer error="insufficient_claims", claims="${Buffer.from('{"access_token":{}}').toString('base64')}"`;

  it('renews a token that the service challenges, and counts both requests', async () => {
    const { sent, httpClient } = carrier([[401, challenge]]);
    let tokens = 0;
    const getToken = (): Promise<{ token: string; expiresOnTimestamp: number }> =>
      Promise.resolve({ token: `t${(tokens += 1)}`, expiresOnTimestamp });
    const source = createLogAnalyticsSource({ endpoint: 'https://api.loganalytics.io', credential: { getToken }, httpClient });
    expect(await source.pull(request)).toMatchObject({ kind: 'whole', requests: 2 });
    expect(sent.map(({ authorization }) => authorization)).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('does not take the challenge for the answer when the connection breaks after it', async () => {
    const { httpClient } = carrier([[401, challenge], ['lost']]);
    const credential = { getToken: () => Promise.resolve({ token: 'abc', expiresOnTimestamp }) };
    const source = createLogAnalyticsSource({ endpoint: 'https://api.loganalytics.io', credential, httpClient, timing: { maxRetries: 0 } });
    expect(await source.pull(request)).toMatchObject({ kind: 'failed', code: 'network', requests: 2 });
  });

  it('rejects where the client itself breaks, which no retry mends', async () => {
    const credential = { getToken: () => Promise.resolve({ token: 'abc', expiresOnTimestamp }) };
    const httpClient = { sendRequest: () => Promise.reject(new TypeError('x is not a function')) };
    const source = createLogAnalyticsSource({ endpoint: 'https://api.loganalytics.io', credential, httpClient });
    await expect(source.pull(request)).rejects.toThrow("not the service's");
  });

  it('ends as failed when there is no token, with the first line of why, and sends nothing', async () => {
    const { sent, httpClient } = carrier([]);
    const getToken = (): Promise<never> => Promise.reject(new Error('ManagedIdentityCredential: no identity was found.\nat line two'));
    const source = createLogAnalyticsSource({ endpoint: 'https://api.loganalytics.io', credential: { getToken }, httpClient });
    expect(await source.pull(request)).toEqual({
      kind: 'failed',
      code: 'credential',
      reason: 'No token for Log Analytics: ManagedIdentityCredential: no identity was found.',
      requests: 0,
      throttledMs: 0,
    });
    expect(sent).toEqual([]);
  });

  it('gives up a credential that hangs, and sends nothing when it answers after all', async () => {
    const { sent, httpClient } = carrier([]);
    let answer = (): void => undefined;
    const getToken = (): Promise<{ token: string; expiresOnTimestamp: number }> =>
      new Promise((resolve) => (answer = () => resolve({ token: 'late', expiresOnTimestamp })));
    const timing = { attemptTimeoutMs: 30, maxRetries: 0 };
    const source = createLogAnalyticsSource({ endpoint: 'https://api.loganalytics.io', credential: { getToken }, httpClient, timing });
    expect(await source.pull(request)).toMatchObject({ kind: 'failed', code: 'timeout', requests: 0 });
    answer();
    await new Promise(setImmediate);
    expect(sent).toEqual([]);
  });

  it('is refused without a credential', () => {
    expect(() => createLogAnalyticsSource({ endpoint: 'https://api.loganalytics.io', credential: undefined })).toThrow(
      /needs a credential/,
    );
  });
});
