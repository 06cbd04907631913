import type { Entity, IncidentDraft, RawIdentity, WithdrawalReason } from '../incident/incident';
import type { SourceRow } from '../engine/rows';
import type { Instant, TimeRange } from '../value/instant';
import type { Grid } from './bins';
import type { WireTable } from './ports';

/**
 * All that a cycle needs of a rule. How a query is written, rows are typed, a plan is evaluated and a message is composed lies behind
 * it, so the cycle knows of bins, rows and revisions only. Every function is pure.
 */
export interface RuleProgram {
  /** GUID in lower case. */
  readonly id: string;
  /** Differs where the program could give another result for the same rows. */
  readonly hash: string;
  /** The bins that are pulled and recorded. */
  readonly grid: Grid;
  /** Whether more rows can only add result rows. */
  readonly monotone: boolean;
  /**
   * Finds pairs that an edge of the rule's bins parts. Missing where the rule has none: those of an earlier plan are taken back. Where it is
   * `off` they are not asked for, and what is recorded of them stays as it is.
   */
  readonly splitPairs?: SplitPairs | 'off';
  /** Where the records lie under `{workspace}/`: the rule's id, for the rule's own bins. */
  readonly ledgerFolder: string;
  /** The tables it reads, each once. */
  readonly tables: readonly string[];
  /** The query for all the rows of a table that it needs, with an event time in the range. */
  query(table: string, range: TimeRange): string;
  /** The query for any one row of a table with an event time in the range, also one that the rule has no use for. */
  anyRowQuery(table: string, range: TimeRange): string;
  /** Types the rows of an answer to that query. */
  decode(table: string, answer: WireTable): Decoded;
  /** The incidents of one bin, each id once. Throws EvaluationLimit where more rows would be held than the engine allows. */
  draft(input: DraftInput): readonly IncidentDraft[];
  /** The message of a revision that is active: UTF-8 JSON. */
  activeMessage(input: ActiveMessageInput): Uint8Array;
  /** The message of a revision that takes an incident back: UTF-8 JSON. */
  withdrawnMessage(input: WithdrawnMessageInput): Uint8Array;
}

/** The same rule over bins shifted by half their width: the same tables, queries and rows, other drafts. */
export interface SplitPairs {
  /** Half of the rule's own bin, in ticks. */
  readonly shift: bigint;
  /** The pairs of one shifted bin that an edge parts, each id once; also those for which the rule has an incident on a side of the edge. */
  draft(input: DraftInput): readonly IncidentDraft[];
  /** The event time of a row that was asked for by it. */
  eventTime(row: SourceRow): Instant;
}

export type Decoded =
  | { readonly kind: 'rows'; readonly rows: readonly SourceRow[] }
  /** One sentence without row contents: the answer does not have the columns that were asked for. */
  | { readonly kind: 'problem'; readonly problem: string };

export interface DraftInput {
  readonly workspaceId: string;
  readonly bin: TimeRange;
  /** Every row of the bin, by table. */
  readonly rows: ReadonlyMap<string, readonly SourceRow[]>;
  /** Start of the evaluation. */
  readonly now: Instant;
}

export interface ActiveMessageInput {
  readonly workspaceId: string;
  readonly draft: IncidentDraft;
  readonly revision: number;
  readonly detectedAt: Instant;
}

export interface WithdrawnMessageInput {
  readonly workspaceId: string;
  readonly id: string;
  readonly identity: RawIdentity;
  /** The bin, as the identity has it. */
  readonly bin: TimeRange;
  readonly entities: readonly Entity[];
  readonly missingEntities: readonly string[];
  readonly revision: number;
  readonly reason: WithdrawalReason;
  readonly detectedAt: Instant;
}
