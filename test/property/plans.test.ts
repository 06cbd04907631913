import * as fc from 'fast-check';
import { evaluate, rowFilter } from '../../src/engine/evaluate';
import { operators } from '../../src/engine/operators/operators';
import type { Evaluation, SourceRow } from '../../src/engine/rows';
import { decodeRows, type WireRows } from '../../src/engine/wire';
import { aggregationFunctions } from '../../src/functions/aggregates';
import { scalarFunctions } from '../../src/functions/scalar';
import { windowFunctions } from '../../src/functions/window';
import { createKqlExecutor } from '../../src/local/kql-executor';
import { defaultLimits, tableReply } from '../../src/local/log-analytics/reply';
import type { CompiledQuery } from '../../src/plan/compile-query';
import { inputsOf } from '../../src/plan/columns';
import { exprsOf } from '../../src/plan/nodes';
import { ingestionTime } from '../../src/plan/bind/ingestion-time';
import type { Expr, Plan, PlanNode, TablePlan } from '../../src/plan/plan';
import { pushdownQuery } from '../../src/plan/pushdown';
import { binStart, instant, TICKS_PER_HOUR, type Instant } from '../../src/value/instant';
import { Random } from '../simulation/random';
import { compileText, sourceRows } from '../support/compile';
import { functionQueries } from '../support/function-queries';
import { randomQuery } from '../support/random-queries';
import { contentOf, tables, twoTables, type Tables } from '../support/random-tables';
import { writtenQueries } from '../support/written-queries';

const SEED = 20260310;
/** So many random queries, beside those that are written. */
const POOL = 120;
const TABLES = 12;
const hour = 'extend t = bin(TimeGenerated, 1h)';
const now = instant('2026-03-10T12:30:00Z');
const days = { start: instant('2026-03-09T00:00:00Z'), end: instant('2026-03-12T00:00:00Z') };

type Source = (table: string) => readonly SourceRow[];

const source = (plan: Plan, { Proc, Net }: Tables): Source => sourceRows(plan, { Proc, Net });
const run = (plan: Plan, rows: Source): Evaluation => evaluate(plan, rows, { now });

/** The rows that the pushdown lets through. */
function pushed(plan: Plan, rows: Source): Source {
  return (name) => {
    const table = plan.tables.find((each) => each.name === name);
    const passes = table === undefined ? undefined : rowFilter(table, { now });
    return rows(name).filter(({ values }) => passes?.(values) ?? true);
  };
}

function timeOf(plan: Plan, row: SourceRow): Instant {
  const table = plan.tables.find(({ name }) => name === row.table);
  const index = table?.columns.findIndex(({ name }) => name === table.eventTime) ?? -1;
  return row.values[index] as Instant;
}

/** The results of all bins together, bins and rows in the opposite order. */
function binByBin(plan: Plan, rows: Source, width: bigint): Evaluation {
  const all = plan.tables.flatMap(({ name }) => rows(name));
  const starts = [...new Set(all.map((row) => binStart(timeOf(plan, row), width)))].sort((a, b) => (a < b ? 1 : -1));
  const results = starts.map((start) =>
    run(plan, (name) =>
      rows(name)
        .filter((row) => binStart(timeOf(plan, row), width) === start)
        .reverse(),
    ),
  );
  return { columns: plan.columns, rows: results.flatMap((result) => result.rows) };
}

/** The kinds of a plan's nodes, and the functions that they call. */
function namesIn(node: PlanNode): readonly string[] {
  const called = (expr: Expr): readonly string[] => (expr.kind === 'call' ? [expr.name, ...expr.args.flatMap(called)] : []);
  const own = node.kind === 'summarize' ? node.aggregates : node.kind === 'window' ? node.columns : [];
  return [node.kind, ...own.map(({ fn }) => fn), ...exprsOf(node).flatMap(called), ...inputsOf(node).flatMap(namesIn)];
}

/** Compiled once for all properties. Those that Microsoft's parser does not take are left out; what we refuse ourselves fails. */
const pool: CompiledQuery[] = [];

beforeAll(async () => {
  const random = Array.from({ length: POOL }, (_, index) => randomQuery(new Random(SEED + index)));
  for (const text of [...writtenQueries, ...functionQueries, ...random]) {
    const query = await compileText(text, twoTables).catch((error: unknown) => {
      if (!/\bKS\d+ /.test(String(error))) throw error;
    });
    if (query !== undefined) pool.push(query);
  }
});

