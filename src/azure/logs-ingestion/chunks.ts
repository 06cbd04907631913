import type { TableRow } from '../../ingest/ports';

/** A row with its index in the upload, and the bytes of its JSON. */
export interface NumberedRow {
  readonly index: number;
  readonly row: TableRow;
  readonly bytes: number;
}

/** Bytes of JSON that one call takes, before compression. https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits#logs-ingestion-api */
export const CALL_LIMIT = 1_000_000;

export function numbered(rows: readonly TableRow[]): readonly NumberedRow[] {
  return rows.map((row, index) => ({ index, row, bytes: Buffer.byteLength(JSON.stringify(row)) + 1 }));
}

/** Whether a call can hold the row; the brackets of the list count too. */
export function fits({ bytes }: NumberedRow): boolean {
  return bytes + 1 <= CALL_LIMIT;
}

/** The rows in as few calls as their order allows. Each row fits. */
export function chunksOf(rows: readonly NumberedRow[]): readonly (readonly NumberedRow[])[] {
  const chunks: NumberedRow[][] = [];
  let room = 0;
  for (const row of rows) {
    if (row.bytes > room) {
      chunks.push([]);
      room = CALL_LIMIT - 1;
    }
    chunks.at(-1)?.push(row);
    room -= row.bytes;
  }
  return chunks;
}
