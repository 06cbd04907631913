import { readdirSync, readFileSync } from 'node:fs';
import { parseRules } from '../../../src/rule/parse-rules';

const names = readdirSync('rules').filter((name) => name.endsWith('.yaml') && name !== 'exclusions.yaml');
const parsed = parseRules(names.map((name) => ({ file: `rules/${name}`, text: readFileSync(`rules/${name}`, 'utf8') })));

describe('the rules in rules/', () => {
  it('have nothing said of them', () => {
    expect(parsed.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
  });

  it('keep their ids, from which the ids of incidents are made', () => {
    expect(Object.fromEntries(parsed.map(({ file, rule }) => [file, rule?.id]))).toMatchObject({
      'rules/host-exporting-mailbox-asim.yaml': '4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87',
      'rules/host-exporting-mailbox-defender.yaml': '1a6f998a-b9a4-4030-bd58-6606d66608f9',
      'rules/host-exporting-mailbox-securityevent.yaml': '2e2fab4b-83dd-4cf8-b2dd-063d0fd15513',
    });
  });

  it('name a host and an account, a tactic and a technique', () => {
    for (const { rule } of parsed) {
      expect(rule?.entityMappings?.map(({ entityType }) => entityType)).toEqual(expect.arrayContaining(['Host', 'Account']));
      expect([rule?.tactics.length, rule?.relevantTechniques.length]).not.toContain(0);
    }
  });

  it('have tests beside them', () => {
    const tests = readdirSync('rules/tests').map((name) => readFileSync(`rules/tests/${name}`, 'utf8'));
    for (const name of names) expect(tests.filter((text) => text.includes(`rule: ../${name}`)).length).toBeGreaterThan(5);
  });
});
