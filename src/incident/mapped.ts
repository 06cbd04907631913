import type { ResultRow } from '../engine/rows';
import type { EntityMapping } from '../plan/compiled-rule';
import type { ColumnOrigin } from '../plan/plan';
import { formatValue } from '../value/text';
import type { Column } from '../value/types';
import { compareLists, compareText } from './order';

/** One identifier with the value that a result row gives it: tostring() of the mapped column. */
export interface MappedField {
  readonly identifier: string;
  readonly value: string;
  readonly origins: readonly ColumnOrigin[];
}

/** One entity mapping with the values of a result row. */
export interface MappedEntity {
  readonly entityType: string;
  readonly fields: readonly MappedField[];
}

/** Reads result rows as the rule's entity mappings do. Throws where the result lacks a mapped column. */
export function mapper(mappings: readonly EntityMapping[], columns: readonly Column[]): (row: ResultRow) => readonly MappedEntity[] {
  const bound = mappings.map(({ entityType, fieldMappings }) => ({
    entityType,
    fields: fieldMappings.map(({ identifier, columnName, origins }) => {
      const index = columns.findIndex(({ name }) => name === columnName);
      const column = columns[index];
      if (column === undefined)
        throw new Error(`${entityType}.${identifier} is mapped to ${columnName}, which is not a column of the result`);
      return { identifier, origins, index, type: column.type };
    }),
  }));
  return (row) =>
    bound.map(({ entityType, fields }) => ({
      entityType,
      fields: fields.map(({ identifier, origins, index, type }) => ({
        identifier,
        value: formatValue(type, row.values[index] ?? null),
        origins,
      })),
    }));
}

/**
 * The lesser by values, in the order of the mappings. Rows of one identity may give its values to different mappings of one type (alice and
 * bob, bob and alice); the least of them all stands for the incident, whatever row comes first.
 */
export function leastMapped(left: readonly MappedEntity[], right: readonly MappedEntity[]): readonly MappedEntity[] {
  const values = (mapped: readonly MappedEntity[]): readonly string[] => mapped.flatMap(({ fields }) => fields.map(({ value }) => value));
  return compareLists(values(left), values(right), compareText) <= 0 ? left : right;
}
