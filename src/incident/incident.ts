import type { TimeRange } from '../value/instant';

/** How an incident came about: by the rule as it stands, or by a pair that the edge of two bins parts. */
export type Match = 'rule' | 'split-by-bin-edge';

export type IncidentStatus = 'active' | 'withdrawn';

export type WithdrawalReason = 'no-longer-matches' | 'rule-changed' | 'superseded';

/** An entity in Sentinel's own shape: `$id`, `Type` in lower case, then identifiers under Sentinel's names, all strings. */
export type Entity = Readonly<Record<string, string>>;

/**
 * What an incident's id is made of: raw values exactly as the rule gave them. JSON.stringify of it, without spaces, is the name under the UUID v5.
 * [rule id, workspace id, match, bin start, bin width in ticks, [[entity type, [[identifier, value], …]], …]], both lists sorted by UTF-16 code units.
 */
export type RawIdentity = readonly [
  ruleId: string,
  workspaceId: string,
  match: Match,
  binStart: string,
  binWidthTicks: number,
  entities: readonly (readonly [entityType: string, identifiers: readonly (readonly [identifier: string, value: string])[]])[],
];

/** A cell as it stands in a message: datetimes, timespans, guids, longs and decimals as text, dynamic as JSON. */
export type EvidenceCell = null | boolean | number | string | readonly unknown[] | { readonly [key: string]: unknown };

export interface EvidenceRow {
  readonly table: string;
  /** Numbers of the scans through which the row came, ascending. */
  readonly scans: readonly number[];
  /** How many identical rows there were. */
  readonly copies: number;
  readonly columns: Readonly<Record<string, EvidenceCell>>;
}

/** Everything known of one incident of one bin, before any cut. Pure data; order is canonical, so equal inputs in any order give equal drafts. */
export interface IncidentDraft {
  /** UUID v5, lower case. */
  readonly id: string;
  readonly identity: RawIdentity;
  /** The rule's own bin, or, of a pair that an edge parts, the bin shifted by half its width. */
  readonly bin: TimeRange;
  readonly entities: readonly Entity[];
  /** `Type.Identifier` of each mapped identifier whose value is empty. */
  readonly missingEntities: readonly string[];
  readonly results: readonly Readonly<Record<string, EvidenceCell>>[];
  /** Distinct source rows in order of event time. */
  readonly rows: readonly EvidenceRow[];
  /** SHA-256, hex, over status 'active', entities, results and distinct rows; duplicates, rule texts and times of detection are outside it. */
  readonly digest: string;
}
