import type { Entity } from './incident';

/** The name an analyst knows the entity by: as the rule gave it, else its first identifier. */
function nameOf({ $id: _id, Type: _type, FullName, ...identifiers }: Entity): string {
  return FullName ?? Object.values(identifiers)[0] ?? '';
}

/** For people, in one line: `host ex01.contoso.com, account CONTOSO\alice`. */
export function describeEntities(entities: readonly Entity[]): string {
  return entities.map((entity) => `${entity['Type'] ?? 'entity'} ${nameOf(entity)}`).join(', ') || 'no entity';
}
