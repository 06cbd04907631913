import { EvaluationLimit, RowBudget } from '../../../src/engine/budget';
import { evaluate } from '../../../src/engine/evaluate';
import { formatValue } from '../../../src/value/text';
import { instant } from '../../../src/value/instant';
import { compileText, sourceRows, type JsonRow } from '../../support/compile';

const now = instant('2026-03-10T12:00:00Z');

async function run(text: string, rows: readonly JsonRow[], budget?: RowBudget) {
  const { whole } = await compileText(text);
  const result = evaluate(whole, sourceRows(whole, { Proc: rows }), { now, ...(budget === undefined ? {} : { budget }) });
  return {
    ...result,
    texts: result.rows.map(({ values }) => values.map((value, index) => formatValue(result.columns[index]?.type ?? 'string', value))),
  };
}

const at = (clock: string): string => `2026-03-10T${clock}Z`;

describe('join kind=inner', () => {
  const pairs =
    "Proc | where Command == 'new' | extend t = bin(TimeGenerated, 1h) | join kind=inner (Proc | where Command == 'remove' | extend t = bin(TimeGenerated, 1h)) on Host, t | project Host, TimeGenerated, TimeGenerated1";

  it('joins rows in the same hour bin on the same host', async () => {
    const { texts } = await run(pairs, [
      { TimeGenerated: at('10:00:00'), Host: 'a', Command: 'new' },
      { TimeGenerated: at('10:59:59.9999999'), Host: 'a', Command: 'remove' },
    ]);
    expect(texts).toEqual([['a', '2026-03-10T10:00:00.0000000Z', '2026-03-10T10:59:59.9999999Z']]);
  });

  it('does not join across the edge of a bin, however near', async () => {
    const { texts } = await run(pairs, [
      { TimeGenerated: at('10:59:59.9999999'), Host: 'a', Command: 'new' },
      { TimeGenerated: at('11:00:00'), Host: 'a', Command: 'remove' },
    ]);
    expect(texts).toEqual([]);
  });

  it('compares keys exactly: case and an empty key matter', async () => {
    const { texts } = await run(pairs, [
      { TimeGenerated: at('10:00:00'), Host: 'A', Command: 'new' },
      { TimeGenerated: at('10:01:00'), Host: 'a', Command: 'remove' },
      { TimeGenerated: at('10:02:00'), Host: '', Command: 'new' },
      { TimeGenerated: at('10:03:00'), Host: '', Command: 'remove' },
    ]);
    expect(texts.map(([host]) => host)).toEqual(['']);
  });

  it('gives all pairs of equal keys', async () => {
    const row = (Command: string): JsonRow => ({ TimeGenerated: at('10:00:00'), Host: 'a', Command });
    expect((await run(pairs, [row('new'), row('new'), row('remove'), row('remove')])).texts).toHaveLength(4);
  });

  it('joins no null with another', async () => {
    const { texts } = await run('Proc | join kind=inner Proc on Pid', [{ Host: 'a' }, { Host: 'b', Pid: 1 }]);
    expect(texts).toHaveLength(1);
  });
});

