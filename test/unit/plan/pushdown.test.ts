import { anyRowQuery, pushdownQuery } from '../../../src/plan/pushdown';
import { kqlExpression, kqlName, kqlString } from '../../../src/plan/kql-text';
import { originsOf } from '../../../src/plan/origins';
import { uniqueNames } from '../../../src/plan/names';
import { instant } from '../../../src/value/instant';
import { compileText, processTable, schemasOf } from '../../support/compile';

const range = { start: instant('2026-03-10T10:00:00Z'), end: instant('2026-03-10T11:00:00Z') };

async function pushed(text: string): Promise<string> {
  const { scheduled } = await compileText(text);
  const [first] = scheduled.tables;
  if (first === undefined) throw new Error('no table');
  return pushdownQuery(first, first.name, range);
}

it('sends one query for both sides of a join, with the columns that are used and the evidence columns', async () => {
  const text = `let w = 1h;
    Proc | where Level in (1, 2) | where Command has 'New-X' | summarize by Host, t = bin(TimeGenerated, w), Command
    | join kind=inner (Proc | where Level in (1, 2) | where Command has 'Remove-"X"' | summarize by Host, t = bin(TimeGenerated, w)) on Host, t`;
  expect(await pushed(text)).toBe(
    [
      'Proc',
      '| where TimeGenerated >= datetime(2026-03-10T10:00:00.0000000Z) and TimeGenerated < datetime(2026-03-10T11:00:00.0000000Z)',
      '| where (Level in (1, 2)) and ((Command has "New-X") or (Command has "Remove-\\"X\\""))',
      '| project TimeGenerated=tostring(TimeGenerated), Host, Command, Level, Domain=tostring(column_ifexists("Domain", ""))',
    ].join('\n'),
  );
});

it.each([
  ['through extend and rename', "Proc | extend H = tolower(Host) | project-rename Z = H | where Z == 'a'", 'tolower(Host) == "a"'],
  ['through the keys of summarize', "Proc | summarize N = count() by Host | where Host == 'a' and N > 3", 'Host == "a"'],
  [
    'through a join to the side it speaks of',
    "Proc | where Level > 1 | join kind=inner (Proc | where Level > 2) on Host | where Command == 'c' and Command1 == 'd'",
    '((Level > 1) and (Command == "c")) or ((Level > 2) and (Command == "d"))',
  ],
  ['below and within mv-apply', "Proc | mv-apply X = Bag on (where Host == 'a') | where Level > 1", '(Host == "a") and (Level > 1)'],
])('pushes predicates %s', async (_, text, expected) => {
  const predicate = (await pushed(text)).split('\n').find((line) => line.startsWith('| where') && !line.includes('datetime('));
  expect(predicate).toBe(`| where ${expected}`);
});

it.each([
  ['below the rows that take or top chooses from', "Proc | take 5 | where Host == 'a'"],
  ['below what looks at the rows beside', "Proc | sort by Pid | extend N = row_number() | where Host == 'a'"],
  [
    'to the side of an outer join that can be null',
    "Proc | project Host | join kind=rightouter (print Host = 'a') on Host | where Host == 'a'",
  ],
  ['below a left side that is de-duplicated, unless it is of a key', "Proc | join (print Host = 'a') on Host | where Command == 'c'"],
  ['of elements', "Proc | mv-expand Bag to typeof(string) | where Bag == 'x'"],
  ['of the elements of mv-apply', "Proc | mv-apply X = Bag on (where tostring(X) == 'x') | where tostring(X) != 'y'"],
  ['of parsed columns', "Proc | parse Command with A '=' B | where B == 'x'"],
  ['that depend on now()', 'Proc | where TimeGenerated > ago(1d) | count'],
  ['that read no column', "Proc | where strlen('a') == 1"],
  ['that ask a query', "Proc | where Host in ((print 'a'))"],
])('pushes no predicate %s', async (_, text) => {
  expect((await pushed(text)).split('\n').filter((line) => line.startsWith('| where'))).toHaveLength(1);
});

it.each([
  [
    'to each input of a union',
    "Proc | where Level > 2 | union (Proc | where Level > 1) | where Host == 'a'",
    '(Host == "a") and ((Level > 2) or (Level > 1))',
  ],
  [
    'within the query that an in (query) asks',
    'Proc | where Level == 7 and Host in ((Proc | where Level > 1 | project Host))',
    '(Level == 7) or (Level > 1)',
  ],
  ['below take', 'Proc | where Level > 1 | take 5', 'Level > 1'],
  ['to the kept side of an outer join', "Proc | join kind=leftouter (print Host = 'a') on Host | where Command == 'c'", 'Command == "c"'],
  ['of a key below a de-duplicated left side', "Proc | join (print Host = 'a') on Host | where Host == 'a'", 'Host == "a"'],
  ['below sort, mv-expand and parse', "Proc | sort by Pid | mv-expand Bag | parse Command with A '=' B | where Host == 'a'", 'Host == "a"'],
])('pushes predicates %s', async (_, text, expected) => {
  expect((await pushed(text)).split('\n').find((line) => line.startsWith('| where') && !line.includes('datetime('))).toBe(
    `| where ${expected}`,
  );
});

