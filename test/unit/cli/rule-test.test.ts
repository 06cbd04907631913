import { runRuleTest, type RuleTestOptions } from '../../../src/cli/rule-test';
import { readRuleTest } from '../../../src/cli/rule-test-file';
import { Subjects, type Subject } from '../../../src/cli/rule-test-subject';
import { schemasOf, table } from '../../support/compile';

const known = schemasOf(table('Known', { TimeGenerated: 'datetime', Host: 'string', N: 'long' }));

const rule = `id: 0c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5
name: Rows
description: Rows.
query: T | where N > 1 | summarize by bin(TimeGenerated, 1h), Host
entityMappings:
  - entityType: Host
    fieldMappings: [{ identifier: HostName, columnName: Host }]
`;

const columns = { TimeGenerated: 'datetime', Host: 'string', N: 'long', R: 'real', D: 'dynamic' };
const at = '2026-03-10T10:05:00Z';

interface Test {
  readonly query?: string;
  readonly rule?: string;
  readonly rows?: readonly object[];
  readonly expect?: object;
  readonly more?: object;
}

function run(
  { rows = [], expect: expected = { rows: [] }, more = {}, ...subject }: Test,
  options: RuleTestOptions = {},
): Promise<readonly string[]> {
  const test = { ...subject, now: '2026-03-10T12:00:00Z', tables: { T: { columns, rows } }, expect: expected, ...more };
  return runRuleTest(
    JSON.stringify(test),
    known,
    (path) => (path === 'rule.yaml' ? Promise.resolve(rule) : Promise.reject(new Error(path))),
    options,
  );
}

describe('the rows of a test', () => {
  it('are compared as a multiset, in any order', async () => {
    const rows = [{ N: 1 }, { N: 2 }, { N: 2 }];
    expect(await run({ query: 'T | project N', rows, expect: { rows: [{ N: 2 }, { N: 1 }, { N: 2 }] } })).toEqual([]);
    const [missing, ...others] = await run({ query: 'T | project N', rows, expect: { rows: [{ N: 1 }, { N: 1 }, { N: 2 }] } });
    expect([missing, ...others]).toEqual([
      'expected rows that did not come (1):\n    { N: 1 }',
      'rows that were not expected (1):\n    { N: 2 }',
    ]);
  });

  it('are compared whole: a column that is not expected is expected to be empty', async () => {
    const rows = [{ Host: 'a', N: 1 }];
    expect(await run({ query: 'T | project Host, N', rows, expect: { rows: [{ Host: 'a' }] } })).toHaveLength(2);
    expect(await run({ query: 'T | project Host, N', rows: [{ Host: 'a' }], expect: { rows: [{ Host: 'a' }] } })).toEqual([]);
  });

  it('have instants inside dynamic in any of their forms', async () => {
    const query = "T | project D = pack('t', TimeGenerated)";
    const expected = (t: string): Promise<readonly string[]> =>
      run({ query, rows: [{ TimeGenerated: at }], expect: { rows: [{ D: { t } }] } });
    expect(await expected(at)).toEqual([]);
    expect(await expected('2026-03-10T10:05:00.0000000Z')).toEqual([]);
    expect(await expected('2026-03-10T10:05:00.0000001Z')).toHaveLength(2);
  });

  it('have reals with a relative tolerance of 1e-12', async () => {
    const real = (expected: number): Promise<readonly string[]> =>
      run({ query: 'T | project R', rows: [{ R: 1000 }], expect: { rows: [{ R: expected }] } });
    expect(await real(1000.0000000001)).toEqual([]);
    expect(await real(1000.00000001)).toHaveLength(2);
  });

  it('have dynamic values with their properties in any order', async () => {
    const rows = [{ D: { a: 1, b: { c: 2.5, d: [1] } } }];
    expect(await run({ query: 'T | project D', rows, expect: { rows: [{ D: { b: { d: [1], c: 2.5 }, a: 1.0 } }] } })).toEqual([]);
    expect(await run({ query: 'T | project D', rows, expect: { rows: [{ D: { b: { d: [2], c: 2.5 }, a: 1 } }] } })).toHaveLength(2);
  });

  it('have longs exactly', async () => {
    const test = (expected: string): string =>
      `{"query": "T | project N", "now": "${at}", "tables": {"T": {"columns": {"N": "long"}, "rows": [{"N": 9007199254740993}]}}, "expect": {"rows": [{"N": ${expected}}]}}`;
    const noRule = (): Promise<string> => Promise.reject(new Error('no rule'));
    expect(await runRuleTest(test('9007199254740993'), known, noRule)).toEqual([]);
    expect(await runRuleTest(test('9007199254740992'), known, noRule)).toHaveLength(2);
  });

  it('come under columns of the expected names and types, in order', async () => {
    const expectColumns = (...names: readonly string[]): Promise<readonly string[]> =>
      run({ query: 'T | project Host, N', expect: { columns: names.map((name) => ({ name, type: name === 'N' ? 'long' : 'string' })) } });
    expect(await expectColumns('Host', 'N')).toEqual([]);
    expect(await expectColumns('N', 'Host')).toEqual([
      'columns differ:\n    expected N: long, Host: string\n    actual   Host: string, N: long',
    ]);
  });

  it('are listed ten at most', async () => {
    const [failure = ''] = await run({ query: 'T | project N', rows: Array.from({ length: 12 }, (_, N) => ({ N })) });
    expect(failure.split('\n').slice(-2)).toEqual(['    { N: 9 }', '    … and 2 more']);
  });

  it('are compared by now as the test has it', async () => {
    expect(
      await run({
        query: 'T | where TimeGenerated > ago(2h) | project N',
        rows: [{ TimeGenerated: at, N: 1 }],
        expect: { rows: [{ N: 1 }] },
      }),
    ).toEqual([]);
  });
});

