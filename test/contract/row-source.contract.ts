import type { PullOutcome, PullRequest, RowSource } from '../../src/hunt/ports';
import { formatInstant, instant, type TimeRange } from '../../src/value/instant';
import type { Column } from '../../src/value/types';

/** Cells of string columns: the same on the wire as in the engine. */
export interface TextTable {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

export interface RowSourceHarness {
  readonly source: RowSource;
  /** How many queries reached the other end. */
  asked(): number;
  /** Ends the next pull so. */
  endNext(kind: Exclude<PullOutcome['kind'], 'whole'>): void;
  /** Keeps the next pull without an answer; resolves when it has reached the other end. */
  holdNext(): Promise<void>;
  /** Resolves when the other end is answering nobody. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export type OpenHarness = (tableFor: (workspaceId: string, range: TimeRange) => TextTable) => Promise<RowSourceHarness>;

const alpha = '11111111-1111-4111-8111-111111111111';
const beta = '22222222-2222-4222-8222-222222222222';

function range(start: string, end: string): TimeRange {
  return { start: instant(start), end: instant(end) };
}

const tenToEleven = range('2026-03-10T10:00:00Z', '2026-03-10T11:00:00Z');

const columns: readonly Column[] = [
  { name: 'Workspace', type: 'string' },
  { name: 'Start', type: 'string' },
];

const awkward = ['2026-03-10T10:00:00.1234567Z', '9007199254740993', '', 'null', '{"a":1}', 'C:\\"x"\n\t', 'Zoë 漢字 🙂', '\u2028'];

function tableFor(workspaceId: string, { start }: TimeRange): TextTable {
  if (workspaceId === beta) return { columns, rows: [] };
  return { columns, rows: [[workspaceId, formatInstant(start)], ...awkward.map((text) => [text, text])] };
}

/** What every RowSource promises. */
export function rowSourceContract(name: string, open: OpenHarness): void {
  describe(`row source: ${name}`, () => {
    let harness: RowSourceHarness;

    beforeEach(async () => {
      harness = await open(tableFor);
    });

    afterEach(async () => {
      await harness.close();
    });

    const pull = (request: Partial<PullRequest> = {}): Promise<PullOutcome> =>
      harness.source.pull({ workspaceId: alpha, query: 'T', timespan: tenToEleven, ...request });

    it('gives every row of the workspace and range that are asked for, in the order of the columns', async () => {
      const outcome = await pull();
      expect(outcome).toMatchObject({
        kind: 'whole',
        table: { columns, rows: [[alpha, '2026-03-10T10:00:00.0000000Z'], ...awkward.map((text) => [text, text])] },
      });
    });

    it('takes no rows for a whole answer', async () => {
      expect(await pull({ workspaceId: beta })).toMatchObject({ kind: 'whole', table: { columns, rows: [] } });
    });

    it('counts what a pull cost', async () => {
      expect(await pull()).toMatchObject({ requests: 1, throttledMs: 0 });
    });

    it('keeps pulls that run side by side apart', async () => {
      const starts = ['2026-03-10T10:00:00Z', '2026-03-10T11:00:00Z', '2026-03-10T12:00:00Z', '2026-03-10T13:00:00Z'];
      const outcomes = await Promise.all(starts.map((start) => pull({ timespan: range(start, '2026-03-10T14:00:00Z') })));
      const seen = outcomes.map((outcome) => (outcome.kind === 'whole' ? outcome.table.rows[0]?.[1] : outcome));
      expect(seen).toEqual(starts.map((start) => formatInstant(instant(start))));
    });

    it.each(['too-large', 'no-source', 'failed'] as const)(
      'ends as %s without rows, with a reason, and works again at the next pull',
      async (kind) => {
        harness.endNext(kind);
        const outcome = await pull();
        expect(outcome).toEqual({
          kind,
          ...(kind === 'failed' ? { code: expect.stringMatching(/^[a-z-]+$/) as string } : {}),
          reason: expect.stringMatching(/^[A-Z].*\.$/) as string,
          requests: 1,
          throttledMs: 0,
        });
        expect(await pull()).toMatchObject({ kind: 'whole' });
      },
    );

    it('asks nothing when it is aborted beforehand', async () => {
      await expect(pull({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
      expect(harness.asked()).toBe(0);
    });

    it('lets go of the other end when it is aborted while waiting', async () => {
      const abort = new AbortController();
      const reached = harness.holdNext();
      const pulled = expect(pull({ signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
      await reached;
      abort.abort(new Error('the host is going down'));
      await pulled;
      await harness.idle();
      expect(await pull()).toMatchObject({ kind: 'whole' });
    });
  });
}
