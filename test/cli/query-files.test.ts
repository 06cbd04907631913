import { instant } from '../../src/value/instant';
import { hunt } from '../support/command-line';
import { Workbench } from '../support/workbench';

const bench = new Workbench();

const query = bench.write(
  'logons.kql',
  [
    '\ufeff// who logs on',
    'SecurityEvent',
    '| where TimeGenerated > ago(1d) and EventID == 4624',
    '| summarize N = count(), Last = max(TimeGenerated), Ids = make_set(EventID) by Computer, U = coalesce(TargetUserName, "-")',
    '| extend Ratio = N / 2.0, Note = strcat(Computer, "\\n", U)',
  ].join('\r\n'),
);
const logons = bench.write(
  'logons.ndjson',
  ['10:00', '10:30', '11:00']
    .map((at, index) =>
      JSON.stringify({ TimeGenerated: `2026-03-10T${at}:00Z`, EventID: 4624, Computer: 'dc01', TargetUserName: index < 2 ? 'ann' : 'bob' }),
    )
    .join('\n'),
);
const tables = ['--table', `SecurityEvent=${logons}`] as const;

const rule = (members: string, text: string): string =>
  ['id: 0c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5', 'name: A rule', 'description: For a test.', `query: ${JSON.stringify(text)}`, members].join(
    '\n',
  );

describe('a file with a query alone', () => {
  it('is run over rows and gives the rows of its result, with types that a table is read with again', async () => {
    const { exitCode, stdout, stderr } = await hunt(['run', query, ...tables]);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      '{"Computer":"dc01","U":"ann","N":2,"Last":"2026-03-10T10:30:00.0000000Z","Ids":[4624],"Ratio":1.0,"Note":"dc01\\nann"}',
      '{"Computer":"dc01","U":"bob","N":1,"Last":"2026-03-10T11:00:00.0000000Z","Ids":[4624],"Ratio":0.5,"Note":"dc01\\nbob"}',
      '',
    ]);
    expect(stderr).toMatch(/^3 rows read, 3 kept by the rule's predicates, 2 result rows, 0 problems, /);
  });

  it('is shown as a table, one row a line whatever is in it', async () => {
    const { stdout } = await hunt(['run', query, ...tables, '--format', 'table']);
    expect(stdout.split('\n').slice(2)).toEqual([
      'dc01      ann  2  2026-03-10T10:30:00.0000000Z  [4624]    1.0  dc01\\nann',
      'dc01      bob  1  2026-03-10T11:00:00.0000000Z  [4624]    0.5  dc01\\nbob',
      '',
    ]);
  });

  it('may read no table at all', async () => {
    const print = bench.write('print.csl', 'print L = 9007199254740993, D = dynamic({"a": [1, null]}), T = 1h, B = true, S = long(null)');
    expect((await hunt(['run', print])).stdout).toBe('{"L":9007199254740993,"D":{"a":[1,null]},"T":"01:00:00","B":true,"S":null}\n');
  });

  it('is validated, in its own lines, as a rule that cannot be scheduled; several share no id', async () => {
    const wrong = bench.write('wrong.kusto', 'SecurityEvent\n| where EventId == 1');
    const { exitCode, stdout } = await hunt(['validate', query, wrong]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`${query}:1:1: warning PLAN003`);
    expect(stdout).toContain("hint: Put the query into a rule's YAML");
    expect(stdout).toContain(`${wrong}:2:9: error KS142`);
    expect(stdout).not.toContain('RULE007');
    expect(stdout).toMatch(/\n2 rules, 1 error, .*, 0 can be scheduled\n$/);
  });

  it('that compares a text with a number is told what to write', async () => {
    const { stdout } = await hunt(['validate', bench.write('number.kql', 'SigninLogs | where ResultType == 0')]);
    expect(stdout).toContain('hint: The other side is a string: write "0" in quotes, or convert that side with tolong().');
  });

  it('is among the rules of a folder that is validated', async () => {
    bench.write('folder/a.kql', 'SecurityEvent | where EventID == 1');
    expect((await hunt(['validate', bench.path('folder')])).stdout).toMatch(/^1 rule, 0 errors/m);
  });

  it('that is empty is an error', async () => {
    const { stdout } = await hunt(['validate', bench.write('empty.kql', ' \n')]);
    expect(stdout).toContain('error RULE004: the file holds no query');
  });

  it('is explained, without an id', async () => {
    const { exitCode, stdout } = await hunt(['explain', query, ...tables]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^logons\\n${query}\\n\\nProofs\\n`));
    expect(stdout).toContain('where TimeGenerated > ago(1d) and EventID == 4624  [line 3]');
    expect(stdout).toContain('→ 3 rows');
  });

  it('can be what a test is about', async () => {
    const test = bench.write('a.test.yaml', 'rule: print.kql\nnow: 2026-03-10\nexpect: {rows: [{A: 1}]}\n');
    bench.write('print.kql', 'print A = 1');
    expect(await hunt(['test', test])).toMatchObject({ exitCode: 0, stdout: '1 passed, 0 failed\n' });
  });
});

describe('hunt run --results', () => {
  it('writes the rows of a rule that maps no entity, of which without it nothing can be said but how', async () => {
    const file = bench.write('no-entity.yaml', rule('', 'SecurityEvent | where EventID == 4624 | summarize N = count() by Computer'));
    expect(await hunt(['run', file, ...tables])).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('--results shows the rows of the result without them.'),
    });
    const { exitCode, stdout, stderr } = await hunt(['run', file, ...tables, '--results']);
    expect([exitCode, stdout]).toEqual([0, '{"Computer":"dc01","N":3}\n']);
    expect(stderr).not.toContain('PLAN');
  });

  it('gives a rule that splits by bin the rows of all bins, whatever now() is', async () => {
    const file = bench.write(
      'split.yaml',
      rule('', 'SecurityEvent | where TimeGenerated > ago(1h) | summarize N = count() by Computer, Hour = bin(TimeGenerated, 1h)'),
    );
    const { stdout } = await hunt(['run', file, ...tables, '--results', '--now', '2026-06-01']);
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual([
      '{"Computer":"dc01","Hour":"2026-03-10T10:00:00.0000000Z","N":2}',
      '{"Computer":"dc01","Hour":"2026-03-10T11:00:00.0000000Z","N":1}',
    ]);
  });
});

describe('a run of which nothing comes out', () => {
  const late = { startedAt: instant('2026-06-01T00:00:00Z') };

  it('says so where the query asks now(), and what to give for it', async () => {
    const { stdout, stderr } = await hunt(['run', query, ...tables], late);
    expect(stdout).toBe('');
    expect(stderr).toContain('nothing came out, and the query asks now()');
    expect(stderr).toContain('try --now 2026-03-10T12:00:00.0000000Z');
    expect((await hunt(['run', query, ...tables, '--now', '2026-03-10T12:00:00Z'], late)).stdout).not.toBe('');
  });

  it('says nothing of it where now() is given or not asked', async () => {
    const given = await hunt(['run', query, ...tables, '--now', '2026-06-01']);
    const unasked = await hunt(['run', bench.write('none.kql', 'SecurityEvent | where EventID == 1 | count | where Count > 0'), ...tables]);
    expect([given.stdout, unasked.stdout]).toEqual(['', '']);
    expect(given.stderr + unasked.stderr).not.toContain('nothing came out');
  });
});
