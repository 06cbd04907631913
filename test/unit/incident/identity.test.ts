import { identityName, incidentId, rawIdentity } from '../../../src/incident/identity';
import type { RawIdentity } from '../../../src/incident/incident';
import type { MappedEntity } from '../../../src/incident/mapped';
import { instant } from '../../../src/value/instant';
import vectors from './identity-vectors.json';

const hour = { start: instant('2026-03-10T10:00:00Z'), end: instant('2026-03-10T11:00:00Z') };

function mapped(entityType: string, ...pairs: readonly (readonly [string, string])[]): MappedEntity {
  return { entityType, fields: pairs.map(([identifier, value]) => ({ identifier, value, origins: [] })) };
}

describe('incidentId', () => {
  // The vectors' names and ids come from another implementation of JSON and of UUID v5.
  it.each(vectors)('is known for $about', ({ identity, name, id }) => {
    expect(identityName(identity as unknown as RawIdentity)).toBe(name);
    expect(incidentId(identity as unknown as RawIdentity)).toBe(id);
  });

  it('has ten known vectors, no two alike', () => expect(new Set(vectors.map(({ id }) => id)).size).toBe(10));
});

describe('rawIdentity', () => {
  it('gives the first known vector for the mailbox rule', () => {
    const entities = [mapped('Host', ['FullName', 'ex01.contoso.com']), mapped('Account', ['FullName', 'alice'])];
    const identity = rawIdentity('1A6F998A-B9A4-4030-BD58-6606D66608F9', '0A1B2C3D-4E5F-4A6B-8C7D-9E0F1A2B3C4D', 'rule', hour, entities);
    expect(identity).toStrictEqual(vectors[0]?.identity);
  });

  it('sorts identifiers by name then value, and entities by type then identifiers, by UTF-16 code units', () => {
    const [, , , , , entities] = rawIdentity('r', 'w', 'rule', hour, [
      mapped('account', ['Name', 'x']),
      mapped('Host', ['NTDomain', 'D'], ['HostName', 'h']),
      mapped('Account', ['Name', '\uFF5E']),
      mapped('Account', ['Name', '\u{1F468}']),
      mapped('Account', ['Name', 'a'], ['Sid', 's']),
      mapped('Account', ['Name', 'a'], ['Name', 'B']),
      mapped('Account', ['Name', 'a']),
      mapped('Account', ['Name', 'a!']),
    ]);
    expect(entities).toStrictEqual([
      [
        'Account',
        [
          ['Name', 'B'],
          ['Name', 'a'],
        ],
      ],
      ['Account', [['Name', 'a']]],
      [
        'Account',
        [
          ['Name', 'a'],
          ['Sid', 's'],
        ],
      ],
      ['Account', [['Name', 'a!']]],
      ['Account', [['Name', '\u{1F468}']]],
      ['Account', [['Name', '\uFF5E']]],
      [
        'Host',
        [
          ['HostName', 'h'],
          ['NTDomain', 'D'],
        ],
      ],
      ['account', [['Name', 'x']]],
    ]);
  });

  it('keeps empty values in the name', () => {
    const identity = rawIdentity('r', 'w', 'rule', hour, [mapped('Account', ['FullName', ''])]);
    expect(identityName(identity)).toBe('["r","w","rule","2026-03-10T10:00:00.0000000Z",36000000000,[["Account",[["FullName",""]]]]]');
  });
});
