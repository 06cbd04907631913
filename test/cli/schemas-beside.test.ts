import { readFileSync } from 'node:fs';
import { compileRulesFolder } from '../../src/cli/compile';
import type { CompiledRule } from '../../src/plan/compiled-rule';
import { hunt } from '../support/command-line';
import { Workbench } from '../support/workbench';

const bench = new Workbench();
const ID = '6b1f0d2a-6a54-4c1b-9a53-3a0f5d0c8e22';

const rule = bench.write(
  'rules/appliance.yaml',
  `id: ${ID}
name: Appliance opened
description: Someone opened the appliance.
query: |
  Appliance_CL
  | where Message has 'opened'
  | project TimeGenerated, Device_s, User_s
entityMappings:
  - entityType: Account
    fieldMappings:
      - identifier: Name
        columnName: User_s
`,
);

const schema = {
  name: 'Appliance_CL',
  eventTime: 'TimeGenerated',
  columns: { TimeGenerated: 'datetime', Device_s: 'string', User_s: 'string', Domain_s: 'string', Message: 'string' },
  evidenceColumns: ['Domain_s'],
  companions: { User_s: [{ column: 'Domain_s', identifier: 'NTDomain' }] },
};
const schemaFile = bench.path('rules/schemas/appliance.json');
beforeEach(() => void bench.write('rules/schemas/appliance.json', JSON.stringify(schema)));

const row = { TimeGenerated: '2026-03-10T10:05:00Z', Device_s: 'a1', User_s: 'alice', Domain_s: 'CONTOSO', Message: 'Lid opened' };

describe('a schema file in the folder schemas beside the rules', () => {
  it('is known to validate, by the file and by the folder', async () => {
    for (const path of [rule, bench.path('rules')]) {
      const { exitCode, stdout } = await hunt(['validate', path]);
      expect(stdout).toContain('1 rule, 0 errors');
      expect(exitCode).toBe(0);
    }
  });

  it('is known to explain', async () => {
    const { exitCode, stdout } = await hunt(['explain', rule]);
    expect(stdout).toContain('Appliance_CL');
    expect(exitCode).toBe(0);
  });

  it('is known to run, which strengthens entities by its companions', async () => {
    const rows = bench.write('rows.ndjson', `${JSON.stringify(row)}\n`);
    const { exitCode, stdout } = await hunt(['run', rule, '--table', `Appliance_CL=${rows}`]);
    expect(JSON.parse(stdout)).toMatchObject({ entities: [{ Type: 'account', Name: 'alice', NTDomain: 'CONTOSO' }] });
    expect(exitCode).toBe(0);
  });

  it('is known to the tests of the rules', async () => {
    const test = bench.write(
      'rules/tests/appliance.test.json',
      JSON.stringify({
        rule: '../appliance.yaml',
        now: '2026-03-10T12:00:00Z',
        tables: { Appliance_CL: { rows: [row] } },
        expect: { incidents: [{ entities: [{ $id: '1', Type: 'account', Name: 'alice', NTDomain: 'CONTOSO' }] }] },
      }),
    );
    expect((await hunt(['test', test])).stdout).toBe('1 passed, 0 failed\n');
  });

  it('is known to the build, which writes the companions that a cycle needs', async () => {
    expect(await compileRulesFolder(bench.path('rules'), bench.path('out'), () => undefined)).toBe(0);
    const compiled = JSON.parse(readFileSync(bench.path(`out/${ID}.json`), 'utf8')) as CompiledRule;
    expect(compiled.companions).toEqual({ Appliance_CL: schema.companions });
  });

  it('stops the build where it is wrong, with its place', async () => {
    bench.write('rules/schemas/appliance.json', JSON.stringify({ ...schema, columns: { ...schema.columns, Message: 'text' } }));
    const told: string[] = [];
    expect(await compileRulesFolder(bench.path('rules'), bench.path('out2'), (text) => void told.push(text))).toBe(1);
    expect(told.join('')).toContain(`${schemaFile}:1:`);
    expect(told.join('')).toContain('SCHEMA004');
  });
});
