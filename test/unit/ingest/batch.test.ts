import { deadLetterFormat } from '../../../src/hunt/dead-letter';
import { batchLine, ingestBatch, ingestLetterPath, type BatchReport } from '../../../src/ingest/batch';
import type { TableRow, TableSink, UploadReport } from '../../../src/ingest/ports';
import { addTicks, instant, TICKS_PER_SECOND } from '../../../src/value/instant';
import { FakeBlobStore } from '../../support/fake-blob-store';
import { bytesOf, message } from '../../support/ingestion';

const start = instant('2026-03-10T12:00:00Z');

/** A table that takes every row, unless told otherwise. */
class FakeTable implements TableSink {
  readonly rows: TableRow[] = [];
  answer: (rows: readonly TableRow[]) => Partial<UploadReport> = () => ({});

  async upload(rows: readonly TableRow[]): Promise<UploadReport> {
    const report = { accepted: rows.map((_, index) => index), refused: [], requests: 1, throttledMs: 0, ...this.answer(rows) };
    this.rows.push(...rows.filter((_, index) => report.accepted.includes(index)));
    return report;
  }

  probe = async () => ({ kind: 'ready' }) as const;
}

let table: FakeTable;
let deadLetters: FakeBlobStore;
/** Goes on by a second each time that it is asked. */
let now: typeof start;

beforeEach(() => {
  table = new FakeTable();
  deadLetters = new FakeBlobStore();
  now = start;
});

const clock = {
  now: () => {
    now = addTicks(now, TICKS_PER_SECOND);
    return now;
  },
};

const ingest = (...bodies: readonly unknown[]): Promise<BatchReport> =>
  ingestBatch(
    { clock, table, deadLetters },
    bodies.map((body) => ({ body, partitionKey: undefined, enqueuedAt: undefined })),
    '0',
  );

const idsInTable = (): readonly unknown[] => table.rows.map(({ IncidentId }) => IncidentId);
const letterOf = (body: Uint8Array) => deadLetterFormat.parse(deadLetters.peek(ingestLetterPath(body)) ?? '');

describe('a batch', () => {
  it('of messages is in the table', async () => {
    const { summary, failure } = await ingest(bytesOf(message(1)), bytesOf(message(2)));
    expect(failure).toBeUndefined();
    expect(summary).toMatchObject({ outcome: 'ok', partition: '0', messages: 2, sent: 2, deadLettered: 0, left: 0, requests: 1 });
    expect(idsInTable()).toEqual([message(1).id, message(2).id]);
  });

  it('of nothing is well', async () => {
    expect(await ingest()).toMatchObject({ failure: undefined, summary: { outcome: 'ok', messages: 0, oldestMessageMinutes: 0 } });
  });

  it('is as old as its oldest message', async () => {
    const events = ['2026-03-10T11:45:00Z', '2026-03-10T11:50:00Z'].map((time) => ({
      body: bytesOf(message(1)),
      partitionKey: undefined,
      enqueuedAt: instant(time),
    }));
    const { summary } = await ingestBatch({ clock, table, deadLetters }, events, '');
    expect(summary.oldestMessageMinutes).toBe(15);
  });

  it('is logged as one JSON object', async () => {
    const { summary } = await ingest(bytesOf(message(1)));
    expect(Object.keys(JSON.parse(batchLine(summary)) as object)).toEqual([
      'message',
      'outcome',
      'partition',
      'messages',
      'sent',
      'deadLettered',
      'left',
      'requests',
      'throttledMs',
      'oldestMessageMinutes',
      'durationMs',
    ]);
  });
});

describe('what is no message of ours', () => {
  const alien = bytesOf('{"hello": "world"}');
  const binary = Uint8Array.of(0xff, 0x00);

  it('is kept byte for byte with the reason, and is not in the way of the others', async () => {
    const { summary, refusals, failure } = await ingest(bytesOf(message(1)), alien, binary, bytesOf(message(2)));
    expect(failure).toBeUndefined();
    expect(summary).toMatchObject({ outcome: 'ok', messages: 4, sent: 2, deadLettered: 2, left: 0 });
    expect(idsInTable()).toEqual([message(1).id, message(2).id]);
    expect([...refusals.values()]).toEqual([1, 1]);
    expect(letterOf(alien)).toMatchObject({ from: 'ingest-incidents', reason: expect.stringMatching(/^it is not an incident message/) });
    expect(Uint8Array.from(letterOf(binary).body)).toEqual(binary);
  });

  it('makes one dead letter, however often it comes', async () => {
    await ingest(alien);
    const before = deadLetters.peek(ingestLetterPath(alien));
    expect(await ingest(alien, alien)).toMatchObject({ failure: undefined, summary: { deadLettered: 2 } });
    expect(deadLetters.peek(ingestLetterPath(alien))).toBe(before);
    expect(await deadLetters.list('')).toHaveLength(1);
  });

  it.each(['unavailable-before', 'unavailable-after'] as const)(
    'fails the batch before anything is sent where it cannot be kept: %s',
    async (kind) => {
      deadLetters.failNext(kind, ({ operation }) => operation === 'write');
      const first = await ingest(bytesOf(message(1)), alien);
      expect(deadLetters.pendingFailures).toBe(0);
      expect(first).toMatchObject({ failure: expect.stringMatching(/fake ledger/), summary: { outcome: 'failed', sent: 0, left: 2 } });
      expect(table.rows).toEqual([]);

      expect(await ingest(bytesOf(message(1)), alien)).toMatchObject({ failure: undefined, summary: { sent: 1, deadLettered: 1 } });
      expect(letterOf(alien).reason).toMatch(/^it is not/);
    },
  );
});

describe('a table', () => {
  it('that cannot be reached fails the batch with its reason', async () => {
    table.answer = () => ({ accepted: [0], unavailable: 'the table is away' });
    expect(await ingest(bytesOf(message(1)), bytesOf(message(2)))).toMatchObject({
      failure: 'the table is away',
      summary: { outcome: 'failed', sent: 1, left: 1 },
    });
  });

  it('that refuses a row for good does not stop the others: the message is kept with the reason', async () => {
    const body = bytesOf(message(1));
    table.answer = () => ({ accepted: [1], refused: [{ index: 0, reason: 'too large' }] });
    expect(await ingest(body, bytesOf(message(2)))).toMatchObject({
      failure: undefined,
      summary: { outcome: 'ok', sent: 1, deadLettered: 1 },
    });
    expect(letterOf(body).reason).toBe('too large');
    expect(Uint8Array.from(letterOf(body).body)).toEqual(Uint8Array.from(body));
  });

  it('that says nothing of a row has not taken it', async () => {
    table.answer = () => ({ accepted: [0] });
    expect(await ingest(bytesOf(message(1)), bytesOf(message(2)))).toMatchObject({
      failure: '1 message not acknowledged',
      summary: { outcome: 'failed', left: 1 },
    });
  });

  it('that breaks in a way nobody foresaw fails the batch without a word of its contents', async () => {
    table.answer = () => {
      throw new TypeError('secret row contents');
    };
    const { failure } = await ingest(bytesOf(message(1)));
    expect(failure).toMatch(/^TypeError/);
    expect(failure).not.toContain('secret');
  });
});
