// Writes the generated parts of docs/kusto.md anew: `npm run docs`.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = join(root, '.hunt', `docs-${process.pid}.mjs`);
const page = join(root, 'docs', 'kusto.md');

try {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/docs/kusto-page.ts'],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  const { regenerate } = await import(pathToFileURL(bundle).href);
  await writeFile(page, regenerate(await readFile(page, 'utf8')));
  process.stdout.write('Wrote docs/kusto.md.\n');
} finally {
  await rm(bundle, { force: true });
}
