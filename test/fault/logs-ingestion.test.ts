import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { UploadReport } from '../../src/ingest/ports';
import type { IngestionServer } from '../../src/local/ingestion-server';
import { fault, type Fault } from '../../src/local/ingestion/faults';
import { message, startTestIngestion, testSink } from '../support/ingestion';

let server: IngestionServer;
let waits: number[];

beforeEach(async () => {
  waits = [];
  server = await startTestIngestion();
});

afterEach(() => server.close());

const row = (number: number, size = 10): Readonly<Record<string, unknown>> => ({
  IncidentId: message(number).id,
  Description: 'x'.repeat(size),
});
const rows = [row(1), row(2), row(3)];
const stored = (): readonly unknown[] => server.rows().map(({ IncidentId }) => IncidentId);
const ids = (...numbers: readonly number[]): readonly string[] => numbers.map((number) => message(number).id);

const upload = (given: readonly Readonly<Record<string, unknown>>[] = rows, timing = {}): Promise<UploadReport> =>
  testSink(server, waits, { timing: { maxRetries: 2, ...timing } }).upload(given);

describe('what passes is waited out, and then every row is there once', () => {
  const passing: readonly (readonly [string, Fault, readonly number[], number])[] = [
    ['429 with Retry-After in seconds', fault.throttled('7'), [7000], 7000],
    ['429 with Retry-After as a date', fault.throttled('Tue, 10 Mar 2026 12:00:20 GMT'), [20_000], 20_000],
    ['429 without Retry-After', fault.throttled(), [500], 500],
    ['503 with Retry-After', fault.status(503, { 'retry-after': '3' }), [3000], 3000],
    ['503 without Retry-After', fault.status(503), [500], 0],
    ['500', fault.status(500), [500], 0],
    ['a connection that is reset before anything is stored', { kind: 'reset', stored: false }, [500], 0],
  ];

  it.each(passing)('%s', async (_, given, expectedWaits, throttledMs) => {
    const met = server.faults.arm(given);
    expect(await upload()).toEqual({ accepted: [0, 1, 2], refused: [], requests: 2, throttledMs });
    expect(met.hits).toBe(1);
    expect(waits).toEqual(expectedWaits);
    expect(stored()).toEqual(ids(1, 2, 3));
  });
});

describe('an answer that is lost', () => {
  it('leads to the same rows again, never to fewer', async () => {
    const met = server.faults.arm({ kind: 'reset', stored: true });
    expect(await upload()).toMatchObject({ accepted: [0, 1, 2], requests: 2 });
    expect(met.hits).toBe(1);
    expect(stored()).toEqual(ids(1, 2, 3, 1, 2, 3));
  });

  it.each([true, false])('also where it does not come in time, with the rows stored: %s', async (kept) => {
    const met = server.faults.arm({ kind: 'stall', stored: kept });
    // The clock of the sink stands still; its timer does not.
    expect(await upload(rows, { attemptTimeoutMs: 2_000 })).toMatchObject({ accepted: [0, 1, 2] });
    expect(met.hits).toBe(1);
    expect(stored()).toEqual(kept ? ids(1, 2, 3, 1, 2, 3) : ids(1, 2, 3));
  });
});

describe('what does not pass leaves the rows to the next time', () => {
  it.each([
    ['403', fault.forbidden, /Monitoring Metrics Publisher on the data collection rule/],
    ['401', fault.unauthorized, /token.+INGEST_ENDPOINT/],
    ['400', { kind: 'answer', status: 400, code: 'InvalidStream' } as const, /400, InvalidStream.+INGEST_STREAM/],
    ['404', { kind: 'answer', status: 404, code: 'NotFound' } as const, /INGEST_RULE_ID/],
    ['418', { kind: 'answer', status: 418 } as const, /418/],
  ])('%s, asked once', async (_, given, reason) => {
    const met = server.faults.arm(given, { times: 99 });
    expect(await upload()).toEqual({
      accepted: [],
      refused: [],
      requests: 1,
      throttledMs: 0,
      unavailable: expect.stringMatching(reason),
    });
    expect(met.hits).toBe(1);
    expect(stored()).toEqual([]);
  });

  it.each([
    ['throttling', fault.throttled(), /throttles/],
    ['a failing service', fault.status(500), /failed \(500/],
    ['a connection that is always reset', { kind: 'reset', stored: false } as const, /before it answered/],
  ])('%s, asked as often as it may be', async (_, given, reason) => {
    const met = server.faults.arm(given, { times: 99 });
    expect(await upload()).toMatchObject({ accepted: [], requests: 3, unavailable: expect.stringMatching(reason) });
    expect(met.hits).toBe(3);
  });

  it('ends where the wait that the service asks for does not fit', async () => {
    const met = server.faults.arm(fault.throttled('600'));
    expect(await upload()).toMatchObject({ accepted: [], requests: 1, throttledMs: 0, unavailable: expect.stringMatching(/wait 600 s/) });
    expect(met.hits).toBe(1);
    expect(waits).toEqual([]);
  });

  it('says that nothing listens', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    const report = await testSink(server, waits, { endpoint: `http://127.0.0.1:${port}` }).upload(rows);
    expect(report).toMatchObject({ accepted: [], unavailable: expect.stringMatching(/ECONNREFUSED.+INGEST_ENDPOINT/) });
  });

  it('tells a credential that gives no token from a service that refuses it', async () => {
    const credential = { getToken: () => Promise.reject(new Error('no managed identity here\nand a secret')) };
    const report = await testSink(server, waits, { endpoint: 'https://127.0.0.1:1', credential }).upload(rows);
    expect(report.unavailable).toBe('no token for the Logs Ingestion API: no managed identity here');
  });
});

describe('of several calls', () => {
  // Three of these fill one call of 1 MB.
  const many = Array.from({ length: 7 }, (_, index) => row(index, 300_000));

  it('only the one that failed is sent again', async () => {
    const second = server.faults.arm(fault.status(500), { when: (request) => request.rows[0]?.['IncidentId'] === message(3).id });
    expect(await upload(many)).toMatchObject({ accepted: [0, 1, 2, 3, 4, 5, 6], requests: 4 });
    expect(second.hits).toBe(1);
    expect(stored()).toEqual(ids(0, 1, 2, 3, 4, 5, 6));
  });

  it('those before one that lasts are taken, and the rest is left', async () => {
    const second = server.faults.arm(fault.status(500), {
      times: 99,
      when: (request) => request.rows[0]?.['IncidentId'] === message(3).id,
    });
    expect(await upload(many)).toMatchObject({ accepted: [0, 1, 2], refused: [], requests: 4, unavailable: expect.stringMatching(/500/) });
    expect(second.hits).toBe(3);
  });

  it('one that the service finds too large is halved, and a row that is too large alone is refused', async () => {
    const poison = message(1).id;
    const met = server.faults.arm(fault.tooLarge, {
      times: 99,
      when: (request) => request.rows.some(({ IncidentId }) => IncidentId === poison),
    });
    const report = await upload();
    expect(report).toMatchObject({ accepted: [1, 2], refused: [{ index: 0, reason: expect.stringMatching(/413.+alone/) }] });
    expect(report.unavailable).toBeUndefined();
    expect(met.hits).toBe(2);
    expect(stored()).toEqual(ids(2, 3));
  });

  it('a row that fits into no call is refused without asking', async () => {
    const report = await upload([row(1), row(2, 1_000_000), row(3)]);
    expect(report).toMatchObject({
      accepted: [0, 2],
      refused: [{ index: 1, reason: expect.stringMatching(/takes 1000000/) }],
      requests: 1,
    });
  });
});
