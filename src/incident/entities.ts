import type { ColumnOrigin } from '../plan/plan';
import { splitAccountName, splitHostName, type Identifiers } from './entity-names';
import type { Entity } from './incident';
import type { MappedEntity } from './mapped';

/** What the source rows add to a mapped value. */
export type Strengthen = (value: string, origins: readonly ColumnOrigin[]) => Identifiers;

/** Entity types whose FullName is split, in the order in which they lead an incident's entities. */
const named: readonly { readonly type: string; readonly split: (fullName: string) => Identifiers }[] = [
  { type: 'host', split: splitHostName },
  { type: 'account', split: splitAccountName },
];

/** Where Sentinel's own name of a type is more than the mapping's in lower case. https://learn.microsoft.com/azure/sentinel/entities-reference */
const sentinelTypes: Readonly<Record<string, string>> = {
  azureresource: 'azure-resource',
  cloudapplication: 'cloud-application',
  mailcluster: 'mail-cluster',
  mailmessage: 'mail-message',
  registrykey: 'registry-key',
  registryvalue: 'registry-value',
  securitygroup: 'security-group',
};

function sentinelType(entityType: string): string {
  const lower = entityType.toLowerCase();
  return sentinelTypes[lower] ?? lower;
}

function rank(type: string): number {
  const index = named.findIndex((known) => known.type === type);
  return index < 0 ? named.length : index;
}

/** The first value counts where a mapping names an identifier twice. */
function byIdentifier(pairs: readonly (readonly [string, string])[]): Identifiers {
  const first = new Map<string, string>();
  for (const [identifier, value] of pairs) if (!first.has(identifier)) first.set(identifier, value);
  return Object.fromEntries(first);
}

/** Precedence: what the rule maps, what the full name says, what the source rows add. FullName comes last, as the rule gave it. */
function identifiersOf(type: string, mapped: MappedEntity, strengthen: Strengthen): Identifiers {
  const present = mapped.fields.filter(({ value }) => value !== '');
  const { FullName, ...given } = byIdentifier(present.map(({ identifier, value }) => [identifier, value]));
  const fullName = FullName === undefined ? {} : { FullName };
  const split = named.find((known) => known.type === type)?.split;
  if (split === undefined) return { ...given, ...fullName };
  const own = { ...(FullName === undefined ? {} : split(FullName)), ...given };
  const added = byIdentifier(present.flatMap(({ value, origins }) => Object.entries(strengthen(value, origins))));
  return { ...own, ...Object.fromEntries(Object.entries(added).filter(([identifier]) => !Object.hasOwn(own, identifier))), ...fullName };
}

/**
 * The entities of an incident in Sentinel's shape: hosts, then accounts, then the others, each in the order of the rule's mappings, with
 * `$id` counted from 1. A mapping whose values are all empty gives none.
 */
export function entitiesOf(mapped: readonly MappedEntity[], strengthen: Strengthen): readonly Entity[] {
  return mapped
    .map((entity) => ({ type: sentinelType(entity.entityType), entity }))
    .sort((left, right) => rank(left.type) - rank(right.type))
    .map(({ type, entity }) => ({ type, identifiers: identifiersOf(type, entity, strengthen) }))
    .filter(({ identifiers }) => Object.keys(identifiers).length > 0)
    .map(({ type, identifiers }, index) => ({ $id: String(index + 1), Type: type, ...identifiers }));
}

/** `Type.Identifier` of each mapped identifier that is empty, each once, in the order of the rule's mappings. */
export function missingEntitiesOf(mapped: readonly MappedEntity[]): readonly string[] {
  const missing = mapped.flatMap(({ entityType, fields }) =>
    fields.filter(({ value }) => value === '').map(({ identifier }) => `${entityType}.${identifier}`),
  );
  return [...new Set(missing)];
}