/** Asserts of every query that `concerns` tells of, over so many random tables each. */
function forQueries(concerns: (query: CompiledQuery) => boolean, holds: (query: CompiledQuery, rows: Tables, more: Tables) => void): void {
  const concerned = pool.filter(concerns);
  expect(concerned.length).toBeGreaterThan(POOL / 20);
  for (const query of concerned) {
    fc.assert(
      fc.property(tables, tables, (rows, more) => {
        holds(query, rows, more);
      }),
      { seed: SEED, numRuns: TABLES },
    );
  }
}

it('has every kind of node, and every function that depends on a row, among the queries', () => {
  const met = new Set(pool.flatMap(({ whole }) => namesIn(whole.root)));
  const ofARow = [...scalarFunctions.values()].filter(({ name, usesNow }) => usesNow !== true && name !== 'ingestion_time');
  const functions = ofARow.map(({ name }) => name);
  const expected = [...Object.keys(operators), ...functions, ...aggregationFunctions.keys(), ...windowFunctions.keys()];
  expect(expected.filter((name) => !met.has(name))).toEqual([]);
});

it('gives the same rows and evidence, whatever the order of source rows', () => {
  forQueries(
    () => true,
    ({ whole }, { Proc, Net }) => {
      const backwards = { Proc: [...Proc].reverse(), Net: [...Net].reverse() };
      expect(contentOf(run(whole, source(whole, backwards)))).toEqual(contentOf(run(whole, source(whole, { Proc, Net }))));
    },
  );
});

it('gives the same over the rows that the pushdown lets through as over all', () => {
  forQueries(
    () => true,
    ({ whole }, rows) => {
      const all = source(whole, rows);
      expect(contentOf(run(whole, pushed(whole, all)))).toEqual(contentOf(run(whole, all)));
    },
  );
});

it('gives the same over what the local workspace answers to the text of the pushdown', async () => {
  let rows: Tables = { Proc: [], Net: [] };
  const execute = createKqlExecutor({ schemas: twoTables, tables: () => new Map(Object.entries(rows)), now: () => now });
  const samples = fc.sample(tables, { seed: SEED, numRuns: pool.length });
  // A rule that asks when rows arrived is not scheduled, so nothing of it is pushed down.
  const asksArrival = ({ columns }: TablePlan): boolean => columns.includes(ingestionTime);
  for (const [index, { whole }] of pool.filter((query) => !query.whole.tables.some(asksArrival)).entries()) {
    rows = samples[index] ?? rows;
    const answers = new Map<string, readonly SourceRow[]>();
    for (const table of whole.tables) {
      const answer = await execute({ query: pushdownQuery(table, table.name, days), workspaceId: '' });
      if ('kind' in answer) throw new Error(answer.message);
      const body = JSON.parse(tableReply(answer, defaultLimits).body) as { readonly tables: readonly [WireRows] };
      const decoded = decodeRows(table, body.tables[0]);
      if (decoded.kind === 'problem') throw new Error(decoded.problem);
      answers.set(table.name, decoded.rows);
    }
    const pulled = run(whole, (name) => answers.get(name) ?? []);
    expect(contentOf(pulled, 'values')).toEqual(contentOf(run(whole, source(whole, rows)), 'values'));
  }
});

it('is plain JSON, and gives the same when it is read back', () => {
  forQueries(
    () => true,
    ({ whole }, rows) => {
      const read = JSON.parse(JSON.stringify(whole)) as Plan;
      expect(contentOf(run(read, source(read, rows)))).toEqual(contentOf(run(whole, source(whole, rows))));
    },
  );
});

it('gives bin by bin what it gives as a whole, where it is said to split', () => {
  forQueries(
    ({ split }) => split.splits,
    ({ scheduled, split }, rows) => {
      const all = source(scheduled, rows);
      for (const width of split.splits ? new Set([split.unitWidth, split.binWidth]) : []) {
        expect(contentOf(binByBin(scheduled, pushed(scheduled, all), BigInt(width)))).toEqual(contentOf(run(scheduled, all)));
      }
    },
  );
});

it('loses no result row to further source rows, where it is said to be monotone', () => {
  forQueries(
    ({ monotone }) => monotone.monotone,
    ({ whole }, rows, more) => {
      const both = { Proc: [...rows.Proc, ...more.Proc], Net: [...rows.Net, ...more.Net] };
      const [before, after] = [rows, both].map((each) => contentOf(run(whole, source(whole, each)), 'values'));
      const times = (content: readonly string[] = [], row: string): number => content.filter((each) => each === row).length;
      const lost = [...new Set(before)].filter((row) => times(after, row) < times(before, row));
      expect(lost).toEqual([]);
    },
  );
});

