import type { IncidentDraft } from '../incident/incident';
import type { Instant } from '../value/instant';
import type { SwappedBlobs } from './compare-and-swap';
import type { Hub } from './hub';
import type { BlobStore, Clock, RowSource } from './ports';
import type { RowPool } from './row-pool';

/** What all lanes of a cycle share. */
export interface CycleContext {
  readonly clock: Clock;
  readonly source: RowSource;
  readonly hub: Hub;
  readonly ledger: SwappedBlobs;
  readonly deadLetters: BlobStore;
  readonly pool: RowPool;
  /** Read once for the whole cycle: decides what is due. */
  readonly now: Instant;
  /** Where the coverage of a rule without a ledger begins; undefined for 49 h before its first cycle. */
  readonly startAt: Instant | undefined;
  /** No bin is begun at or after it. */
  readonly deadline: Instant | undefined;
  readonly signal: AbortSignal | undefined;
  readonly dryRun: boolean;
  readonly excludes: (workspaceId: string, ruleId: string, draft: IncidentDraft) => boolean;
}
