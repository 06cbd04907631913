import { execFileSync } from 'node:child_process';

/** One file that lint must refuse, in the folder it would stand in, and the rule that refuses it. */
interface Case {
  readonly filePath: string;
  readonly code: string;
  readonly rule: string;
}

const paths = 'import-x/no-restricted-paths';
const packages = '@typescript-eslint/no-restricted-imports';
const use = (what: string, from: string): string => `import { ${what} } from '${from}'; export const used = ${what};`;

const refused: readonly Case[] = [
  { filePath: 'src/value/a.ts', code: use('evaluate', '../engine/evaluate'), rule: paths },
  { filePath: 'src/rule/a.ts', code: use('parseQuery', '../kql/parse'), rule: paths },
  { filePath: 'src/engine/a.ts', code: use('runCycle', '../hunt/cycle'), rule: paths },
  { filePath: 'src/hunt/a.ts', code: use('createBlobStore', '../azure/blob-store'), rule: paths },
  { filePath: 'src/hunt/a.ts', code: use('createFileStore', '../local/file-store'), rule: paths },
  { filePath: 'src/local/a.ts', code: use('createBlobStore', '../azure/blob-store'), rule: paths },
  { filePath: 'src/azure/a.ts', code: use('runHunt', '../app'), rule: paths },
  { filePath: 'src/app.ts', code: use('hunt', '../functions/hunt'), rule: paths },
  { filePath: 'src/plan/a.ts', code: use('readFile', 'node:fs/promises'), rule: packages },
  { filePath: 'src/hunt/a.ts', code: use('BlobServiceClient', '@azure/storage-blob'), rule: packages },
  { filePath: 'src/local/a.ts', code: use('BlobServiceClient', '@azure/storage-blob'), rule: packages },
  { filePath: 'src/plan/a.ts', code: "await import('@kusto/language-service-next/bridge.min.js');", rule: 'no-restricted-syntax' },
  { filePath: 'src/hunt/a.ts', code: 'export const used = Date.now();', rule: 'no-restricted-properties' },
  { filePath: 'src/engine/a.ts', code: 'export const used = new Date();', rule: 'no-restricted-syntax' },
  { filePath: 'src/incident/a.ts', code: 'export const used = Math.random();', rule: 'no-restricted-properties' },
];

const allowed: readonly Omit<Case, 'rule'>[] = [
  { filePath: 'src/engine/a.ts', code: use('formatInstant', '../value/instant') },
  { filePath: 'src/incident/a.ts', code: use('createHash', 'node:crypto') },
  { filePath: 'src/azure/a.ts', code: use('BlobServiceClient', '@azure/storage-blob') },
  { filePath: 'src/kql/a.ts', code: "await import('@kusto/language-service-next/bridge.min.js');" },
  { filePath: 'src/cli/a.ts', code: use('hunt', '../../functions/hunt') },
];

// ESLint's configuration is an ES module, which jest does not load, so a process of its own lints. Rules that need types are off: these files are nowhere.
const SCRIPT = `
  import { text } from 'node:stream/consumers';
  import { ESLint } from 'eslint';
  import tseslint from 'typescript-eslint';
  const eslint = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });
  const found = [];
  for (const { filePath, code } of JSON.parse(await text(process.stdin))) {
    const [{ messages }] = await eslint.lintText(code, { filePath });
    found.push(messages.map(({ ruleId, message }) => ruleId ?? message));
  }
  process.stdout.write(JSON.stringify(found));
`;

function lint(files: readonly Omit<Case, 'rule'>[]): readonly (readonly string[])[] {
  const stdout = execFileSync(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
    input: JSON.stringify(files),
    encoding: 'utf8',
  });
  return JSON.parse(stdout) as string[][];
}

describe('lint', () => {
  let found: readonly (readonly string[])[];

  beforeAll(() => {
    found = lint([...refused, ...allowed]);
  });

  it.each(refused.map((file, index) => ({ ...file, index })))('refuses in $filePath: $code', ({ index, rule }) => {
    expect(found[index]).toEqual([rule]);
  });

  it.each(allowed.map((file, index) => ({ ...file, index })))('allows in $filePath: $code', ({ index }) => {
    expect(found[refused.length + index]).toEqual([]);
  });
});
