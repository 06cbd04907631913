import { readdirSync, readFileSync } from 'node:fs';
import { fixedPorts, startLocalServers, WORKSPACE } from '../../src/cli/local-servers';
import { readHuntSettings } from '../../src/settings';

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** `NAME`, `*.EXT` or `FOLDER/*`: the forms that every tool reads alike. */
function leftOut(path: string, pattern: string): boolean {
  const expression = pattern.replace(/\/\*$/, '/').replace(/[.]/g, '\\.').replaceAll('*', '[^/]+');
  return new RegExp(`^${expression}${pattern.endsWith('/*') ? '' : '$'}`).test(path);
}

describe('.funcignore', () => {
  const patterns = readFileSync('.funcignore', 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const deployed = (path: string): boolean => !patterns.some((pattern) => leftOut(path, pattern));

  it('has no negation, which the tools that read it do not agree on', () => {
    expect(patterns.filter((pattern) => pattern.startsWith('!'))).toEqual([]);
  });

  it('leaves in nothing of the repository but host.json and package.json', () => {
    const entries = readdirSync('.', { withFileTypes: true }).filter(({ name }) => name !== 'dist');
    const files = entries.map((entry) => (entry.isFile() ? entry.name : `${entry.name}/any`));
    expect(files.filter(deployed).sort()).toEqual(['host.json', 'package.json']);
  });

  it('leaves in the functions, their chunks and the rules of what is built', () => {
    const built = [
      'dist/functions/hunt.mjs',
      'dist/chunks/app-1.mjs',
      'dist/rules/1.json',
      'dist/cli/main.mjs',
      'dist/cli/chunks/a.mjs',
      'dist/meta.json',
    ];
    expect(built.filter(deployed)).toEqual(['dist/functions/hunt.mjs', 'dist/chunks/app-1.mjs', 'dist/rules/1.json']);
  });
});

describe('local.settings.sample.json', () => {
  const { Values: values } = readJson('local.settings.sample.json') as { readonly Values: Readonly<Record<string, string>> };

  it('holds settings that the function takes', () => {
    expect(readHuntSettings(values)).toMatchObject({ dryRun: false, hub: { eventHubName: 'incidents' } });
  });

  it('names loopback alone, and what the emulators take for keys', () => {
    expect(Object.values(values).flatMap((value) => [...value.matchAll(/(?:http|sb):\/\/([^:;/]+)/g)].map(([, host]) => host))).toEqual([
      '127.0.0.1',
      '127.0.0.1',
    ]);
    const keys = [...JSON.stringify(values).matchAll(/(?:key|signature|sig|secret|password)=([^;"]*)/gi)].map(([, key]) => key);
    expect(keys).toEqual(['local']);
  });

  it('fits what `npm start -- --servers` serves, but for its ports, which may be taken here', async () => {
    const servers = await startLocalServers();
    const onPort = (text: string, port: number): string => text.replace(/(127\.0\.0\.1:)\d+/, `$1${port}`);
    try {
      expect(values).toMatchObject({
        HUNT_WORKSPACES: WORKSPACE,
        LOG_ANALYTICS_ENDPOINT: onPort(servers.workspace.origin, fixedPorts.workspace),
        IncidentHub: onPort(servers.hub.connectionString, fixedPorts.hub),
      });
    } finally {
      await servers.close();
    }
  });
});
