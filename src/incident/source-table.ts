import type { SourceRow } from '../engine/rows';
import type { TablePlan } from '../plan/plan';
import type { Instant } from '../value/instant';
import { formatValue } from '../value/text';
import { toCell } from './cells';
import type { EvidenceCell } from './incident';

/** Reads the rows of one table by the names of their columns. */
export interface SourceTable {
  /** tostring() of a cell, be it one the rule uses or one read beside them; '' where the column was not read. */
  text(row: SourceRow, column: string): string;
  /** Null where the row has none, or the table no such column. */
  eventTime(row: SourceRow): Instant | null;
  /** Every column the rule uses, then those read beside them that are not empty. */
  columns(row: SourceRow): Readonly<Record<string, EvidenceCell>>;
}

function sourceTable(plan: TablePlan): SourceTable {
  const used = new Map(plan.columns.map(({ name, type }, index) => [name, { type, index }]));
  const beside = new Map(plan.evidenceColumns.map((name, index) => [name, index]));
  const eventTimeIndex = plan.eventTime === undefined ? undefined : used.get(plan.eventTime)?.index;
  return {
    text(row, column) {
      const found = used.get(column);
      if (found !== undefined) return formatValue(found.type, row.values[found.index] ?? null);
      const index = beside.get(column);
      return index === undefined ? '' : (row.evidence[index] ?? '');
    },
    eventTime(row) {
      const value = eventTimeIndex === undefined ? null : row.values[eventTimeIndex];
      return typeof value === 'bigint' ? (value as Instant) : null;
    },
    columns(row) {
      return Object.fromEntries([
        ...plan.columns.map(({ name, type }, index) => [name, toCell(type, row.values[index] ?? null)] as const),
        ...plan.evidenceColumns.map((name, index) => [name, row.evidence[index] ?? ''] as const).filter(([, text]) => text !== ''),
      ]);
    },
  };
}

/** The tables of a plan by name. The result throws on a name that the plan does not read. */
export function sourceTables(plans: readonly TablePlan[]): (name: string) => SourceTable {
  const tables = new Map(plans.map((plan) => [plan.name, sourceTable(plan)]));
  return (name) => {
    const table = tables.get(name);
    if (table === undefined) throw new Error(`a row of ${name} is behind a result row, but the plan does not read that table`);
    return table;
  };
}
