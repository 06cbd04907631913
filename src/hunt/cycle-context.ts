import type { IncidentDraft } from '../incident/incident';
import type { Instant, TimeRange } from '../value/instant';
import type { SwappedBlobs } from './compare-and-swap';
import type { Hub } from './hub';
import type { BlobStore, Clock, RowSource } from './ports';
import type { RowPool } from './row-pool';
import type { RuleProgram } from './rule-program';
import type { Turns } from './turns';

/** What all lanes of a cycle share. */
export interface CycleContext {
  readonly clock: Clock;
  readonly source: RowSource;
  readonly hub: Hub;
  readonly ledger: SwappedBlobs;
  readonly deadLetters: BlobStore;
  readonly pool: RowPool;
  readonly turns: Turns<object>;
  readonly binsAtOnce: number;
  /** Read once for the whole cycle: decides what is due. */
  readonly now: Instant;
  /** Where the coverage of a rule without a ledger begins; undefined for 49 h before its first cycle. */
  readonly startAt: Instant | undefined;
  /** No bin is begun at or after it. */
  readonly deadline: Instant | undefined;
  readonly signal: AbortSignal | undefined;
  /** Nothing is waited for once it is aborted. */
  readonly stop: AbortSignal | undefined;
  /** No bin is begun once it is aborted; those under way are finished. */
  readonly halt: AbortSignal | undefined;
  readonly dryRun: boolean;
  /** The time to work on, whatever is due elsewhere; undefined for all that is due. */
  readonly only: ((workspaceId: string, program: RuleProgram) => TimeRange) | undefined;
  readonly excludes: (workspaceId: string, ruleId: string, draft: IncidentDraft) => boolean;
}
