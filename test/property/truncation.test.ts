import fc from 'fast-check';
import { createLogAnalyticsSource } from '../../src/azure/log-analytics';
import type { PullOutcome } from '../../src/hunt/ports';
import { pullTable, RequestBudget, type TablePull } from '../../src/hunt/pull';
import { startLogAnalytics, type LogAnalyticsServer } from '../../src/local/log-analytics-server';
import type { Limits, QueryTable } from '../../src/local/log-analytics/reply';
import { addTicks, formatInstant, instant, TICKS_PER_HOUR, TICKS_PER_SECOND, type Instant, type TimeRange } from '../../src/value/instant';
import { fakeProgram, hourOf, WORKSPACE } from '../support/hunt-fakes';

/** Answers that are too large, over HTTP: the real adapter against a local workspace that is set to small limits. */

const seed = 20_260_310;
const bin = hourOf('2026-03-10T10:00Z');

interface Row {
  readonly at: Instant;
  readonly note: string;
}

const rowsOf = fc.array(
  fc.record({
    // Crowded in places, as real rows are.
    at: fc
      .tuple(fc.constantFrom(0n, 0n, 600n, 3_599n), fc.bigInt(0n, 120n * TICKS_PER_SECOND))
      .map(([second, ticks]) => addTicks(bin.start, (second * TICKS_PER_SECOND + ticks) % TICKS_PER_HOUR)),
    note: fc.string({ maxLength: 8 }),
  }),
  { maxLength: 40 },
);

function rangeOf(query: string): TimeRange {
  const { start, end } = JSON.parse(query) as { readonly start: string; readonly end: string };
  return { start: instant(start), end: instant(end) };
}

function table(rows: readonly Row[], { start, end }: TimeRange): QueryTable {
  return {
    columns: ['TimeGenerated', 'host', 'note'].map((name) => ({ name, type: 'string' })),
    rows: rows.filter(({ at }) => at >= start && at < end).map(({ at, note }) => [formatInstant(at), 'ex01', note]),
  };
}

interface Asked {
  readonly pulled: TablePull;
  readonly ranges: readonly TimeRange[];
  readonly answers: readonly PullOutcome[];
}

/** Pulls the bin from a workspace that gives at most so much in one answer. */
async function ask(rows: readonly Row[], limits: Partial<Limits>): Promise<Asked> {
  const server: LogAnalyticsServer = await startLogAnalytics({ execute: async ({ query }) => table(rows, rangeOf(query)), limits });
  try {
    const source = createLogAnalyticsSource({ endpoint: server.origin, credential: undefined });
    const answers: PullOutcome[] = [];
    const pulled = await pullTable(
      {
        source,
        program: fakeProgram(),
        workspaceId: WORKSPACE,
        requests: new RequestBudget(),
        takeRows: () => true,
        isLater: () => false,
        onAnswer: (answer) => void answers.push(answer),
        signal: undefined,
      },
      'Events',
      bin,
    );
    return { pulled, ranges: server.requests().map(({ query }) => rangeOf(query)), answers };
  } finally {
    await server.close();
  }
}

const inOrder = (pulled: TablePull): readonly unknown[] =>
  pulled.kind === 'whole' ? pulled.parts[0].rows.map(({ values }) => values.map(String).join(' ')).sort() : [pulled.kind];

const digestOf = (pulled: TablePull): unknown => pulled.kind === 'whole' && pulled.parts[0].digest.count();

describe('an answer beyond the limits of the workspace', () => {
  it('comes in pieces that are the whole together, or fails and names the range', async () => {
    const seen = { halved: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(
        rowsOf,
        fc.oneof(
          fc.integer({ min: 1, max: 12 }).map((maxRows) => ({ maxRows })),
          fc.integer({ min: 60, max: 900 }).map((maxBytes) => ({ maxBytes })),
        ),
        async (rows, limits) => {
          const whole = await ask(rows, {});
          expect(whole.ranges).toEqual([bin]);
          const { pulled, ranges, answers } = await ask(rows, limits);
          if (pulled.kind === 'whole') {
            expect(inOrder(pulled)).toEqual(inOrder(whole.pulled));
            expect(digestOf(pulled)).toEqual(digestOf(whole.pulled));
            const pieces = ranges.filter((_, index) => answers[index]?.kind === 'whole');
            expect(pieces[0]?.start).toBe(bin.start);
            pieces.forEach(({ end }, index) => expect(end).toBe(pieces[index + 1]?.start ?? bin.end));
            if (pieces.length > 1) seen.halved += 1;
          } else {
            seen.failed += 1;
            expect(pulled).toMatchObject({ kind: 'failed', code: 'too-large' });
            const range = pulled.kind === 'failed' ? pulled.range : bin;
            const isOneSecond = range.end - range.start === TICKS_PER_SECOND;
            expect(isOneSecond || ranges.length === 64).toBe(true);
          }
          expect(ranges.length).toBeLessThanOrEqual(64);
        },
      ),
      { seed, numRuns: 100 },
    );
    expect(seen.halved).toBeGreaterThan(10);
    expect(seen.failed).toBeGreaterThan(0);
  });

  it('costs one request where it is exactly as large as the limits allow', async () => {
    const rows = Array.from({ length: 12 }, (_, index) => ({ at: addTicks(bin.start, BigInt(index * 300) * TICKS_PER_SECOND), note: 'x' }));
    const { pulled, ranges } = await ask(rows, { maxRows: 12 });
    expect(inOrder(pulled)).toHaveLength(12);
    expect(ranges).toEqual([bin]);
    expect((await ask(rows, { maxRows: 11 })).ranges).toHaveLength(3);
  });

  it('is no answer where a second has more: the failure names that second', async () => {
    const at = addTicks(bin.start, 1_000n * TICKS_PER_SECOND);
    const { pulled } = await ask(
      [
        { at, note: 'a' },
        { at, note: 'b' },
      ],
      { maxRows: 1 },
    );
    expect(pulled).toMatchObject({ kind: 'failed', code: 'too-large', range: { start: at, end: addTicks(at, TICKS_PER_SECOND) } });
  });
});