describe('the bounds of a table that is a function', () => {
  const parser = { ...processTable, name: '_Im_Proc', callable: true };
  const predicateOf = async (call: string): Promise<string | undefined> => {
    const { scheduled } = await compileText(`${call} | summarize by Host, bin(TimeGenerated, 1h)`, schemasOf(parser));
    const predicate = scheduled.tables[0]?.predicate;
    return predicate === undefined ? undefined : kqlExpression(predicate);
  };
  const from = 'TimeGenerated >= datetime(2026-03-01T00:00:00.0000000Z)';
  const to = 'TimeGenerated <= datetime(2026-03-02T00:00:00.0000000Z)';

  it.each([
    ['_Im_Proc(starttime=datetime(2026-03-01), endtime=datetime(2026-03-02))', `(${from}) and (${to})`],
    ['_Im_Proc(endtime=datetime(2026-03-02), starttime=datetime(2026-03-01))', `(${to}) and (${from})`],
    ['_Im_Proc(datetime(2026-03-01), datetime(2026-03-02))', `(${from}) and (${to})`],
    ['_Im_Proc(starttime=datetime(null), endtime=datetime(2026-03-02))', to],
    ['_Im_Proc(starttime=ago(1d))', undefined],
    ['_Im_Proc()', undefined],
  ])('%s', async (call, expected) => {
    expect(await predicateOf(call)).toBe(expected);
  });
});

it('pushes nothing where one scan takes every row', async () => {
  const text = await pushed("Proc | where Host == 'a' | join kind=inner Proc on Host");
  expect(text.split('\n').filter((line) => line.startsWith('| where'))).toHaveLength(1);
});

it.each([
  ['an aggregate', 'Proc | summarize N = count(), M = max(Pid) by Host | project Host, N'],
  ['a row number', 'Proc | sort by Host | extend N = row_number(1, Pid == 1) | project Host'],
  ['an in (query)', "Proc | extend N = Account in ((print 'a')) | project Host"],
  ['a toscalar()', 'Proc | extend N = toscalar(Proc | summarize max(Pid)) | project Host'],
  ['a column of a join', 'Proc | join kind=inner (print Host = "a", N = 1) on Host | extend M = Pid + N | project Host'],
])('asks for no column of %s that nothing uses', async (_, text) => {
  expect((await pushed(text)).split('\n').at(-1)).toMatch(/^\| project TimeGenerated=tostring\(TimeGenerated\), Host, Domain=/);
});

it('asks for any one row of the range, whatever the rule makes of it', async () => {
  const { scheduled } = await compileText("Proc | where Host == 'a'");
  const [first] = scheduled.tables;
  expect(first && anyRowQuery(first, 'Source', range)).toBe(
    [
      'Source',
      '| where TimeGenerated >= datetime(2026-03-10T10:00:00.0000000Z) and TimeGenerated < datetime(2026-03-10T11:00:00.0000000Z)',
      '| take 1',
      '| project TimeGenerated',
    ].join('\n'),
  );
});

it('sends datetime, long and dynamic columns as text', async () => {
  expect(await pushed('Proc | project TimeGenerated, Pid, Level, Score, Bag')).toContain(
    '| project TimeGenerated=tostring(TimeGenerated), Pid=tostring(Pid), Level, Score, Bag=tostring(pack_array(Bag)), ',
  );
});

describe('values in KQL', () => {
  it.each([
    [`a"b\\c`, `"a\\"b\\\\c"`],
    ['line\nbreak\ttab', '"line\\u000abreak\\u0009tab"'],
    ['Zürich 東京', '"Zürich 東京"'],
    ['😀', '"😀"'],
    ['\ud83d', '"\\ud83d"'],
    ['\u2028 " | drop', '"\\u2028 \\" | drop"'],
  ])('string %j', (text, expected) => {
    expect(kqlString(text)).toBe(expected);
  });

  it.each([
    ['Host', 'Host'],
    ['by', '["by"]'],
    ['a b"]', '["a b\\"]"]'],
  ])('name %j', (name, expected) => {
    expect(kqlName(name)).toBe(expected);
  });
});

it.each([
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [
    ['c', 'c', 'c1'],
    ['c', 'c2', 'c1'],
  ],
  [
    ['a', 'b', 'a', 'b'],
    ['a', 'b', 'a1', 'b1'],
  ],
])('names %j as a join does: %j', (names, expected) => {
  expect(uniqueNames(names)).toEqual(expected);
});

it('traces a result column back to the scans that it comes from', async () => {
  const { whole } = await compileText(
    'Proc | summarize by H = Host, t = bin(TimeGenerated, 1h), Command | join kind=inner (Proc | project-rename Machine = Host) on $left.H == $right.Machine | extend X = strcat(H, 1), Y = H',
  );
  expect(originsOf(whole.root, 'Y')).toEqual([
    { scan: 0, table: 'Proc', column: 'Host' },
    { scan: 1, table: 'Proc', column: 'Host' },
  ]);
  expect(originsOf(whole.root, 'Command')).toEqual([{ scan: 0, table: 'Proc', column: 'Command' }]);
  expect(originsOf(whole.root, 'X')).toEqual([]);
});

it('traces a key of an outer join to both sides only where it has a partner', async () => {
  const { whole } = await compileText('Proc | join kind=leftouter Proc on Host');
  const scansOf = (column: string): readonly number[] => originsOf(whole.root, column).map(({ scan }) => scan);
  expect([scansOf('Host'), scansOf('Host1'), scansOf('Pid1')]).toEqual([[0, 1], [1], [1]]);
});
