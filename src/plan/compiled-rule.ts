import type { Companions } from '../schema/schema';
import type { ColumnOrigin, MonotoneProof, Plan, SplitPairsProof, SplitProof } from './plan';

/** Sentinel's severities, in rising order. */
export type IncidentSeverity = 'Informational' | 'Low' | 'Medium' | 'High';

export interface FieldMapping {
  /** Sentinel's identifier, e.g. FullName, HostName, Sid. */
  readonly identifier: string;
  /** A column of the rule's result. */
  readonly columnName: string;
  /** Where that column's values come from, as far as they are carried unchanged; else empty. */
  readonly origins: readonly ColumnOrigin[];
}

export interface EntityMapping {
  /** Sentinel's entity type as the rules write it: Host, Account, IP, Process, File, … */
  readonly entityType: string;
  readonly fieldMappings: readonly FieldMapping[];
}

/** What Sentinel's YAML says of a rule, beside its query. */
export interface RuleFacts {
  /** GUID in lower case. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** From the rule; Medium for a hunting rule, which has none. */
  readonly severity: IncidentSeverity;
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  readonly entityMappings: readonly EntityMapping[];
}

/** dist/rules/ID.json: all that a cycle needs of a rule. No parser is needed to read it. */
export interface CompiledRule {
  readonly formatVersion: 1;
  readonly facts: RuleFacts;
  /** The query as it stands in the rule. */
  readonly query: string;
  readonly plan: Plan;
  readonly split: SplitProof;
  readonly monotone: MonotoneProof;
  readonly splitPairs: SplitPairsProof;
  /** Of the tables that the rule reads. */
  readonly companions: Companions;
}
