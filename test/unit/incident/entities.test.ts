import { describeEntities } from '../../../src/incident/describe';
import { entitiesOf, missingEntitiesOf, type Strengthen } from '../../../src/incident/entities';
import type { MappedEntity } from '../../../src/incident/mapped';

function mapped(entityType: string, values: Readonly<Record<string, string>>): MappedEntity {
  return { entityType, fields: Object.entries(values).map(([identifier, value]) => ({ identifier, value, origins: [] })) };
}

const nothing: Strengthen = () => ({});

describe('entitiesOf', () => {
  it('lists hosts, then accounts, then the others, as the rule orders them', () => {
    const rule = [
      mapped('IP', { Address: '10.0.0.5' }),
      mapped('Account', { FullName: 'CONTOSO\\alice' }),
      mapped('FileHash', { Algorithm: 'SHA256', Value: '00ff' }),
      mapped('Host', { FullName: 'ex01.contoso.com' }),
      mapped('Account', { Name: 'bob' }),
    ];
    expect(JSON.stringify(entitiesOf(rule, nothing))).toBe(
      JSON.stringify([
        { $id: '1', Type: 'host', HostName: 'ex01', DnsDomain: 'contoso.com', FullName: 'ex01.contoso.com' },
        { $id: '2', Type: 'account', Name: 'alice', NTDomain: 'CONTOSO', FullName: 'CONTOSO\\alice' },
        { $id: '3', Type: 'account', Name: 'bob' },
        { $id: '4', Type: 'ip', Address: '10.0.0.5' },
        { $id: '5', Type: 'filehash', Algorithm: 'SHA256', Value: '00ff' },
      ]),
    );
  });

  it.each([
    ['RegistryKey', 'registry-key'],
    ['AzureResource', 'azure-resource'],
    ['Process', 'process'],
    ['DNS', 'dns'],
  ])('calls %s %s, as Sentinel does', (entityType, type) => {
    expect(entitiesOf([mapped(entityType, { X: 'x' })], nothing)).toStrictEqual([{ $id: '1', Type: type, X: 'x' }]);
  });

  it('puts what the rule maps before what the full name says', () => {
    const [entity] = entitiesOf([mapped('Account', { FullName: 'CONTOSO\\alice', NTDomain: 'FABRIKAM', Sid: 'S-1-5-21-1' })], nothing);
    expect(entity).toStrictEqual({
      $id: '1',
      Type: 'account',
      Name: 'alice',
      NTDomain: 'FABRIKAM',
      Sid: 'S-1-5-21-1',
      FullName: 'CONTOSO\\alice',
    });
  });

  it('adds what the source rows say, but not over what the name says', () => {
    const [entity] = entitiesOf([mapped('Account', { FullName: 'CONTOSO\\alice' })], () => ({ NTDomain: 'OTHER', Sid: 'S-1-5-21-1' }));
    expect(entity).toStrictEqual({
      $id: '1',
      Type: 'account',
      Name: 'alice',
      NTDomain: 'CONTOSO',
      Sid: 'S-1-5-21-1',
      FullName: 'CONTOSO\\alice',
    });
  });

  it('asks the source rows about hosts and accounts only', () => {
    expect(entitiesOf([mapped('IP', { Address: '::1' })], () => ({ NTDomain: 'CONTOSO' }))).toStrictEqual([
      { $id: '1', Type: 'ip', Address: '::1' },
    ]);
  });

  it('leaves empty identifiers out, and an entity that has no other', () => {
    const rule = [mapped('Host', { FullName: '' }), mapped('Account', { Name: 'alice', Sid: '' })];
    expect(entitiesOf(rule, nothing)).toStrictEqual([{ $id: '1', Type: 'account', Name: 'alice' }]);
    expect(missingEntitiesOf([...rule, ...rule])).toStrictEqual(['Host.FullName', 'Account.Sid']);
  });

  it('keeps the raw name of one that is separators only', () => {
    expect(entitiesOf([mapped('Account', { FullName: '\\' })], nothing)).toStrictEqual([{ $id: '1', Type: 'account', FullName: '\\' }]);
  });

  it('drops no built-in account', () => {
    expect(entitiesOf([mapped('Account', { FullName: 'SYSTEM' })], nothing)).toHaveLength(1);
  });
});

it('describes entities by the name the rule gave them', () => {
  const entities = entitiesOf([mapped('Account', { Sid: 'S-1-5-18' }), mapped('Host', { FullName: 'ex01.contoso.com' })], nothing);
  expect(describeEntities(entities)).toBe('host ex01.contoso.com, account S-1-5-18');
  expect(describeEntities([])).toBe('no entity');
});
