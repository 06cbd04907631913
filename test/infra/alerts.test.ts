import { readFileSync } from 'node:fs';
import { summaryLine, type CycleSummary } from '../../src/hunt/summary';
import { batchLine, type BatchSummary } from '../../src/ingest/batch';
import { createKqlExecutor, type TableRows } from '../../src/local/kql-executor';
import type { TableSchema } from '../../src/schema/schema';
import { addTicks, formatInstant, instant, TICKS_PER_MINUTE } from '../../src/value/instant';
import type { ScalarType } from '../../src/value/types';

/** The queries of the alerts, over the lines that the app writes. The columns are those of AppTraces and AppRequests that they read. */

const NOW = instant('2026-03-10T12:00:00Z');
const W1 = '11111111-1111-1111-1111-111111111111';
const W2 = '22222222-2222-2222-2222-222222222222';
const RULE = '4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87';

function table(name: string, columns: Readonly<Record<string, ScalarType>>): [string, TableSchema] {
  const described = Object.entries(columns).map(([column, type]) => ({ name: column, type }));
  const nothing = { callable: false, source: [], eventTime: undefined, aliases: {}, companions: {}, evidenceColumns: [] };
  return [name, { name, columns: described, ...nothing }];
}

const schemas = new Map([
  table('AppTraces', { TimeGenerated: 'datetime', Message: 'string' }),
  table('AppRequests', { TimeGenerated: 'datetime', OperationName: 'string', Success: 'bool' }),
]);

function minutesAgo(minutes: number): string {
  return formatInstant(addTicks(NOW, -BigInt(minutes) * TICKS_PER_MINUTE));
}

type Changes = Partial<Omit<CycleSummary, 'bins' | 'incidents'>> & {
  readonly bins?: Partial<CycleSummary['bins']>;
  readonly incidents?: Partial<CycleSummary['incidents']>;
};

function cycle(minutes: number, { bins, incidents, ...changes }: Changes = {}): TableRows[number] {
  const summary: CycleSummary = {
    outcome: 'ok',
    ruleId: RULE,
    workspaceId: W1,
    noSource: false,
    oldestUncoveredMinutes: 0,
    rows: 2,
    requests: 1,
    throttledMs: 0,
    lateAfterFinal: 0,
    durationMs: 900,
    ...changes,
    bins: { due: 1, done: 1, failing: 0, left: 0, shrunk: 0, final: 0, ...bins },
    incidents: { new: 0, revised: 0, withdrawn: 0, excluded: 0, pending: 0, refused: 0, ...incidents },
  };
  return { TimeGenerated: minutesAgo(minutes), Message: summaryLine(summary) };
}

function batch(minutes: number, changes: Partial<BatchSummary> = {}): TableRows[number] {
  const counts = { messages: 1, sent: 1, deadLettered: 0, left: 0, requests: 1, throttledMs: 0 };
  const line = batchLine({ outcome: 'ok', partition: '0', ...counts, oldestMessageMinutes: 0.2, durationMs: 90, ...changes });
  return { TimeGenerated: minutesAgo(minutes), Message: line };
}

const healthy = [
  cycle(14),
  cycle(9),
  cycle(4),
  batch(8),
  { TimeGenerated: minutesAgo(3), Message: 'Bin 10:00 failed (not a hunt.cycle line)' },
];

/** The rows of an alert's query: one or more raise it. */
async function raised(alert: string, traces: TableRows, requests: TableRows = [], before = ''): Promise<readonly (readonly unknown[])[]> {
  const query = ['lines', alert].map((name) => readFileSync(`infra/alerts/${name}.kql`, 'utf8'));
  const tables = new Map([
    ['AppTraces', traces],
    ['AppRequests', requests],
  ]);
  const run = createKqlExecutor({ schemas, tables: () => tables, now: () => NOW });
  const answer = await run({ query: `${query[0] ?? ''}${before}${query[1] ?? ''}`, workspaceId: W1 });
  if (!('rows' in answer)) throw new Error(answer.message);
  return answer.rows;
}

describe('the alert no-successful-cycle', () => {
  it('is silent while cycles succeed', async () => {
    expect(await raised('no-successful-cycle', healthy)).toEqual([]);
  });

  it('is raised where there was no cycle at all', async () => {
    expect(await raised('no-successful-cycle', [])).toHaveLength(1);
  });

  it('is raised by one workspace of which all cycles failed, though others succeed', async () => {
    const failed = [14, 9, 4].map((minutes) => cycle(minutes, { workspaceId: W2, outcome: 'failed' }));
    expect(await raised('no-successful-cycle', [...healthy, ...failed])).toEqual([[RULE, W2, 3n]]);
  });

  it('is silent while one of three succeeds', async () => {
    const mixed = [cycle(14, { outcome: 'failed' }), cycle(9), cycle(4, { outcome: 'failed' })];
    expect(await raised('no-successful-cycle', mixed)).toEqual([]);
  });
});

