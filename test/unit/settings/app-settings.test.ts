import { readFileSync } from 'node:fs';
import settingNames from '../../../infra/app-settings.json';
import { readCoverageSettings, readHuntSettings, readIngestSettings } from '../../../src/settings';
import type { Environment } from '../../../src/settings/environment';

/** The names that are asked for while settings are read. */
function asked(read: (environment: Environment) => unknown, values: Readonly<Record<string, string>>): Set<string> {
  const names = new Set<string>();
  const environment = new Proxy(values, {
    get: (target, name) => {
      names.add(String(name));
      return Reflect.get(target, name) as unknown;
    },
  });
  read(environment);
  return names;
}

const values = {
  HUNT_WORKSPACES: '11111111-1111-1111-1111-111111111111',
  IncidentHub__fullyQualifiedNamespace: 'n.servicebus.windows.net',
  HuntLedger__blobServiceUri: 'https://account.blob.core.windows.net/',
  INGEST_ENDPOINT: 'https://rule-1234.westeurope-1.ingest.monitor.azure.com',
  INGEST_RULE_ID: 'dcr-0123456789abcdef0123456789abcdef',
  INGEST_STREAM: 'Custom-CorrelatedIncidents',
};

describe('infra/app-settings.json', () => {
  const { always, whenGiven, intoSentinel, neverInAzure } = settingNames;

  it('has each setting once', () => {
    const all = [...always, ...whenGiven, ...intoSentinel, ...neverInAzure];
    expect(new Set(all).size).toBe(all.length);
  });

  it('has what `hunt` reads, no more and no less', () => {
    expect([...asked(readHuntSettings, values)].sort()).toEqual([...always, ...whenGiven, ...neverInAzure].sort());
  });

  it('has what `ingest-incidents` reads for itself, beside settings of `hunt`', () => {
    const read = asked(readIngestSettings, values);
    const ofHunt = new Set([...always, ...neverInAzure]);
    expect([...read].filter((name) => !ofHunt.has(name)).sort()).toEqual([...intoSentinel].sort());
  });

  it('has all that the command line reads of them', () => {
    const all = new Set([...always, ...whenGiven, ...neverInAzure]);
    expect([...asked(readCoverageSettings, values)].filter((name) => !all.has(name))).toEqual([]);
  });

  it('has what the functions read when they are registered', () => {
    const all = new Set([...always, ...whenGiven, ...intoSentinel, ...neverInAzure]);
    const sources = ['functions/hunt.ts', 'functions/ingest-incidents.ts', 'src/settings/ingest.ts', 'src/settings/hub.ts'].map((path) =>
      readFileSync(path, 'utf8'),
    );
    const named = sources.flatMap((source) =>
      [...source.matchAll(/'((?:HUNT|INGEST|IncidentHub|HuntLedger)_\w+)'/g)].map(([, name]) => name),
    );
    expect(named).toEqual(expect.arrayContaining(['HUNT_SCHEDULE', 'INGEST_ENDPOINT', 'IncidentHub__eventHubName']));
    expect(named.filter((name) => !all.has(name ?? ''))).toEqual([]);
  });
});
