import type { Instant, TimeRange } from '../value/instant';

/**
 * What the hunt needs of the world, in its own words. src/azure and src/local implement these; one contract suite holds for both.
 */

export interface Clock {
  now(): Instant;
}

/** One query against one workspace. */
export interface PullRequest {
  /** Log Analytics workspace id: a GUID in lower case. */
  readonly workspaceId: string;
  /** KQL; bounds its event time itself, to the tick. */
  readonly query: string;
  /** The request's own timespan: acts on TimeGenerated, in milliseconds, so it is wider than the range in the query. */
  readonly timespan: TimeRange;
  readonly signal?: AbortSignal;
}

/** Rows as the service sent them: cells are JSON values, in the order of `columns`. */
export interface WireTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** What asking cost, whatever the answer. */
export interface PullCost {
  readonly requests: number;
  /** Milliseconds spent waiting because the service said to, or so that it need not. */
  readonly throttledMs: number;
}

/**
 * What came of a query. Only `whole` has rows: an answer that is cut, empty of a body, or accompanied by an error is never taken for rows.
 * - whole: every row that the query selects (possibly none).
 * - too-large: the service gave up for the size of the answer or of the work; a shorter range may succeed.
 * - no-source: the workspace has no such table or function, or no data at all (204).
 * - failed: anything else, after the adapter's own bounded retries. `code` is stable and short; `reason` is one sentence without row contents.
 */
export type PullOutcome = PullCost &
  (
    | { readonly kind: 'whole'; readonly table: WireTable }
    | { readonly kind: 'too-large'; readonly reason: string }
    | { readonly kind: 'no-source'; readonly reason: string }
    | { readonly kind: 'failed'; readonly code: string; readonly reason: string }
  );

export interface RowSource {
  /** Never rejects for anything the service does. Rejects with AbortError when the signal is aborted. */
  pull(request: PullRequest): Promise<PullOutcome>;
}

export interface OutgoingMessage {
  readonly partitionKey: string;
  /** UTF-8 JSON, published byte for byte. */
  readonly body: Uint8Array;
}

/**
 * What became of each message of a publish call; indices into its argument. A message in none of the lists was not acknowledged and
 * may or may not be in the hub; then `unreachable` says why.
 */
export interface PublishReport {
  readonly acknowledged: readonly number[];
  /** Refused for good (too large, …): sending it again cannot succeed. */
  readonly refused: readonly { readonly index: number; readonly reason: string }[];
  /** Set when the hub could not be reached or did not acknowledge in time: one sentence for people. */
  readonly unreachable?: string;
}

export interface IncidentSink {
  /** Resolves when a message could be sent now. Rejects with PortUnavailable otherwise. Sends nothing. */
  probe(): Promise<void>;
  /** Sends in the order given, within each partition key. Never rejects for what the hub does. */
  publish(messages: readonly OutgoingMessage[]): Promise<PublishReport>;
  /** Bounded: resolves within seconds also when the connection is broken. */
  close(): Promise<void>;
}

export interface StoredBlob {
  readonly body: string;
  readonly etag: string;
}

/** Named texts with compare-and-swap. Paths are `/`-separated, of characters A-Z a-z 0-9 . _ - only. */
export interface BlobStore {
  /** Undefined where nothing is stored. Rejects with PortUnavailable when that cannot be known. */
  read(path: string): Promise<StoredBlob | undefined>;
  /**
   * Writes the whole blob if its ETag is still `expected`, or, where `expected` is undefined, if there is none.
   * Resolves to the new ETag, or to 'conflict' when another write came first; then nothing is changed.
   * Rejects with PortUnavailable when the outcome is unknown: the write may have happened.
   */
  write(path: string, body: string, expected: string | undefined): Promise<{ readonly etag: string } | 'conflict'>;
  /** Paths that begin with the prefix, in order. */
  list(prefix: string): Promise<readonly string[]>;
}

/** A text that a blob held before. */
export interface BlobVersion {
  readonly id: string;
  readonly writtenAt: Instant;
}

/** A BlobStore that can say what its blobs held before. */
export interface VersionedBlobStore extends BlobStore {
  /** The versions before the current one, newest first, as far as they are kept; none where the store keeps none. As read, where it fails. */
  versions(path: string): Promise<readonly BlobVersion[]>;
  /** Undefined where the version is kept no more. */
  readVersion(path: string, id: string): Promise<string | undefined>;
}

/** A service that could not be reached or would not answer. The message says which, why, and what to check. */
export class PortUnavailable extends Error {
  override readonly name = 'PortUnavailable';
  readonly port: 'hub' | 'ledger' | 'credential';

  constructor(port: PortUnavailable['port'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.port = port;
  }
}