describe('the incidents of a test', () => {
  const rows = [
    { TimeGenerated: at, Host: 'a', N: 2 },
    { TimeGenerated: '2026-03-10T11:05:00Z', Host: 'b', N: 2 },
  ];
  const incident = (Host: string, more: object = {}): object => ({ entities: [{ $id: '1', Type: 'host', HostName: Host }], ...more });

  it('are found by the members that are listed, one for one', async () => {
    expect(await run({ rule: 'rule.yaml', rows, expect: { incidents: [incident('b'), incident('a', { revision: 1 })] } })).toEqual([]);
    const failures = await run({ rule: 'rule.yaml', rows, expect: { incidents: [incident('a'), incident('a')] } });
    expect(failures.map((failure) => failure.split('\n')[0])).toEqual([
      'expected incidents that did not come (1):',
      'incidents that were not expected (1):',
    ]);
  });

  it('differ where a number does', async () => {
    expect(await run({ rule: 'rule.yaml', rows, expect: { incidents: [incident('b', { revision: 2 }), incident('a')] } })).toHaveLength(2);
    expect(await run({ rule: 'rule.yaml', rows, expect: { incidents: [incident('b', { title: 2 }), incident('a')] } })).toHaveLength(2);
  });

  it('are made by rules alone', async () => {
    expect(await run({ query: 'T', rows, expect: { incidents: [] } })).toEqual([
      'expect.incidents: only a rule with entity mappings makes incidents',
    ]);
  });

  it.each([
    ['entityMappings:[^]*', '', 'only a rule with entity mappings makes incidents'],
    ['summarize by .*', 'summarize by Host', 'the rule has no bin that an incident could be in'],
    ['$', 'triggerOperator: gt\ntriggerThreshold: 3\n', 'the rule is refused:\nnamed.yaml:9:19: error RULE014'],
  ])('are not made by a rule with %s replaced, which says why', async (pattern, replacement, reason) => {
    const test = JSON.stringify({ rule: 'r', now: at, tables: { T: { columns, rows: [] } }, expect: { incidents: [] } });
    const source = rule.replace(new RegExp(pattern), replacement);
    const [failure] = await runRuleTest(test, known, () => Promise.resolve(source), { nameOf: () => 'named.yaml' });
    expect(failure).toContain(`expect.incidents: ${reason}`);
  });
});

describe('a test that cannot be read', () => {
  it.each<[string, Test]>([
    ['the test has not exactly one of rule and query', {}],
    ['the test has not exactly one of rule and query', { query: 'T', rule: 'rule.yaml' }],
    ['the test has the unknown member tabels', { query: 'T', more: { tabels: {} } }],
    ['now is missing', { query: 'T', more: { now: undefined } }],
    ['now is not an ISO 8601 instant', { query: 'T', more: { now: 'noon' } }],
    ['expect is missing', { query: 'T', more: { expect: undefined } }],
    ['expect is empty', { query: 'T', expect: {} }],
    ['expect has the unknown member row', { query: 'T', expect: { row: [] } }],
    ['expect.rows[0].X: the result has no such column', { query: 'T | project N', expect: { rows: [{ X: 1 }] } }],
    ['expect.rows[0].N: not a long', { query: 'T | project N', expect: { rows: [{ N: 'x' }] } }],
    ['tables.T.rows[0].X: the table has no such column', { query: 'T', rows: [{ X: 1 }] }],
    ['tables.T.rows[1].N: not a long', { query: 'T | project Host', rows: [{}, { N: 'x' }] }],
    ['tables.T.columns.N is not a type of Kusto', { query: 'T', more: { tables: { T: { columns: { N: 'number' } } } } }],
    ['tables.Unknown has no columns, and no schema of that table is known', { query: 'T', more: { tables: { Unknown: { rows: [] } } } }],
    ['the rule reads Known, which tables does not have', { query: 'Known' }],
    ['the query is refused: KS142', { query: 'T | where X == 1' }],
    ['the query is refused: KQL001', { query: 'T | evaluate bag_unpack(D)' }],
  ])('fails: %s', async (message, test) => {
    const [failure, ...others] = await run(test);
    expect(failure).toContain(message);
    expect(others).toEqual([]);
  });

  it.each(['query: [', 'query: a\nquery: b', '- a', 'a: &a [*a, *a]\nb: *c', ''])('fails, whatever its text: %j', async (source) => {
    expect(await runRuleTest(source, known, () => Promise.resolve(''))).toHaveLength(1);
  });
});

describe('many tests of one rule', () => {
  it('compile it once for the same tables, and anew for others', async () => {
    const subjects = new Subjects(known);
    const subject = (type: string, N: number): Promise<Subject> => {
      const test = { query: 'T | project N', now: at, tables: { T: { columns: { N: type }, rows: [{ N }] } }, expect: { rows: [] } };
      return subjects.of(
        readRuleTest(JSON.stringify(test), known),
        () => Promise.resolve(''),
        (path) => path,
      );
    };
    const first = await subject('long', 1);
    expect(await subject('long', 2)).toBe(first);
    expect((await subject('int', 1)).query.whole.columns).toEqual([{ name: 'N', type: 'int' }]);
  });
});
