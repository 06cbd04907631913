import { loadRules } from '../../app/rules';
import { createCredential } from '../../azure/credential';
import { createLogAnalyticsSource } from '../../azure/log-analytics';
import { readEndpoint } from '../../azure/log-analytics/endpoint';
import type { PullOutcome, RowSource } from '../../hunt/ports';
import { sideBySide } from '../../hunt/side-by-side';
import { renderSource } from '../../hunt/sources';
import type { HuntSettings } from '../../settings';
import { SettingsError } from '../../settings/environment';
import { addTicks, TICKS_PER_DAY, TICKS_PER_HOUR, type TimeRange } from '../../value/instant';
import { assignRole, listWorkspaces, workspaceScope } from './az';
import { notChecked, notOk, ok, type Check } from './check';
import { tokenCheck, type Examination } from './examination';

const QUERIES_AT_ONCE = 4;

/** Short, for somebody waits: what would pass by itself is told as it is. */
const TIMING = { maxRetries: 1, maxPullMs: 60_000, attemptTimeoutMs: 30_000, serverTimeoutMs: 25_000 };

/** A table of a rule in a workspace. */
interface Asked {
  readonly workspaceId: string;
  readonly table: string;
  readonly query: string;
}

/** Asks each workspace for one row of each table that the rules read, of the last day, by the text that the function reads it with. */
export async function workspaceChecks(settings: HuntSettings, examination: Examination): Promise<readonly Check[]> {
  const { endpoint, credential } = settings.logAnalytics;
  const token = await tokenCheck('Log Analytics', credential, readEndpoint(endpoint).scope ?? '', examination);
  const range: TimeRange = { start: addTicks(examination.now, -TICKS_PER_DAY), end: addTicks(examination.now, TICKS_PER_HOUR) };
  const tables = await tablesOf(settings, examination);
  if ('what' in tables) return [token, tables];
  const asked = settings.workspaces.flatMap((workspaceId) =>
    tables.map((table) => ({ workspaceId, ...questionOf(table, settings, range) })),
  );
  if (token.status !== 'ok') return [token, ...asked.map((each) => notChecked(nameOf(each), 'there is no token'))];
  const source = createLogAnalyticsSource({ endpoint, credential: credential && createCredential(credential), timing: TIMING });
  return [token, ...(await sideBySide(asked, QUERIES_AT_ONCE, (each) => ask(each, source, settings, range)))];
}

interface ReadTable {
  readonly name: string;
  readonly eventTime: string;
}

/** Each table that a rule reads, once. */
async function tablesOf({ rules }: HuntSettings, { compiledRules }: Examination): Promise<readonly ReadTable[] | Check> {
  try {
    const compiled = await loadRules(compiledRules, rules);
    const tables = compiled.flatMap(({ plan }) => plan.tables.map(({ name, eventTime = 'TimeGenerated' }) => ({ name, eventTime })));
    return [...new Map(tables.map((table) => [table.name, table])).values()];
  } catch (error) {
    if (error instanceof SettingsError) return notOk('rules', error.message);
    throw error;
  }
}

function questionOf({ name, eventTime }: ReadTable, { sources }: HuntSettings, range: TimeRange): Omit<Asked, 'workspaceId'> {
  const query = `${renderSource(sources, name, range)}\n| take 1\n| project EventTime=tostring(${eventTime})`;
  return { table: name, query };
}

const nameOf = ({ workspaceId, table }: Asked): string => `workspace ${workspaceId}, table ${table}`;

async function ask(asked: Asked, source: RowSource, { logAnalytics }: HuntSettings, timespan: TimeRange): Promise<Check> {
  const { workspaceId, query } = asked;
  const outcome = await source.pull({ workspaceId, query, timespan });
  const role = assignRole('Log Analytics Reader', logAnalytics.credential ?? { kind: 'default' }, workspaceScope(workspaceId));
  return verdictOn(asked, outcome, role);
}

function verdictOn(asked: Asked, outcome: PullOutcome, role: string): Check {
  const what = nameOf(asked);
  switch (outcome.kind) {
    case 'whole':
      return ok(what, outcome.table.rows.length === 0 ? 'it can be read, and has no row of the last day' : undefined);
    case 'too-large':
      return ok(what, 'it can be read');
    case 'no-source':
      return notOk(
        what,
        `${outcome.reason} The parser of imProcessCreate is there where Sentinel is enabled; a table, where its data connector is`,
      );
    case 'failed': {
      const commands = outcome.code === 'forbidden' ? [role] : outcome.code === 'not-found' ? [listWorkspaces] : [];
      return notOk(what, outcome.reason, commands);
    }
  }
}
