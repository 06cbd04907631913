import type { Column, Value } from '../value/types';

/** A row as it was read. Identity matters: the engine never copies one, so lineage can be compared by reference. */
export interface SourceRow {
  readonly table: string;
  /** In the order of the table plan's `columns`. */
  readonly values: readonly Value[];
  /** In the order of the table plan's `evidenceColumns`; '' where the table lacks the column. */
  readonly evidence: readonly string[];
}

/** A source row, and the scan through which it came: a self-join reads one row through two scans. */
export interface ScannedRow {
  readonly scan: number;
  readonly row: SourceRow;
}

export interface ResultRow {
  readonly values: readonly Value[];
  /** Every source row that had a part in this result row, each once for a scan, in the order of scans. */
  readonly lineage: readonly ScannedRow[];
}

export interface Evaluation {
  readonly columns: readonly Column[];
  readonly rows: readonly ResultRow[];
}