it.each([
  `Proc | ${hour} | join kind=inner (Net | ${hour}) on Host`,
  `Proc | ${hour} | join kind=leftanti (Net | ${hour}) on Host`,
  `Proc | ${hour} | join kind=leftouter (Net | ${hour}) on Host, t | summarize count() by t1`,
  `Proc | ${hour} | join (datatable (Host: string) ['a']) on Host`,
  "Proc | join kind=fullouter (datatable (Host: string) ['a', 'z']) on Host",
  "Proc | project Host | union (datatable (Host: string) ['z'])",
  'Proc | where Host in ((Net | project Host))',
  'Proc | where Pid == toscalar(Proc | where isnotnull(Pid) | project Pid)',
  'Proc | take 2',
  'Proc | top 2 by Pid',
  'Proc | sort by Pid asc | extend n = row_number()',
  'Proc | distinct Host',
  'Proc | count',
])('splits not where a bin needs the rows of another: %s', async (text) => {
  const { whole, split } = await compileText(text, twoTables);
  expect(split.splits).toBe(false);
  const differs = (rows: Tables): boolean => {
    const all = source(whole, rows);
    return contentOf(binByBin(whole, all, TICKS_PER_HOUR), 'values').join() !== contentOf(run(whole, all), 'values').join();
  };
  expect(fc.sample(tables, { seed: SEED, numRuns: 300 }).some(differs)).toBe(true);
});

it.each([
  'Proc | join kind=leftanti (Net) on Host',
  'Proc | join kind=leftouter (Net) on Host',
  'Proc | join (Net) on Host',
  'Proc | where Host !in ((Net | project Host))',
  'Proc | where not(Host in ((Net | project Host)))',
  'Proc | extend IsKnown = Host in ((Net | project Host))',
  'Proc | where Pid >= toscalar(Net | count)',
  'Proc | summarize count() by Host',
  'Proc | take 2',
  'Proc | sort by Pid asc | extend n = row_number()',
])('is not monotone where a further row can take a result row away: %s', async (text) => {
  const { whole, monotone } = await compileText(text, twoTables);
  expect(monotone.monotone).toBe(false);
  const loses = ([rows, more]: readonly [Tables, Tables]): boolean => {
    const after = new Set(
      contentOf(run(whole, source(whole, { Proc: [...rows.Proc, ...more.Proc], Net: [...rows.Net, ...more.Net] })), 'values'),
    );
    return contentOf(run(whole, source(whole, rows)), 'values').some((row) => !after.has(row));
  };
  expect(fc.sample(fc.tuple(tables, tables), { seed: SEED, numRuns: 300 }).some(loses)).toBe(true);
});

it('joins by the hour and the host what a nested loop joins', async () => {
  const text = `Proc | where Command == 'new' | extend t = bin(TimeGenerated, 1h)
    | join kind=inner (Proc | where Command == 'remove' | extend t = bin(TimeGenerated, 1h)) on Host, t
    | project Host, TimeGenerated, TimeGenerated1, Pid, Pid1`;
  const query = await compileText(text, twoTables);
  const hourOf = (time: unknown): string => String(time).slice(0, 13);
  fc.assert(
    fc.property(tables, ({ Proc, Net }) => {
      const expected = Proc.filter(({ Command }) => Command === 'new').flatMap((left) =>
        Proc.filter(
          (right) =>
            right['Command'] === 'remove' &&
            right['Host'] === left['Host'] &&
            hourOf(right['TimeGenerated']) === hourOf(left['TimeGenerated']),
        ).map((right) => [left['Host'], left['TimeGenerated'], right['TimeGenerated'], left['Pid'], right['Pid']].join()),
      );
      const { rows } = run(query.scheduled, pushed(query.scheduled, source(query.scheduled, { Proc, Net })));
      const instants = (cell: unknown): string => (typeof cell === 'bigint' ? cell.toString() : '');
      const given = rows.map(({ values: [host, left, right, pid, pid1] }) => [host, instants(left), instants(right), pid, pid1].join());
      const asTicks = (row: string): string =>
        row
          .split(',')
          .map((cell, index) => (index === 1 || index === 2 ? instant(cell).toString() : cell))
          .join();
      expect([...given].sort()).toEqual(expected.map(asTicks).sort());
    }),
    { seed: SEED, numRuns: 200 },
  );
});
