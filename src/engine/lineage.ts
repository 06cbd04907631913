import type { ScannedRow, SourceRow } from './rows';

/** The source rows behind a row: one as scanned, or those of the rows it was made of. Shared, never copied. */
export type Lineage = ScannedRow | readonly Lineage[];

function isScanned(lineage: Lineage): lineage is ScannedRow {
  return 'scan' in lineage;
}

/** Each source row once for a scan, in the order of scans. */
export function flatten(lineage: Lineage): readonly ScannedRow[] {
  const byScan = new Map<number, Set<SourceRow>>();
  const pending: Lineage[] = [lineage];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (isScanned(next)) {
      const rows = byScan.get(next.scan) ?? new Set();
      byScan.set(next.scan, rows.add(next.row));
    } else {
      for (const part of next) pending.push(part);
    }
  }
  return [...byScan].sort(([a], [b]) => a - b).flatMap(([scan, rows]) => [...rows].map((row) => ({ scan, row })));
}
