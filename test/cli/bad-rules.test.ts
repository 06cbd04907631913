import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { hunt } from '../support/command-line';
import { expectGolden } from '../support/golden';
import { Workbench } from '../support/workbench';

const bench = new Workbench();
const rows = bench.write('rows.ndjson', '{"TimeGenerated":"2026-03-10T10:00:00Z","Computer":"dc01"}\n');

interface Parts {
  readonly id?: string;
  readonly query?: string;
  readonly entityType?: string;
  readonly column?: string;
  readonly more?: string;
}

function rule({
  id = 'id: 0c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5',
  query = 'SecurityEvent | where EventID == 4625',
  entityType = 'Host',
  column = 'Computer',
  more = '',
}: Parts): string {
  return `${id}
name: Failed logons
description: A logon failed.
query: |
  ${query}
entityMappings:
  - entityType: ${entityType}
    fieldMappings:
      - identifier: FullName
        columnName: ${column}
${more}`;
}

/** The file of a bad rule, what is said of it, and where. */
const cases: readonly (readonly [name: string, text: string, code: string, place: string])[] = [
  ['no-yaml', 'id: [\nname: x\n', 'RULE001', ':2:1:'],
  ['no-rule', 'just a text\n', 'RULE003', ':1:1:'],
  ['no-id', rule({ id: '# no id here' }), 'RULE004', ':2:1:'],
  ['id-is-no-guid', rule({ id: 'id: logons' }), 'RULE006', ':1:5:'],
  ['unknown-entity-type', rule({ entityType: 'Hst' }), 'RULE024', ':7:17:'],
  ['query-does-not-parse', rule({ query: 'SecurityEvent | where (EventID == 4625' }), 'KS', ':5:'],
  ['unknown-table', rule({ query: 'SecurityEvnt | take 1' }), 'KS204', ':5:3:'],
  ['unknown-column', rule({ query: 'SecurityEvent | where EvntID == 4625' }), 'KS142', ':5:25:'],
  ['operator-that-cannot-be-run', rule({ query: 'SecurityEvent | evaluate bag_unpack(EventData)' }), 'KQL001', ':5:'],
  ['mapping-to-a-missing-column', rule({ query: 'SecurityEvent | project TimeGenerated, Account' }), 'PLAN001', ':10:21:'],
  ['trigger-that-would-be-ignored', rule({ more: 'triggerOperator: gt\ntriggerThreshold: 5\n' }), 'RULE014', ':12:19:'],
];

describe('a bad rule', () => {
  it.each(cases)('is told its place and what to do: %s', async (name, text, code, place) => {
    const file = bench.write(`${name}.yaml`, text);
    const { exitCode, stdout, stderr } = await hunt(['run', file, '--table', `SecurityEvent=${rows}`]);
    expect([exitCode, stdout]).toEqual([1, '']);
    const report = bench.relative(stderr);
    expect(report).toContain(`${name}.yaml${place}`);
    expect(report).toMatch(new RegExp(`error ${code}.*\\n(.*\\n)*?  hint: \\S`));
    expectGolden(`bad-rules/${name}.txt`, report);
  });

  it('that names no entity cannot be run: its incidents would have no identity', async () => {
    const text = rule({}).replace(/entityMappings:[^]*/, '');
    const file = bench.write('no-entities.yaml', text);
    const { exitCode, stderr } = await hunt(['run', file, '--table', `SecurityEvent=${rows}`]);
    expect(exitCode).toBe(1);
    expect(bench.relative(stderr)).toContain('no-entities.yaml:4:1: error PLAN003:');
    expect(stderr).toContain('hint: Add entityMappings, for example Host and Account.');
  });

  it('and a bad schema are reported together, and nothing is started', async () => {
    const file = bench.write('two-faults.yaml', rule({ id: 'id: logons', entityType: 'Hst' }));
    const schema = bench.write('schema.json', '{"name": "SecurityEvent", "columns": {"Computer": "text"}}');
    const out = bench.path('never.ndjson');
    const { exitCode, stderr } = await hunt(['run', file, '--table', `SecurityEvent=${rows}`, '--schema', schema, '--out', out]);
    expect(exitCode).toBe(1);
    for (const code of ['SCHEMA004', 'RULE006', 'RULE024']) expect(stderr).toContain(`error ${code}:`);
    expect(existsSync(out)).toBe(false);
  });

  it('with missing files beside it: all of them are named', async () => {
    const missing = ['rule.yaml', 'rows.gz', 'schema.json'].map((name) => bench.path(`missing/${name}`));
    const [noRule = '', noRows = '', noSchema = ''] = missing;
    const { exitCode, stderr } = await hunt(['run', noRule, '--table', `A=${noRows}`, '--schema', noSchema]);
    expect(exitCode).toBe(1);
    for (const file of missing) expect(stderr).toContain(`error: ${file} cannot be read: there is no such file or folder\n`);
  });
});

describe('hunt compile', () => {
  const good = rule({});

  it('writes ID.json of each rule that can be scheduled, and says why another cannot', async () => {
    bench.write('rules/good.yaml', good);
    bench.write(
      'rules/all-time.yml',
      rule({ id: 'id: 1c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5', query: 'SecurityEvent | summarize count() by Computer' }),
    );
    bench.write('rules/exclusions.yaml', '# none');
    bench.write('rules/notes.txt', 'not a rule');
    bench.write('rules/tests/good.test.yaml', 'not: a rule');
    const { exitCode, stdout, stderr } = await hunt(['compile', bench.path('rules'), bench.path('out/rules')]);
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(readdirSync(bench.path('out/rules'))).toEqual(['0c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5.json', 'exclusions.json']);
    expect(bench.relative(stderr)).toMatch(/^rules\/all-time\.yml:5:\d+: warning PLAN002: the rule cannot be scheduled/);
  });

  it('writes nothing at all where one rule has an error', async () => {
    bench.write('bad/good.yaml', good);
    bench.write('bad/wrong.yaml', rule({ id: 'id: 2c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5', column: 'Host' }));
    const { exitCode, stderr } = await hunt(['compile', bench.path('bad'), bench.path('out/bad')]);
    expect([exitCode, existsSync(bench.path('out/bad'))]).toEqual([1, false]);
    expect(stderr).toContain('error PLAN001');
  });

  it('refuses an id that stands in two files, naming both', async () => {
    bench.write('twice/a.yaml', good);
    bench.write('twice/b.yaml', good.replace('0c3f', '0C3F'));
    const { exitCode, stderr } = await hunt(['compile', bench.path('twice'), bench.path('out/twice')]);
    expect([exitCode, existsSync(bench.path('out/twice'))]).toEqual([1, false]);
    expectGolden('bad-rules/id-twice.txt', bench.relative(stderr));
  });

  it('refuses a folder without rules, and one that is not there', async () => {
    mkdirSync(bench.path('empty'));
    const empty = await hunt(['compile', bench.path('empty'), bench.path('out/empty')]);
    expect([empty.exitCode, bench.relative(empty.stderr)]).toEqual([
      1,
      'error: empty holds no rule: put rules there as .yaml or .yml files\n',
    ]);
    const missing = await hunt(['compile', bench.path('nowhere'), bench.path('out')]);
    expect([missing.exitCode, missing.stderr]).toEqual([
      1,
      `error: ${bench.path('nowhere')} cannot be read: there is no such file or folder\n`,
    ]);
  });

  it('says when it cannot write', async () => {
    bench.write('one/good.yaml', good);
    const { exitCode, stderr } = await hunt(['compile', bench.path('one'), bench.write('a-file', '')]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`the compiled rules cannot be written to ${bench.path('a-file')}`);
  });
});
