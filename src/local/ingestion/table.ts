import table from '../../../infra/sentinel/table-columns.json';
import type { TableSchema } from '../../schema/schema';
import type { Column, ScalarType } from '../../value/types';

/** Sentinel's table of incidents, as the template makes it: its name, its stream, and its columns for the engine. */

export const incidentTableName = table.table;
export const incidentStream = table.stream;

/** Azure's names of types that Kusto names otherwise. */
const kustoType: Readonly<Record<string, ScalarType>> = { boolean: 'bool' };

export const incidentColumns: readonly Column[] = table.columns.map(({ name, type }) => ({
  name,
  type: kustoType[type] ?? (type as ScalarType),
}));

export const incidentTableSchema: TableSchema = {
  name: incidentTableName,
  columns: incidentColumns,
  callable: false,
  source: [],
  eventTime: 'TimeGenerated',
  aliases: {},
  companions: {},
  evidenceColumns: [],
};
