import type { ResultRow, SourceRow } from '../../engine/rows';
import type { Plan } from '../../plan/plan';
import { compareInstants, type Instant } from '../../value/instant';

/** The event times of the source rows behind a row, earliest first. Rows of a table without one have none. */
export function eventTimes(plan: Plan): (row: Pick<ResultRow, 'lineage'>) => readonly Instant[] {
  const indices = new Map(
    plan.tables.map(({ name, columns, eventTime }) => [name, columns.findIndex((column) => column.name === eventTime)]),
  );
  const timeOf = ({ table, values }: SourceRow): Instant | undefined => {
    const value = values[indices.get(table) ?? -1];
    return typeof value === 'bigint' ? (value as Instant) : undefined;
  };
  return ({ lineage }) => lineage.flatMap(({ row }) => timeOf(row) ?? []).sort(compareInstants);
}
