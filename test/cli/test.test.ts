import { hunt } from '../support/command-line';
import { expectGolden } from '../support/golden';
import { Workbench } from '../support/workbench';

const bench = new Workbench();

const passing = `query: SecurityEvent | where EventID == 4625 | project Computer
now: 2026-03-10T12:00:00Z
tables:
  SecurityEvent:
    rows: [{ TimeGenerated: '2026-03-10T10:00:00Z', EventID: 4625, Computer: dc01 }]
expect:
  rows: [{ Computer: dc01 }]
`;
const failing = passing.replace('rows: [{ Computer: dc01 }]', 'rows: [{ Computer: dc02 }]');

const inJson = JSON.stringify({
  query: 'SecurityEvent | where EventID == 4625 | project Computer',
  now: '2026-03-10T12:00:00Z',
  tables: { SecurityEvent: { rows: [{ TimeGenerated: '2026-03-10T10:00:00Z', EventID: 4625, Computer: 'dc01' }] } },
  expect: { rows: [{ Computer: 'dc01' }] },
});

describe('hunt test', () => {
  it('finds tests in folders at any depth, by name or by their member expect, and nothing else', async () => {
    bench.write('found/a.test.yaml', passing);
    bench.write('found/deep/er/b.test.yml', passing);
    bench.write('found/deep/c.test.json', inJson);
    bench.write('found/d.json', inJson);
    bench.write('found/e.yaml', passing);
    bench.write('found/rule.yaml', 'id: x\nquery: |\n  // what we expect: nothing\n  T\n');
    bench.write('found/data.json', '{"columns": ["expect"]}');
    bench.write('found/notes.txt', failing);
    bench.write('found/node_modules/f.test.yaml', failing);
    bench.write('found/.git/g.test.yaml', failing);
    const { exitCode, stdout, stderr } = await hunt(['test', bench.path('found')]);
    expect([exitCode, stdout, stderr]).toEqual([0, '5 passed, 0 failed\n', '']);
  });

  it('takes a file that is named whatever its name, and each file once', async () => {
    const file = bench.write('some/test.txt', passing);
    const [first, second] = [bench.write('some/deep/a.test.yaml', passing), bench.path('some/deep')];
    const { exitCode, stdout } = await hunt(['test', file, first, second]);
    expect([exitCode, stdout]).toEqual([0, '2 passed, 0 failed\n']);
  });

  it('shows each failure with its file and the difference, and closes with the counts', async () => {
    bench.write('mixed/a.test.yaml', passing);
    bench.write('mixed/b.test.yaml', failing);
    bench.write('mixed/c.test.json', inJson.replace('[{"Computer":"dc01"}]', '[{"Computer":"dc02"}]'));
    bench.write('mixed/d.test.yaml', passing.replace('expect:', 'expekt:'));
    bench.write('mixed/e.test.yaml', 'query: [');
    bench.write('mixed/f.test.yaml', passing.replace('EventID == 4625', 'EvntID == 4625'));
    bench.write('mixed/g.test.yaml', passing.replace(/^query.*/, 'rule: nowhere.yaml'));
    bench.write('mixed/h.test.yaml', passing.replace(/^query.*/, 'rule: ../bad.yaml'));
    bench.write('bad.yaml', 'id: 0c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5\nname: Bad\ndescription: Bad.\nquery: SecurityEvent | where\n');
    const { exitCode, stdout } = await hunt(['test', bench.path('mixed')]);
    expect(exitCode).toBe(1);
    expectGolden('failing-tests.txt', bench.relative(stdout));
  });

  it('fails where there is nothing to test, and says so', async () => {
    bench.write('none/rule.yaml', 'id: x\n');
    const { exitCode, stdout, stderr } = await hunt(['test', bench.path('none')]);
    expect([exitCode, stdout]).toEqual([1, '0 passed, 0 failed\n']);
    expect(stderr).toContain(`no test in ${bench.path('none')}\n`);
  });

  it('names every path that is not there, and runs nothing', async () => {
    const paths = [bench.path('nowhere'), bench.write('there.test.yaml', passing), bench.path('nor-here.yaml')];
    const { exitCode, stdout, stderr } = await hunt(['test', ...paths]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(bench.relative(stderr)).toBe(
      'error: nowhere cannot be read: there is no such file or folder\nerror: nor-here.yaml cannot be read: there is no such file or folder\n',
    );
  });

  it('knows the tables of schema files', async () => {
    const test = bench.write('schema/t.test.yaml', passing.replaceAll('SecurityEvent', 'Mine'));
    expect((await hunt(['test', test])).stdout).toContain('no schema of that table is known');
    const schema = bench.write(
      'schema/mine.json',
      '{"name": "Mine", "columns": {"TimeGenerated": "datetime", "EventID": "int", "Computer": "string"}}',
    );
    expect((await hunt(['test', test, '--schema', schema])).stdout).toBe('1 passed, 0 failed\n');
  });

  it('does not start with a bad schema', async () => {
    const schema = bench.write('schema/bad.json', '{"name": "Mine"}');
    const { exitCode, stdout, stderr } = await hunt(['test', bench.write('t.test.yaml', passing), '--schema', schema]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(bench.relative(stderr)).toContain('schema/bad.json:1:1: error SCHEMA002');
  });

  it('passes every test of the rules that are shipped', async () => {
    const { exitCode, stdout } = await hunt(['test', 'rules/tests']);
    expect(stdout).toMatch(/^[1-9]\d+ passed, 0 failed\n$/);
    expect(exitCode).toBe(0);
  });
});
