import { readFileSync } from 'node:fs';
import type { TableRows } from '../../src/local/kql-executor';
import { raiseAlerts, type Alert } from '../../src/local/sentinel';
import { TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';

/** How often the analytics rules run: their queryFrequency. */
export const FREQUENCY = 5n * TICKS_PER_MINUTE;

const query = (file: string): string => readFileSync(`infra/sentinel/${file}.kql`, 'utf8');

export type AnalyticsRule = 'new-incidents' | 'many-new-incidents';

/** The queries of the deployed analytics rules. */
const queryOf: Readonly<Record<AnalyticsRule, string>> = {
  'new-incidents': query('new-incidents'),
  'many-new-incidents': `${query('new-incidents')}\n${query('many-new-incidents')}`,
};

/** The alerts of one run of a deployed analytics rule, over the rows that are there at that instant. */
export function runAnalyticsRule(rule: AnalyticsRule, rows: TableRows, now: Instant): Promise<readonly Alert[]> {
  return raiseAlerts(queryOf[rule], rows, now);
}
