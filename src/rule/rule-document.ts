import type { Position } from './lines';
import type { Place } from './report';

/** Sentinel's severities, in rising order. */
export const ruleSeverities = ['Informational', 'Low', 'Medium', 'High'] as const;
export type RuleSeverity = (typeof ruleSeverities)[number];

export interface FieldMappingDocument {
  /** In Sentinel's spelling. */
  readonly identifier: string;
  readonly identifierPlace: Place;
  /** A column of the query's result; whether there is one is for the compiler to say. */
  readonly columnName: string;
  readonly columnNamePlace: Place;
}

export interface EntityMappingDocument {
  /** In Sentinel's spelling. */
  readonly entityType: string;
  readonly entityTypePlace: Place;
  /** At least one; each identifier once. */
  readonly fieldMappings: readonly FieldMappingDocument[];
}

/**
 * What a rule's file says, read and checked, its query not yet parsed. What Sentinel's format knows beyond this was refused or warned of.
 */
export interface RuleDocument {
  readonly file: string;
  /** GUID in lower case. */
  readonly id: string;
  readonly idPlace: Place;
  readonly name: string;
  readonly description: string;
  /** Undefined where the file has none, as in hunting rules. */
  readonly severity: RuleSeverity | undefined;
  /** In Sentinel's spelling, each once. */
  readonly tactics: readonly string[];
  readonly relevantTechniques: readonly string[];
  /** Plain tags; a tag with parts is its `key: value` pairs. */
  readonly tags: readonly string[];
  readonly query: string;
  /** Of the member's key. */
  readonly queryPlace: Place;
  /** The place in the file of a UTF-16 offset in `query`; its length is the place behind it. */
  readonly queryPosition: (offset: number) => Position;
  /** Undefined where the file maps nothing; then see legacyEntityMappings. */
  readonly entityMappings: readonly EntityMappingDocument[] | undefined;
  /** Of an analytics rule; ticks. No effect on what is evaluated: bins take their place. */
  readonly queryFrequency: bigint | undefined;
  readonly queryPeriod: bigint | undefined;
  /** Of the member's key; undefined where there is none. */
  readonly queryPeriodPlace: Place | undefined;
  /** Of an analytics rule: more than 0. Undefined too where another trigger was refused. */
  readonly triggerOperator: 'gt' | undefined;
  readonly triggerThreshold: 0 | undefined;
}
