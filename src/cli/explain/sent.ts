import { binAt } from '../../hunt/bins';
import { renderSource, type Sources } from '../../hunt/sources';
import type { CompiledRule } from '../../plan/compiled-rule';
import { kqlName } from '../../plan/kql-text';
import { pushdownQuery } from '../../plan/pushdown';
import { instantFromTicks, type Instant, type TimeRange } from '../../value/instant';
import type { SentQuery } from './explanation';

/** The last whole bin before an instant; undefined for a rule that does not split. */
export function sampleBin({ split }: CompiledRule, before: Instant): TimeRange | undefined {
  if (!split.splits) return undefined;
  const grid = { width: BigInt(split.unitWidth), shift: 0n };
  return binAt(grid, instantFromTicks(before - grid.width) ?? before);
}

/** What a cycle sends for one bin, one query for each table. */
export function sentQueries({ plan }: CompiledRule, sources: Sources, bin: TimeRange): readonly SentQuery[] {
  return plan.tables.map((table) => ({
    table: table.name,
    source: sources.get(table.name) ?? kqlName(table.name),
    query: pushdownQuery(table, renderSource(sources, table.name, bin), bin),
    columns: table.columns.map(({ name }) => name),
    evidenceColumns: table.evidenceColumns,
  }));
}
