import type { Entity, IncidentStatus, RawIdentity } from '../incident/incident';
import type { Instant, TimeRange } from '../value/instant';

/** What the ledger keeps of one workspace and rule: a head, and a record of each UTC day with the bins that start on it. */

export interface Head {
  /** Fixes the default start for good, also where every bin of the first cycles fails. */
  readonly firstCycleAt: Instant;
  /** Start of the first bin; set by the first whole answer and never moved by a setting. */
  readonly coveredFrom: Instant | undefined;
  /** The time before coveredFrom that was covered on request; as a set of ranges, see ranges.ts. */
  readonly backfilled: readonly TimeRange[];
  /** All bins that start before it are audited, and none of their messages is pending, but for those that are unsettled. */
  readonly settledThrough: Instant | undefined;
  /** The time before coveredFrom or settledThrough that was worked on later, and is to be looked at until it is settled; as a set of ranges. */
  readonly unsettled: readonly TimeRange[];
  /** The workspace has no such table, or no data, as long as no answer was ever whole. */
  readonly noSource: NoSourceRecord | undefined;
}

export interface NoSourceRecord {
  readonly since: Instant;
  readonly askedAt: Instant;
}

export interface DayRecord {
  /**
   * Set where an earlier version of the record was restored: what was sent since then is not known, but no revision of it was higher.
   * So a revision that is made from then on is higher, and one that is not has yet to be told again.
   */
  readonly revisionFloor?: number;
  /** Keyed by binKey(). */
  readonly bins: Readonly<Record<string, BinRecord>>;
}

export interface BinRecord {
  /** Start of the last whole evaluation. */
  readonly evaluatedAt: Instant | undefined;
  /** The hash of the rule's plan at that evaluation. */
  readonly ruleHash: string | undefined;
  /** The rows of that evaluation, by table; of the last one that had not fewer than recorded. */
  readonly tables: Readonly<Record<string, TableCount>>;
  /** Set while the bin is failing. */
  readonly failure: FailureRecord | undefined;
  /** Keyed by incident id. */
  readonly incidents: Readonly<Record<string, IncidentRecord>>;
  /**
   * Of a shifted bin: the pairs that were found in it and are not told of, or were taken back, since incidents of the rule stand for them.
   * Keyed by incident id.
   */
  readonly superseded?: Superseded;
}

export type Superseded = Readonly<Record<string, RawIdentity>>;

export interface TableCount {
  readonly rows: number;
  /** The same for the same rows in any order; hex. */
  readonly digest: string;
}

export interface FailureRecord {
  /** Failures since the last whole evaluation, 1 or more. */
  readonly count: number;
  /** The first of them. */
  readonly since: Instant;
  readonly lastAt: Instant;
  readonly code: string;
  /** What was asked for when it failed: the bin or a part of it. */
  readonly range: TimeRange;
}

export interface IncidentRecord {
  readonly identity: RawIdentity;
  /** As in the last revision. */
  readonly entities: readonly Entity[];
  readonly missingEntities: readonly string[];
  /** 1 or more. */
  readonly revision: number;
  /** excluded: decided at the first revision; nothing is ever sent for this id. */
  readonly status: IncidentStatus | 'excluded';
  /** The digest of the draft behind the last revision that was active or excluded. */
  readonly digest: string;
  /** Messages that the hub has not acknowledged, in order of revision. */
  readonly pending: readonly PendingMessage[];
  /** Revisions that the hub refused for good; their messages are in the dead-letter container. */
  readonly refused: readonly number[];
}

export interface PendingMessage {
  readonly revision: number;
  /** The exact message; its UTF-8 bytes are what is published. */
  readonly body: string;
}

export const EMPTY_BIN: BinRecord = { evaluatedAt: undefined, ruleHash: undefined, tables: {}, failure: undefined, incidents: {} };

export function hasPending(bin: BinRecord): boolean {
  return Object.values(bin.incidents).some((incident) => incident.pending.length > 0);
}
