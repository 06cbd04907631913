import { addTicks, TICKS_PER_HOUR, type Instant } from '../value/instant';
import type { Value } from '../value/types';
import { incidentTableName, incidentTableSchema } from './ingestion/table';
import { createKqlExecutor, type TableRows } from './kql-executor';

/** How far back the deployed analytics rule looks: its queryPeriod. */
const PERIOD = 47n * TICKS_PER_HOUR;

export type Alert = Readonly<Record<string, Value>>;

/** The alerts of one run of an analytics rule over Sentinel's table of incidents, one a result row. */
export async function raiseAlerts(kql: string, rows: TableRows, now: Instant): Promise<readonly Alert[]> {
  const execute = createKqlExecutor({
    schemas: new Map([[incidentTableName, incidentTableSchema]]),
    tables: () => new Map([[incidentTableName, rows]]),
    now: () => now,
  });
  const timespan = { start: addTicks(now, -PERIOD), end: addTicks(now, 1n) };
  const result = await execute({ workspaceId: '', query: kql, timespan });
  if ('kind' in result) throw new Error(`${result.kind}: ${result.message}`);
  return result.rows.map((row) => Object.fromEntries(result.columns.map(({ name }, index) => [name, row[index] ?? null])));
}
