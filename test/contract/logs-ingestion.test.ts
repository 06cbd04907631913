import { createLogsIngestion } from '../../src/azure/logs-ingestion';
import { CALL_LIMIT } from '../../src/azure/logs-ingestion/chunks';
import type { IngestionServer } from '../../src/local/ingestion-server';
import { fault } from '../../src/local/ingestion/faults';
import { tableRow } from '../../src/ingest/table-row';
import { instant } from '../../src/value/instant';
import { message, RULE_ID, startTestIngestion, STREAM, testSink } from '../support/ingestion';

/** The real client against the local endpoint. */

let server: IngestionServer;

beforeEach(async () => {
  server = await startTestIngestion();
});

afterEach(() => server.close());

const sentAt = instant('2026-03-10T11:59:59.1234567Z');

it('sends rows compressed and without a token to loopback, and they are there as they were', async () => {
  const rows = [1, 2].map((number) => tableRow(message(number), sentAt));
  expect(await testSink(server).upload(rows)).toEqual({ accepted: [0, 1], refused: [], requests: 1, throttledMs: 0 });
  expect(server.requests()).toMatchObject([{ rows: 2, encoding: 'gzip', authorization: undefined, status: 204 }]);
  expect(server.rows()).toEqual(rows.map((row) => ({ ...row, $IngestionTime: '2026-03-10T12:00:00.0000000Z' })));
});

it('asks nothing for no rows', async () => {
  expect(await testSink(server).upload([])).toEqual({ accepted: [], refused: [], requests: 0, throttledMs: 0 });
  expect(server.requests()).toEqual([]);
});

it('puts as many rows into a call as it takes, in their order', async () => {
  const empty = Buffer.byteLength(JSON.stringify({ Description: '' }));
  // Four such rows, with what stands between and around them, are the limit to the byte.
  const size = (CALL_LIMIT - 1) / 4 - 1 - empty;
  expect(Number.isInteger(size)).toBe(false);
  const full = Array.from({ length: 4 }, (_, index) => ({ Description: 'x'.repeat(Math.floor(size) + (index === 0 ? 3 : 0)) }));
  expect(Buffer.byteLength(JSON.stringify(full))).toBe(CALL_LIMIT);
  await testSink(server).upload(full);
  await testSink(server).upload([...full.slice(0, 3), { Description: `${full[3]?.Description ?? ''}x` }]);
  expect(server.requests().map(({ rows }) => rows)).toEqual([4, 3, 1]);
});

it('takes what a row may hold', async () => {
  const awkward = ['', 'C:\\"x"\n\t\u0000', 'Zoë 漢字 🙂', '\u2028', '</script>'];
  await testSink(server).upload(awkward.map((text) => ({ Description: text, Entities: [{ text }] })));
  expect(server.rows().map(({ Description, Entities }) => [Description, Entities])).toEqual(awkward.map((text) => [text, [{ text }]]));
});

it('probes without storing anything', async () => {
  expect(await testSink(server).probe()).toEqual({ kind: 'ready' });
  expect(server.rows()).toEqual([]);
  expect(server.requests()).toHaveLength(1);
});

it.each([
  [fault.forbidden, 'forbidden'],
  [fault.unauthorized, 'unauthorized'],
  [fault.status(500), 'server-error'],
])('tells by a probe that it would be refused', async (given, code) => {
  const met = server.faults.arm(given);
  expect(await testSink(server).probe()).toMatchObject({ kind: 'refused', code });
  expect(met.hits).toBe(1);
});

it('tells by a probe that the rule or the stream is another', async () => {
  expect(await testSink(server, [], { ruleId: 'dcr-other' }).probe()).toMatchObject({ kind: 'refused', code: 'not-found' });
  expect(await testSink(server, [], { stream: 'Custom-Other' }).probe()).toMatchObject({ kind: 'refused', code: 'bad-request' });
});

it.each([
  ['https://a-b1.westeurope-1.ingest.monitor.azure.com', 'https://monitor.azure.com/.default'],
  ['https://a-b1.usgovvirginia-1.ingest.monitor.azure.us', 'https://monitor.azure.us/.default'],
  ['https://a-b1.chinaeast2-1.ingest.monitor.azure.cn', 'https://monitor.azure.cn/.default'],
  ['https://logs.example.com', 'https://logs.example.com/.default'],
])('asks for a token of the cloud of %s, and of no other', async (endpoint, scope) => {
  const asked: unknown[] = [];
  const credential = {
    getToken: (scopes: unknown) => {
      asked.push(scopes);
      return Promise.reject(new Error('none'));
    },
  };
  await createLogsIngestion({ endpoint, credential, ruleId: RULE_ID, stream: STREAM }).upload([{}]);
  expect(asked.flat()).toEqual([scope]);
});

it.each(['http://logs.example.com', 'http://127.0.0.1.example.com'])('sends nothing to %s', (endpoint) => {
  expect(() => createLogsIngestion({ endpoint, credential: undefined, ruleId: RULE_ID, stream: STREAM })).toThrow(/for loopback only/);
});
