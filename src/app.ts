import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createBlobStore, type StorageAccount } from './azure/blob-store';
import { createCredential } from './azure/credential';
import { createEventHubSink } from './azure/event-hub';
import { createLogAnalyticsSource } from './azure/log-analytics';
import { runCycle, type CyclePorts } from './hunt/cycle';
import { compiledExclusionsFile, exclusionsAt, type CompiledExclusions } from './hunt/exclusions';
import type { BlobStore, Clock } from './hunt/ports';
import { createProgram } from './hunt/program';
import { summaryLine, type CycleReport } from './hunt/summary';
import { createFileStore } from './local/file-store';
import type { CompiledRule } from './plan/compiled-rule';
import type { Exclusion } from './rule/exclusion';
import { builtInCompanions } from './schema/built-in';
import { readHuntSettings, type HuntSettings } from './settings';
import { SettingsError } from './settings/environment';
import { deadLetterContainer, ledgerContainer, type LedgerSettings } from './settings/ledger';
import type { HubSettings } from './settings/hub';
import { addTicks, formatInstant, instantFromUnixMilliseconds, TICKS_PER_MILLISECOND } from './value/instant';

/** The function `hunt`, from settings to one cycle: everything behind the trigger. */

/** The ASIM rule: its parser covers Defender and SecurityEvent sources too, so running all three would report one export thrice. */
export const DEFAULT_RULE = '4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87';

export interface Log {
  readonly info: (text: string) => void;
  readonly warn: (text: string) => void;
  readonly error: (text: string) => void;
}

export interface HuntInvocation {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of the compiled rules, one ID.json each, and of exclusions.json. */
  readonly rulesFolder: string;
  readonly log: Log;
  readonly clock: Clock;
  /** No bin is begun later than this many milliseconds after the start. */
  readonly beginMs: number;
  /** Pulls under way are ended this many milliseconds after the start. */
  readonly endMs: number;
}

async function loadRules(folder: string, wanted: readonly string[]): Promise<readonly CompiledRule[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json') && name !== compiledExclusionsFile);
  const missing = wanted.filter((id) => !names.includes(`${id}.json`));
  if (missing.length > 0) {
    const known = names.map((name) => name.replace(/\.json$/, '')).sort();
    throw new SettingsError(
      missing.map((id) => ({
        setting: 'HUNT_RULES',
        problem: `names ${id}, which is no rule of this build that can be scheduled`,
        remedy: `Use one of ${known.join(', ')}, or add the rule to rules/ and build again.`,
      })),
    );
  }
  return Promise.all(wanted.map(async (id) => JSON.parse(await readFile(join(folder, `${id}.json`), 'utf8')) as CompiledRule));
}

async function loadExclusions(folder: string): Promise<readonly Exclusion[]> {
  const { exclusions } = JSON.parse(await readFile(join(folder, compiledExclusionsFile), 'utf8')) as CompiledExclusions;
  return exclusions;
}

function storageAccount(ledger: Exclude<LedgerSettings, { kind: 'files' }>): StorageAccount {
  if (ledger.kind === 'connection-string') return { connectionString: ledger.connectionString };
  return { blobServiceUri: ledger.blobServiceUri, credential: createCredential(ledger.credential) };
}

function openStore(ledger: LedgerSettings, container: string): BlobStore {
  if (ledger.kind === 'files') return createFileStore(join(ledger.folder, container));
  return createBlobStore({ account: storageAccount(ledger), container });
}

function openHub(hub: HubSettings): CyclePorts['sink'] {
  const { eventHubName } = hub;
  if (hub.kind === 'connection-string') return createEventHubSink({ connectionString: hub.connectionString, eventHubName });
  return createEventHubSink({
    fullyQualifiedNamespace: hub.fullyQualifiedNamespace,
    eventHubName,
    credential: createCredential(hub.credential),
  });
}

export const systemClock: Clock = { now: () => instantFromUnixMilliseconds(Date.now()) };

/** For a dry run without a ledger. */
const nothingStored: BlobStore = {
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve('conflict'),
  list: () => Promise.resolve([]),
};

/** For a dry run, whose cycle asks nothing of a hub. */
const noHub: CyclePorts['sink'] = {
  probe: () => Promise.resolve(),
  publish: () => Promise.resolve({ acknowledged: [], refused: [], unreachable: 'a dry run sends nothing' }),
  close: () => Promise.resolve(),
};

function openPorts(settings: HuntSettings, clock: Clock): CyclePorts {
  const { endpoint, credential } = settings.logAnalytics;
  const { ledger } = settings;
  return {
    clock,
    source: createLogAnalyticsSource({ endpoint, credential: credential && createCredential(credential) }),
    sink: settings.dryRun ? noHub : openHub(settings.hub),
    ledger: ledger === undefined ? nothingStored : openStore(ledger, ledgerContainer),
    deadLetters: ledger === undefined ? nothingStored : openStore(ledger, deadLetterContainer),
  };
}

/** One `hunt.cycle` line for each workspace and rule, and a line in words for whatever kept a bin from being done. */
function logReport({ rules }: CycleReport, log: Log): void {
  for (const { summary, failures, shrunk, noSource, unreachable, problems } of rules) {
    const about = `rule ${summary.ruleId}, workspace ${summary.workspaceId}`;
    for (const { bin, code, reason } of failures) log.error(`${about}, bin ${formatInstant(bin.start)}: ${code}: ${reason}`);
    for (const bin of shrunk)
      log.warn(`${about}, bin ${formatInstant(bin.start)}: fewer rows than before; what was reported stays as it is`);
    if (noSource !== undefined) log.warn(`${about}: no source: ${noSource}`);
    if (unreachable !== undefined) log.error(`${about}: ${unreachable}`);
    for (const problem of problems) log.error(`${about}: ${problem}`);
    if (summary.outcome === 'ok') log.info(summaryLine(summary));
    else log.error(summaryLine(summary));
  }
}

/**
 * Runs one cycle. Rejects where the invocation fails: a setting is wrong, the ledger or the hub cannot be reached, or everything that was due
 * failed. Never logs row contents.
 */
export async function runHunt({ environment, rulesFolder, log, clock, beginMs, endMs }: HuntInvocation): Promise<void> {
  const signal = AbortSignal.timeout(endMs);
  const deadline = addTicks(clock.now(), BigInt(beginMs) * TICKS_PER_MILLISECOND);
  const settings = readHuntSettings(environment);
  const rules = await loadRules(rulesFolder, settings.rules ?? [DEFAULT_RULE]);
  const exclusions = await loadExclusions(rulesFolder);
  const ports = openPorts(settings, clock);
  try {
    const report = await runCycle(ports, {
      workspaceIds: settings.workspaces,
      programs: rules.map((rule) => createProgram(rule, settings.sources, builtInCompanions)),
      dryRun: settings.dryRun,
      excludes: exclusionsAt(exclusions, clock.now()),
      deadline,
      signal,
      ...(settings.start === undefined ? {} : { startAt: settings.start }),
    });
    logReport(report, log);
    if (report.failure !== undefined) throw new Error(report.failure);
  } finally {
    await ports.sink.close();
  }
}
