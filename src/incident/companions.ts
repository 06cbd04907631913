import type { SourceRow } from '../engine/rows';
import type { ColumnOrigin } from '../plan/plan';
import type { Companion, Companions } from '../schema/schema';
import type { Identifiers } from './entity-names';
import type { Lineage } from './evidence';
import type { SourceTable } from './source-table';

/** Windows writes these for nobody: an absent name or domain, and the null SID. */
const NOBODY: ReadonlySet<string> = new Set(['-', 'S-1-0-0']);

function companionValue(table: SourceTable, row: SourceRow, { column, when }: Companion): string {
  if (when !== undefined && table.text(row, when.column) !== when.equals) return '';
  const text = table.text(row, column);
  return NOBODY.has(text) ? '' : text;
}

/** Of several companions for one identifier the first with a value counts; '' where none has one. */
function identifierOf(table: SourceTable, row: SourceRow, companions: readonly Companion[], identifier: string): string {
  const values = companions.filter((known) => known.identifier === identifier).map((known) => companionValue(table, row, known));
  return values.find((value) => value !== '') ?? '';
}

/**
 * What the source rows say of an entity beside its mapped value: identifiers from the companions of the columns that the value came from.
 * The rows that count are those that a scan of such a column read and that hold this very value in it; an identifier is given only where all of them
 * have the same one.
 */
export function companionIdentifiers(
  value: string,
  origins: readonly ColumnOrigin[],
  lineage: Lineage,
  tables: (name: string) => SourceTable,
  companions: Companions,
): Identifiers {
  const sources = origins.map((origin) => ({
    origin,
    table: tables(origin.table),
    known: companions[origin.table]?.[origin.column] ?? [],
  }));
  const said = new Map(sources.flatMap(({ known }) => known).map(({ identifier }) => [identifier, new Set<string>()]));
  if (said.size === 0) return {};
  for (const { origin, table, known } of sources) {
    for (const [row, scans] of lineage) {
      if (!scans.has(origin.scan) || row.table !== origin.table || table.text(row, origin.column) !== value) continue;
      for (const [identifier, values] of said) values.add(identifierOf(table, row, known, identifier));
    }
  }
  const agreed = [...said].filter(([, values]) => values.size === 1 && !values.has(''));
  return Object.fromEntries(agreed.map(([identifier, values]) => [identifier, [...values].join()]));
}
