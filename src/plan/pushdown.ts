import type { TimeRange } from '../value/instant';
import type { ScalarType } from '../value/types';
import { kqlExpression, kqlInstant, kqlName, kqlString } from './kql-text';
import type { TablePlan } from './plan';

/**
 * The half of a plan that the workspace runs: text. The Azure clients cut datetimes to milliseconds and longs to 2^53, so these travel as text,
 * and dynamic values as the text of a one-element array, which keeps a string apart from JSON.
 */

/** A column as it travels. */
export function onTheWire(type: ScalarType, column: string): string {
  if (type === 'datetime' || type === 'long' || type === 'decimal') return `tostring(${column})`;
  return type === 'dynamic' ? `tostring(pack_array(${column}))` : column;
}

/** The query for any one row of a table with an event time in the half-open range, whatever the rule makes of it. `source` as below. */
export function anyRowQuery(table: TablePlan, source: string, { start, end }: TimeRange): string {
  if (table.eventTime === undefined) throw new RangeError(`${table.name} has no event time to bound`);
  const time = kqlName(table.eventTime);
  return [source, `| where ${time} >= ${kqlInstant(start)} and ${time} < ${kqlInstant(end)}`, '| take 1', `| project ${time}`].join('\n');
}

/**
 * The query for one table and a half-open range of event time, exact to the tick.
 * `source` is the KQL that reads the table, ending in a tabular expression.
 */
export function pushdownQuery(table: TablePlan, source: string, { start, end }: TimeRange): string {
  if (table.eventTime === undefined) throw new RangeError(`${table.name} has no event time to bound`);
  const time = kqlName(table.eventTime);
  const projected = [
    ...table.columns.map(({ name, type }) => {
      const column = kqlName(name);
      const sent = onTheWire(type, column);
      return sent === column ? column : `${column}=${sent}`;
    }),
    ...table.evidenceColumns.map((name) => `${kqlName(name)}=tostring(column_ifexists(${kqlString(name)}, ""))`),
  ];
  return [
    source,
    `| where ${time} >= ${kqlInstant(start)} and ${time} < ${kqlInstant(end)}`,
    ...(table.predicate === undefined ? [] : [`| where ${kqlExpression(table.predicate)}`]),
    `| project ${projected.join(', ')}`,
  ].join('\n');
}
