import type { ResultRow, SourceRow } from '../engine/rows';
import type { Column } from '../value/types';
import { toCell } from './cells';
import type { EvidenceRow, IncidentDraft } from './incident';
import { compareText } from './order';
import type { SourceTable } from './source-table';

/** The source rows behind an incident, each with the scans through which it came. */
export type Lineage = ReadonlyMap<SourceRow, ReadonlySet<number>>;

export function lineageOf(rows: readonly ResultRow[]): Lineage {
  const lineage = new Map<SourceRow, Set<number>>();
  for (const result of rows) {
    for (const { row, scan } of result.lineage) {
      const scans = lineage.get(row);
      if (scans === undefined) lineage.set(row, new Set([scan]));
      else scans.add(scan);
    }
  }
  return lineage;
}

interface Timed<T> {
  /** Undefined where no event time is known: last in order. */
  readonly time: bigint | undefined;
  /** Equal for equal content, and for no other. */
  readonly key: string;
  readonly content: T;
}

function compareTimed(left: Timed<unknown>, right: Timed<unknown>): number {
  if (left.time === right.time) return compareText(left.key, right.key);
  if (left.time === undefined || right.time === undefined) return left.time === undefined ? 1 : -1;
  return left.time < right.time ? -1 : 1;
}

function earlier(left: bigint | undefined, right: bigint | undefined): bigint | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return left < right ? left : right;
}

/** Distinct result rows, in order of the earliest source row behind each, then of their JSON. */
export function resultsOf(
  columns: readonly Column[],
  rows: readonly ResultRow[],
  tables: (name: string) => SourceTable,
): IncidentDraft['results'] {
  const distinct = new Map<string, Timed<IncidentDraft['results'][number]>>();
  for (const row of rows) {
    const content = Object.fromEntries(columns.map(({ name, type }, index) => [name, toCell(type, row.values[index] ?? null)]));
    const key = JSON.stringify(content);
    let time = distinct.get(key)?.time;
    for (const { row: source } of row.lineage) time = earlier(time, tables(source.table).eventTime(source) ?? undefined);
    distinct.set(key, { time, key, content });
  }
  return [...distinct.values()].sort(compareTimed).map(({ content }) => content);
}

/** Distinct source rows, in order of event time, then of table and JSON. */
export function evidenceRowsOf(lineage: Lineage, tables: (name: string) => SourceTable): readonly EvidenceRow[] {
  const distinct = new Map<string, Timed<EvidenceRow>>();
  for (const [row, scans] of lineage) {
    const table = tables(row.table);
    const columns = table.columns(row);
    const key = JSON.stringify([row.table, columns]);
    const before = distinct.get(key)?.content;
    const content = {
      table: row.table,
      scans: [...new Set([...(before?.scans ?? []), ...scans])].sort((left, right) => left - right),
      copies: (before?.copies ?? 0) + 1,
      columns,
    };
    distinct.set(key, { time: table.eventTime(row) ?? undefined, key, content });
  }
  return [...distinct.values()].sort(compareTimed).map(({ content }) => content);
}
