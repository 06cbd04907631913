import { v5 as uuidV5 } from 'uuid';
import { formatInstant, type TimeRange } from '../value/instant';
import type { Match, RawIdentity } from './incident';
import type { MappedEntity } from './mapped';
import { compareLists, compareText } from './order';

/** The namespace of incident ids. It never changes: every id that was ever sent hangs on it. */
const INCIDENT_NAMESPACE = '012249e7-f3f0-45c9-9e8a-28cb6f5aab5c';

type RawEntity = RawIdentity[5][number];

function comparePairs(left: readonly [string, string], right: readonly [string, string]): number {
  return compareLists(left, right, compareText);
}

function compareEntities(left: RawEntity, right: RawEntity): number {
  return compareText(left[0], right[0]) || compareLists(left[1], right[1], comparePairs);
}

/**
 * What the id is made of. Values go in exactly as the rule gave them, empty ones too. Identifiers are sorted within each entity by name,
 * then value; entities by type, then identifiers; all by UTF-16 code units.
 */
export function rawIdentity(
  ruleId: string,
  workspaceId: string,
  match: Match,
  bin: TimeRange,
  mapped: readonly MappedEntity[],
): RawIdentity {
  const raw = mapped.map(({ entityType, fields }): RawEntity => {
    const pairs = fields.map(({ identifier, value }) => [identifier, value] as const);
    return [entityType, pairs.sort(comparePairs)];
  });
  return [
    ruleId.toLowerCase(),
    workspaceId.toLowerCase(),
    match,
    formatInstant(bin.start),
    Number(bin.end - bin.start),
    raw.sort(compareEntities),
  ];
}

/** The text that the id is a hash of. JSON.stringify escapes lone surrogates, so it is valid UTF-8 for any value. */
export function identityName(identity: RawIdentity): string {
  return JSON.stringify(identity);
}

/** The incident's id: UUID v5 of the name, lower case. */
export function incidentId(identity: RawIdentity): string {
  return uuidV5(identityName(identity), INCIDENT_NAMESPACE);
}