describe('the alert uncovered-bin', () => {
  const limit = 'let limitMinutes = 60;\n';

  it('is raised where the last line is over the limit', async () => {
    const late = [...healthy, cycle(3, { oldestUncoveredMinutes: 61 })];
    expect(await raised('uncovered-bin', late, [], limit)).toHaveLength(1);
  });

  it('is silent again once a later line is within it', async () => {
    const caughtUp = [cycle(9, { oldestUncoveredMinutes: 2880 }), cycle(4, { oldestUncoveredMinutes: 60 })];
    expect(await raised('uncovered-bin', caughtUp, [], limit)).toEqual([]);
  });
});

describe('the alert failing-bins', () => {
  it('is raised for each rule and workspace whose last line has failing bins', async () => {
    const failing = [cycle(4, { bins: { failing: 2 } }), cycle(4, { workspaceId: W2, bins: { failing: 1 } })];
    expect(await raised('failing-bins', failing)).toHaveLength(2);
    expect(await raised('failing-bins', [...failing, cycle(1), cycle(1, { workspaceId: W2 })])).toEqual([]);
  });
});

describe('the alert failed-function', () => {
  const request = (OperationName: string, Success: boolean) => ({ TimeGenerated: minutesAgo(4), OperationName, Success });

  it('is silent while both functions succeed, and for what is not theirs', async () => {
    expect(
      await raised('failed-function', healthy, [request('hunt', true), request('ingest-incidents', true), request('other', false)]),
    ).toEqual([]);
  });

  it.each([
    ['a line of hunt', [cycle(4, { outcome: 'failed' })], [], 'hunt'],
    ['a line of ingest-incidents', [batch(4, { outcome: 'failed' })], [], 'ingest-incidents'],
    ['an invocation that wrote no line', [], [request('hunt', false)], 'hunt'],
  ])('is raised by %s that failed', async (_, traces, requests, failed) => {
    expect((await raised('failed-function', traces, requests)).map(([name]) => name)).toEqual([failed]);
  });
});

describe('the alert dead-letters', () => {
  it('is raised by what the hub refuses, and by what is no valid incident', async () => {
    expect(await raised('dead-letters', healthy)).toEqual([]);
    expect(await raised('dead-letters', [...healthy, cycle(4, { incidents: { refused: 2 } })])).toHaveLength(1);
    expect(await raised('dead-letters', [...healthy, batch(4, { deadLettered: 1 })])).toHaveLength(1);
  });
});

describe('the alert late-into-sentinel', () => {
  const limit = 'let limitMinutes = 30;\n';
  const posted = cycle(60, { incidents: { new: 1, revised: 1 } });

  it('is raised where the last batch had waited too long', async () => {
    expect(await raised('late-into-sentinel', [...healthy, batch(2, { oldestMessageMinutes: 31 })], [], limit)).toHaveLength(1);
    expect(await raised('late-into-sentinel', [batch(20, { oldestMessageMinutes: 31 }), ...healthy], [], limit)).toEqual([]);
  });

  it('is raised where incidents were posted and nothing carries them on', async () => {
    expect(await raised('late-into-sentinel', [posted], [], limit)).toHaveLength(1);
    expect(await raised('late-into-sentinel', [posted, batch(58)], [], limit)).toEqual([]);
    // The cycle whose message it carried was over four minutes later.
    expect(await raised('late-into-sentinel', [posted, batch(64)], [], limit)).toEqual([]);
    expect(await raised('late-into-sentinel', [cycle(4, { incidents: { new: 1 } })], [], limit)).toEqual([]);
    expect(await raised('late-into-sentinel', [cycle(60)], [], limit)).toEqual([]);
  });

  it('is raised by what is stuck, whatever was carried on before it', async () => {
    expect(await raised('late-into-sentinel', [batch(115), posted, cycle(10, { incidents: { new: 1 } })], [], limit)).toEqual([[60]]);
  });

  it('waits as long as the limit says', async () => {
    expect(await raised('late-into-sentinel', [posted], [], 'let limitMinutes = 61;\n')).toEqual([]);
    expect(await raised('late-into-sentinel', [posted], [], 'let limitMinutes = 59;\n')).toHaveLength(1);
  });
});
