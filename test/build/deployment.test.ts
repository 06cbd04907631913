import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readHuntSettings } from '../../src/settings';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

const host = readJson('host.json') as {
  readonly functionTimeout: string;
  readonly logging: { readonly logLevel: Readonly<Record<string, string>>; readonly applicationInsights: { readonly samplingSettings: object } };
};

describe('host.json', () => {
  it('ends an invocation before the next tick, and after the cycle has ended itself', () => {
    const [hours = NaN, minutes = NaN, seconds = NaN] = host.functionTimeout.split(':').map(Number);
    const timeoutMs = (hours * 60 + minutes) * MINUTE_MS + seconds * SECOND_MS;
    const source = readFileSync('functions/hunt.ts', 'utf8');
    const constant = (name: string): number => Number(new RegExp(`${name} = ([\\d_]+);`).exec(source)?.[1]?.replaceAll('_', ''));
    expect(constant('BEGIN_MS')).toBeLessThan(constant('END_MS'));
    expect(constant('END_MS') + 30 * SECOND_MS).toBeLessThanOrEqual(timeoutMs);
    expect(timeoutMs).toBeLessThan(5 * MINUTE_MS);
  });

  it('lets every line of the app through, and samples none away', () => {
    expect(host.logging.applicationInsights.samplingSettings).toEqual({ isEnabled: false });
    expect(host.logging.logLevel['Function'] ?? host.logging.logLevel['default']).toBe('Information');
  });
});

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
    const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).trim().split('\n');
    expect(files.filter(deployed)).toEqual(['host.json', 'package.json']);
  });

  it('leaves in the functions, their chunks and the rules of what is built', () => {
    const built = ['dist/functions/hunt.mjs', 'dist/chunks/app-1.mjs', 'dist/rules/1.json', 'dist/cli/main.mjs', 'dist/cli/chunks/a.mjs', 'dist/meta.json'];
    expect(built.filter(deployed)).toEqual(['dist/functions/hunt.mjs', 'dist/chunks/app-1.mjs', 'dist/rules/1.json']);
  });
});

describe('local.settings.sample.json', () => {
  const { Values: values } = readJson('local.settings.sample.json') as { readonly Values: Readonly<Record<string, string>> };

  it('holds settings that the function takes', () => {
    expect(readHuntSettings(values)).toMatchObject({ dryRun: true, workspaces: ['00000000-0000-0000-0000-000000000000'] });
  });

  it('holds no secret', () => {
    expect(JSON.stringify(values)).not.toMatch(/key=|signature=|sig=|secret/i);
  });
});
