import settingNames from '../../../infra/app-settings.json';
import { readHuntSettings } from '../../../src/settings';
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
});
