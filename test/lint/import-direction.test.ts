import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** eslint.config.mjs keeps imports going one way. Each case is one file that lint must refuse, in the folder that it names. */
const cases = [
  ['src/value', `import { evaluate } from '../../engine/evaluate';\nexport const used = evaluate;`, 'import-x/no-restricted-paths'],
  ['src/engine', `import type { Clock } from '../../hunt/ports';\nexport type Used = Clock;`, 'import-x/no-restricted-paths'],
  ['src/hunt', `import { createBlobStore } from '../../azure/blob-store';\nexport const used = createBlobStore;`, 'import-x/no-restricted-paths'],
  ['src/local', `import { createBlobStore } from '../../azure/blob-store';\nexport const used = createBlobStore;`, 'import-x/no-restricted-paths'],
  ['src/plan', `import { readFile } from 'node:fs/promises';\nexport const used = readFile;`, '@typescript-eslint/no-restricted-imports'],
  ['src/hunt', `import { BlobServiceClient } from '@azure/storage-blob';\nexport const used = BlobServiceClient;`, '@typescript-eslint/no-restricted-imports'],
  ['src/local', `import { BlobServiceClient } from '@azure/storage-blob';\nexport const used = BlobServiceClient;`, '@typescript-eslint/no-restricted-imports'],
  ['src/cli', `await import('@kusto/language-service-next/bridge.min.js');`, 'no-restricted-syntax'],
  ['src/hunt', `export const used = Date.now();`, 'no-restricted-properties'],
  ['src/engine', `export const used = new Date();`, 'no-restricted-syntax'],
  ['src/incident', `export const used = Math.random();`, 'no-restricted-properties'],
] as const;

interface Linted {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null }[];
}

/** A process of its own, since eslint.config.mjs is an ES module. Exit code 1 is what we ask for. */
function lint(files: readonly string[]): Promise<readonly Linted[]> {
  return new Promise((resolve, reject) => {
    const eslint = join('node_modules', 'eslint', 'bin', 'eslint.js');
    execFile(process.execPath, [eslint, '--format', 'json', ...files], { maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      if (stdout.startsWith('[')) resolve(JSON.parse(stdout) as Linted[]);
      else reject(new Error(`eslint did not run: ${stderr}`, { cause: error }));
    });
  });
}
