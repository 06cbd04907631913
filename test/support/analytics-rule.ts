import { readFileSync } from 'node:fs';
import { createKqlExecutor, type TableRows } from '../../src/local/kql-executor';
import { incidentTableName, incidentTableSchema } from '../../src/local/ingestion/table';
import { addTicks, TICKS_PER_HOUR, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import type { Value } from '../../src/value/types';

/** The analytics rule's queryPeriod; infra/modules has it for the template. */
const PERIOD = 47n * TICKS_PER_HOUR;

/** How often the analytics rule runs: its queryFrequency. */
export const FREQUENCY = 5n * TICKS_PER_MINUTE;

const query = (file: string): string => readFileSync(`infra/sentinel/${file}.kql`, 'utf8');

/** The queries of the deployed analytics rules, as Sentinel runs them: over the table as it is at an instant. */
export type AnalyticsRule = 'new-incidents' | 'many-new-incidents';

const queryOf: Readonly<Record<AnalyticsRule, string>> = {
  'new-incidents': query('new-incidents'),
  'many-new-incidents': `${query('new-incidents')}\n${query('many-new-incidents')}`,
};

/** The alerts of one run, one a result row. `rows` may have arrived in whatever order, also after `now`. */
export async function runAnalyticsRule(
  rule: AnalyticsRule,
  rows: TableRows,
  now: Instant,
): Promise<readonly Readonly<Record<string, Value>>[]> {
  const execute = createKqlExecutor({
    schemas: new Map([[incidentTableName, incidentTableSchema]]),
    tables: () => new Map([[incidentTableName, rows]]),
    now: () => now,
  });
  const result = await execute({
    workspaceId: '',
    query: queryOf[rule],
    timespan: { start: addTicks(now, -PERIOD), end: addTicks(now, 1n) },
  });
  if ('kind' in result) throw new Error(`${result.kind}: ${result.message}`);
  return result.rows.map((row) => Object.fromEntries(result.columns.map(({ name }, index) => [name, row[index] ?? null])));
}
