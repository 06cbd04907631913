import { scanPredicates } from '../../plan/predicates';
import type { EntityMapping, FieldMapping } from '../../plan/compiled-rule';
import type { Expr } from '../../plan/plan';
import { columnSources } from '../column-sources';
import { canPass, factsOf, type RowExample } from './column-facts';
import { mappingPlaces, type Check, type CheckSubject, type Finding } from './finding';

/**
 * The sets of identifiers by which Sentinel knows an entity for sure.
 * Source: https://learn.microsoft.com/azure/sentinel/entities-reference
 */
const strong: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Host: [
    ['HostName', 'NTDomain'],
    ['HostName', 'DnsDomain'],
    ['NetBiosName', 'NTDomain'],
    ['NetBiosName', 'DnsDomain'],
    ['AzureID'],
    ['OMSAgentID'],
  ],
  Account: [['Name', 'UPNSuffix'], ['Name', 'NTDomain'], ['Name', 'DnsDomain'], ['AadUserId'], ['Sid'], ['PUID'], ['ObjectGuid']],
};

/** What a full name is split into: its first part always, the others where it has a domain. */
const parts: Readonly<Record<string, { readonly name: string; readonly domains: readonly string[] }>> = {
  Host: { name: 'HostName', domains: ['DnsDomain', 'NTDomain'] },
  Account: { name: 'Name', domains: ['NTDomain', 'UPNSuffix'] },
};

/** Whether every value of the column is a bare name: it comes, but for its case, of columns of bare names alone. */
function isBareName({ rule }: CheckSubject, columnName: string): boolean {
  const sources = columnSources(rule.plan.root, columnName);
  return (
    sources.length > 0 && sources.every(({ table, column, change }) => change !== 'computed' && factsOf(table).bareNames.includes(column))
  );
}

function identifiersOf(subject: CheckSubject, entityType: string, { identifier, columnName, origins }: FieldMapping): readonly string[] {
  const companions = origins.flatMap(({ table, column }) => subject.schemas.get(table)?.companions[column] ?? []);
  const split = parts[entityType];
  const own =
    identifier !== 'FullName' || split === undefined
      ? [identifier]
      : [split.name, ...(isBareName(subject, columnName) ? [] : split.domains)];
  return [...own, ...companions.map((companion) => companion.identifier)];
}

/** Every identifier that an entity of the mapping can come to have, from the rule, by splitting, or from the source rows. */
function possibleIdentifiers(subject: CheckSubject, { entityType, fieldMappings }: EntityMapping): ReadonlySet<string> {
  return new Set(fieldMappings.flatMap((field) => identifiersOf(subject, entityType, field)));
}

/** A row of a built-in account that reaches the incident with its bare name alone. */
function droppedExample(
  { rule }: CheckSubject,
  { fieldMappings }: EntityMapping,
  identifiers: ReadonlySet<string>,
  predicates: ReadonlyMap<number, readonly Expr[]>,
): RowExample | undefined {
  const named = fieldMappings.filter(({ identifier }) => identifier === 'FullName' || identifier === 'Name');
  if (named.length < fieldMappings.length) return undefined;
  const byNameAlone = [...identifiers].every((identifier) => identifier === 'Name');
  return named
    .flatMap(({ columnName }) => columnSources(rule.plan.root, columnName))
    .filter(({ change }) => change !== 'computed')
    .flatMap(({ scan, table, column }) =>
      factsOf(table).builtIn.filter(
        (example) => example.column === column && (byNameAlone || !example.hasCompanions) && canPass(example, predicates.get(scan) ?? []),
      ),
    )[0];
}

const columnsOf = ({ fieldMappings }: EntityMapping): string =>
  fieldMappings.map(({ identifier, columnName }) => `${identifier} = ${columnName}`).join(', ');

/** Hosts and accounts that Sentinel cannot tell from others, or drops. */
export const weakEntities: Check = (subject) => {
  const places = mappingPlaces(subject);
  const predicates = new Map([...scanPredicates(subject.rule.plan.root)].map(([{ scan }, each]) => [scan, each]));
  return subject.rule.facts.entityMappings.flatMap((mapping, index): readonly Finding[] => {
    const at = places[index] ?? subject.document.queryPlace;
    const identifiers = possibleIdentifiers(subject, mapping);
    const sets = strong[mapping.entityType];
    if (sets === undefined) return [];
    const dropped = mapping.entityType === 'Account' ? droppedExample(subject, mapping, identifiers, predicates) : undefined;
    if (dropped !== undefined) {
      const message = `the account (${columnsOf(mapping)}) is often just "${String(dropped.row[dropped.column])}", in rows of ${dropped.rows}: Sentinel drops such an account`;
      return [{ code: 'WISE003', message, at }];
    }
    if (sets.some((set) => set.every((identifier) => identifiers.has(identifier)))) return [];
    const code = mapping.entityType === 'Host' ? 'WISE001' : 'WISE002';
    const known = [...identifiers].join(', ');
    return [
      {
        code,
        message: `the ${mapping.entityType.toLowerCase()} (${columnsOf(mapping)}) is known to Sentinel by ${known} alone, which other ones can share`,
        at,
      },
    ];
  });
};
