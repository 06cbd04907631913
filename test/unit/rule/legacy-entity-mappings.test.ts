import { legacyEntityMappings } from '../../../src/rule/legacy-entity-mappings';
import { parseRule } from '../../../src/rule/parse-rule';

function mapped(...columns: readonly string[]): readonly string[] {
  const { rule } = parseRule('r.yaml', 'id: 1a6f998a-b9a4-4030-bd58-6606d66608f9\nname: n\ndescription: d\nquery: T\n');
  if (rule === undefined) throw new Error('no rule');
  return legacyEntityMappings(rule, columns).flatMap(({ entityType, fieldMappings }) =>
    fieldMappings.map(
      ({ identifier, columnName, columnNamePlace }) => `${entityType}.${identifier} = ${columnName} ${columnNamePlace.line}`,
    ),
  );
}

describe('the old columns of a rule without entityMappings', () => {
  it('stand for a host and an account', () => {
    expect(mapped('HostCustomEntity', 'timekey', 'AccountCustomEntity')).toEqual([
      'Account.FullName = AccountCustomEntity 4',
      'Host.FullName = HostCustomEntity 4',
    ]);
  });

  it('stand for an address, a URL and a file hash', () => {
    expect(mapped('URLCustomEntity', 'IPCustomEntity', 'FileHashCustomEntity', 'AlgorithmCustomEntity')).toEqual([
      'IP.Address = IPCustomEntity 4',
      'URL.Url = URLCustomEntity 4',
      'FileHash.Value = FileHashCustomEntity 4',
      'FileHash.Algorithm = AlgorithmCustomEntity 4',
    ]);
  });

  it('stand for nothing where there are none, or only in another case', () => {
    expect(mapped('Computer', 'hostcustomentity', 'AlgorithmCustomEntity')).toEqual([]);
  });
});