describe('lineage', () => {
  it('holds the source rows of both sides, also those whose columns the projection drops', async () => {
    const { rows } = await run(
      "Proc | where Command == 'new' | summarize by Host | join kind=inner (Proc | where Command == 'remove' | summarize by Host, Account) on Host | project Host",
      [
        { Host: 'a', Command: 'new', Pid: 1 },
        { Host: 'a', Command: 'new', Pid: 2 },
        { Host: 'a', Command: 'remove', Pid: 3 },
        { Host: 'b', Command: 'new', Pid: 4 },
      ],
    );
    expect(rows.map(({ lineage }) => lineage.map(({ scan, row }) => [scan, row.values.includes('remove')]))).toEqual([
      [
        [0, false],
        [0, false],
        [1, true],
      ],
    ]);
  });

  it.each([
    ['the partners of a semi join', 'Proc | where Pid == 1 | join kind=leftsemi (Proc | where Pid > 1) on Host', ['0:1', '1:2', '1:3']],
    ['the left row alone of an anti join', 'Proc | where Pid == 1 | join kind=leftanti (Proc | where Pid > 1) on Account', ['0:1']],
    ['the kept row alone of an outer join', 'Proc | where Pid == 1 | join kind=leftouter (Proc | where Pid > 1) on Account', ['0:1']],
    ['the rows behind what in (query) found', 'Proc | where Pid == 1 and Host in ((Proc | where Pid == 2 | project Host))', ['0:1', '1:2']],
    [
      'the rows behind what in~ (query) found in another case',
      "Proc | where Pid == 1 and 'A' in~ ((Proc | where Pid == 2 | project Host))",
      ['0:1', '1:2'],
    ],
    [
      'the rows behind what has_any (query) found, of no others',
      "Proc | where Pid == 1 and 'x 2' has_any ((Proc | where Pid > 1 | project Account))",
      ['0:1', '1:2'],
    ],
    ['the row alone of !in (query)', 'Proc | where Pid == 1 and Account !in ((Proc | where Pid == 2 | project Account))', ['0:1']],
    ['not what toscalar() was computed from', 'Proc | where Pid == toscalar(Proc | summarize min(Pid))', ['0:1']],
    ['the input of its own row of a union', 'Proc | where Pid > 3 | union (Proc | where Pid == 1)', ['1:1']],
    ['the row that was expanded', 'Proc | where Pid == 1 | mv-expand Bag', ['0:1']],
  ])('holds %s', async (_, text, expected) => {
    const { whole } = await compileText(text);
    const source = [1, 2, 3].map((Pid) => ({ Host: 'a', Account: String(Pid), Pid }));
    const [row, ...others] = evaluate(whole, sourceRows(whole, { Proc: source }), { now }).rows;
    const pid = whole.tables[0]?.columns.findIndex(({ name }) => name === 'Pid') ?? -1;
    expect(others).toEqual([]);
    expect(row?.lineage.map((each) => `${each.scan}:${String(each.row.values[pid])}`).sort()).toEqual(expected);
  });

  it('is that of the same row of equal ones, whatever the order of source rows', async () => {
    const text = "Proc | where Pid > 0 | summarize by Host, Level | project Host | join (print Host = 'a') on Host";
    const source = [1, 2, 3, 4].map((Pid) => ({ Host: 'a', Pid, Level: Pid === 1 || Pid === 4 ? 1 : 2 }));
    const behind = async (rows: readonly JsonRow[]): Promise<readonly (readonly string[])[]> =>
      (await run(text, rows)).rows.map(({ lineage }) => lineage.map(({ row }) => row.values.join()).sort());
    expect(await behind([...source].reverse())).toEqual(await behind(source));
  });

  it('holds a row once for each scan that read it', async () => {
    const { rows } = await run('Proc | join kind=inner Proc on Host', [{ Host: 'a' }]);
    expect(rows[0]?.lineage.map(({ scan }) => scan)).toEqual([0, 1]);
  });
});

describe('summarize', () => {
  it('gives one row for no rows without keys, and none with keys', async () => {
    expect((await run('Proc | count', [])).texts).toEqual([['0']]);
    expect((await run('Proc | summarize count() by Host', [])).texts).toEqual([]);
  });

  it('keeps null keys as a group of their own', async () => {
    const { texts } = await run('Proc | summarize N = count() by Pid', [{ Pid: 1 }, {}, {}]);
    expect(texts).toEqual([
      ['1', '1'],
      ['', '2'],
    ]);
  });

  it('does not mix up keys whose texts run together', async () => {
    const { texts } = await run('Proc | summarize by Host, Account', [
      { Host: 'a', Account: '1:b' },
      { Host: 'a1:', Account: 'b' },
    ]);
    expect(texts).toHaveLength(2);
  });
});

it('takes a null predicate as false', async () => {
  expect((await run('Proc | where Pid > 1 or Level > 1', [{ Pid: 0 }, { Level: 2 }, {}])).texts).toHaveLength(1);
});

it('gives one now() for the whole evaluation', async () => {
  expect((await run('Proc | project A = now(), B = ago(1h), C = now(-2h)', [{}])).texts).toEqual([
    ['2026-03-10T12:00:00.0000000Z', '2026-03-10T11:00:00.0000000Z', '2026-03-10T10:00:00.0000000Z'],
  ]);
});

describe('the budget of rows', () => {
  const many = Array.from({ length: 20 }, () => ({ Host: 'a' }));

  it.each([
    ['the source rows behind each result row', 'Proc | summarize by Host', 20 + 1 + 20],
    ['the rows of a join once', 'Proc | join kind=leftsemi (Proc | where Level > 0) on Host', 20 + 20 + 0],
    ['the rows that are expanded once', 'Proc | mv-expand X = dynamic([1, 2]) | where false', 20 + 40 + 40],
  ])('counts %s', async (_, text, rows) => {
    await expect(run(text, many, new RowBudget(rows - 1, 'intermediate rows'))).rejects.toThrow(EvaluationLimit);
    await run(text, many, new RowBudget(rows, 'intermediate rows'));
  });

  it('ends an evaluation before a join outgrows it, and is whole again afterwards', async () => {
    const budget = new RowBudget(100, 'intermediate rows');
    await expect(run('Proc | join kind=inner Proc on Host', many, budget)).rejects.toThrow(EvaluationLimit);
    expect((await run('Proc | where true', many, budget)).texts).toHaveLength(20);
  });
});
