/** What `ingest-incidents` needs of the world beside dead letters and a clock, in its own words. */

/** A row as the data collection rule's stream takes it: column to JSON value; what is undefined is left out. */
export type TableRow = Readonly<Record<string, unknown>>;

/**
 * What became of each row of an upload; indices into its argument. A row in none of the lists was not acknowledged and may or may not be in
 * the table; then `unavailable` says why.
 */
export interface UploadReport {
  readonly accepted: readonly number[];
  /** Refused for good: sending it again cannot succeed. */
  readonly refused: readonly { readonly index: number; readonly reason: string }[];
  /** Set where rows are left: one sentence for people, without contents of rows. */
  readonly unavailable?: string;
  readonly requests: number;
  /** Milliseconds spent waiting because the service said to. */
  readonly throttledMs: number;
}

export interface TableSink {
  /** Sends the rows, at least once, in their order. Never rejects for what the service does. */
  upload(rows: readonly TableRow[]): Promise<UploadReport>;
  /** Whether rows would be taken now; sends none. */
  probe(): Promise<ProbeReport>;
}

/** `refused`: the service answered, and would take no rows. `code` as in a failed upload, see azure/logs-ingestion. */
export type ProbeReport = { readonly kind: 'ready' } | { readonly kind: 'refused'; readonly code: string; readonly reason: string };
