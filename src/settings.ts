import type { Sources } from './hunt/sources';
import type { CredentialChoice } from './settings/connection';
import { type Environment, SettingsReader } from './settings/environment';
import { type HubSettings, readHub } from './settings/hub';
import { readTable, type TableSettings } from './settings/ingest';
import { type LedgerSettings, readLedger } from './settings/ledger';
import { defaultSchedule, parseSchedule } from './settings/schedule';
import { readSources } from './settings/sources';
import { parseEndpoint, parseGuids, parseStart, parseSwitch } from './settings/values';
import type { Instant } from './value/instant';

/** Environment -> settings. One reader function for each function of the app, which checks its own settings and no others. */

/** Of the public cloud. https://learn.microsoft.com/azure/azure-monitor/logs/api/access-api */
export const defaultLogAnalyticsEndpoint = 'https://api.loganalytics.io';

export interface LogAnalyticsSettings {
  /** Scheme, host and port. */
  readonly endpoint: string;
  /** Undefined for an endpoint on loopback without TLS: no token may go there. */
  readonly credential: CredentialChoice | undefined;
}

/** What the function `hunt` runs on. */
export type HuntSettings = {
  /** NCRONTAB, six fields. */
  readonly schedule: string;
  /** GUIDs in lower case, each once, at least one. */
  readonly workspaces: readonly string[];
  /** GUIDs in lower case, each once; undefined: the rule that runs by default. */
  readonly rules: readonly string[] | undefined;
  /** Undefined: as far back as the first cycle looks by default. */
  readonly start: Instant | undefined;
  readonly splitPairs: boolean;
  /** The default sources, and those of HUNT_SOURCES over them. */
  readonly sources: Sources;
  readonly logAnalytics: LogAnalyticsSettings;
} & (
  | { readonly dryRun: false; readonly hub: HubSettings; readonly ledger: LedgerSettings }
  | { readonly dryRun: true; readonly hub: HubSettings | undefined; readonly ledger: LedgerSettings | undefined }
);

/** What the commands run on that only read and mend the ledger. */
export type CoverageSettings = Pick<HuntSettings, 'workspaces' | 'rules' | 'start' | 'splitPairs' | 'sources'> & {
  readonly ledger: LedgerSettings;
};

/** Of the settings of `hunt`, those that the ledger's commands need. Throws SettingsError with every mistake. */
export function readCoverageSettings(environment: Environment): CoverageSettings {
  const settings = new SettingsReader(environment);
  const hunted = readHunted(settings);
  const ledger = readLedger(settings, true);
  return settings.finish(hunted && ledger && { ...hunted, ledger });
}

/**
 * A dry run needs no hub and no ledger; where they are set they must be right all the same. Throws SettingsError with every mistake.
 * Log Analytics has no settings for an identity: it is read with the hub's, else the ledger's, else that of whoever is signed in.
 */
export function readHuntSettings(environment: Environment): HuntSettings {
  const settings = new SettingsReader(environment);
  const schedule = settings.optional('HUNT_SCHEDULE', parseSchedule) ?? defaultSchedule;
  const hunted = readHunted(settings);
  const dryRun = settings.optional('HUNT_DRY_RUN', parseSwitch('true', 'false')) ?? false;
  const endpoint = settings.optional('LOG_ANALYTICS_ENDPOINT', parseEndpoint) ?? defaultLogAnalyticsEndpoint;
  const hub = readHub(settings, !dryRun);
  const ledger = readLedger(settings, !dryRun);
  const target = targetOf(dryRun, hub, ledger);
  const logAnalytics = { endpoint, credential: endpoint.startsWith('http:') ? undefined : identityOf(hub, ledger) };
  return settings.finish(hunted && target && { schedule, ...hunted, logAnalytics, ...target });
}

/** Undefined only where a problem was reported. */
function readHunted(settings: SettingsReader): Omit<CoverageSettings, 'ledger'> | undefined {
  const workspaces = settings.required('HUNT_WORKSPACES', "Set it to the workspaces' ids, with a comma between two.", parseGuids);
  const rules = settings.optional('HUNT_RULES', parseGuids);
  const start = settings.optional('HUNT_START', parseStart);
  const splitPairs = settings.optional('HUNT_SPLIT_PAIRS', parseSwitch('on', 'off')) ?? true;
  const sources = readSources(settings);
  return workspaces && { workspaces, rules, start, splitPairs, sources };
}

type Target =
  | { dryRun: false; hub: HubSettings; ledger: LedgerSettings }
  | { dryRun: true; hub: HubSettings | undefined; ledger: LedgerSettings | undefined };

function targetOf(dryRun: boolean, hub: HubSettings | undefined, ledger: LedgerSettings | undefined): Target | undefined {
  if (dryRun) return { dryRun, hub, ledger };
  return hub === undefined || ledger === undefined ? undefined : { dryRun, hub, ledger };
}

function identityOf(...services: readonly (HubSettings | LedgerSettings | undefined)[]): CredentialChoice {
  const [first] = services.flatMap((service) => (service?.kind === 'identity' ? [service.credential] : []));
  return first ?? { kind: 'default' };
}

/** What the function `ingest-incidents` runs on. */
export interface IngestSettings {
  readonly table: TableSettings & {
    /** Undefined for an endpoint on loopback without TLS: no token may go there. */
    readonly credential: CredentialChoice | undefined;
  };
  /** The trigger's. */
  readonly hub: HubSettings;
  /** For what cannot go into the table. */
  readonly deadLetters: LedgerSettings;
}

/** Throws SettingsError with every mistake. The table is written with the identity of the hub's settings, else the ledger's, as Log Analytics is read. */
export function readIngestSettings(environment: Environment): IngestSettings {
  const settings = new SettingsReader(environment);
  const table = readTable(settings);
  const hub = readHub(settings, true);
  const deadLetters = readLedger(settings, true);
  const credential = table?.endpoint.startsWith('http:') === true ? undefined : identityOf(hub, deadLetters);
  return settings.finish(table && hub && deadLetters && { table: { ...table, credential }, hub, deadLetters });
}

/** What `hunt replay` runs on. */
export interface ReplaySettings {
  readonly deadLetters: LedgerSettings;
  /** Undefined where it was not asked for. */
  readonly hub: HubSettings | undefined;
  readonly table: IngestSettings['table'] | undefined;
}

/** `needed` are the places that dead letters go to. Throws SettingsError with every mistake. */
export function readReplaySettings(environment: Environment, needed: { readonly hub: boolean; readonly table: boolean }): ReplaySettings {
  const settings = new SettingsReader(environment);
  const deadLetters = readLedger(settings, true);
  const hub = readHub(settings, needed.hub);
  const table = needed.table ? readTable(settings) : undefined;
  const credential = table?.endpoint.startsWith('http:') === true ? undefined : identityOf(hub, deadLetters);
  return settings.finish(deadLetters && { deadLetters, hub, table: table && { ...table, credential } });
}
