// Writes the generated parts of docs/kusto.md anew: `npm run docs`.
import { readFile, writeFile } from 'node:fs/promises';
import { runTypeScript } from './run-typescript.mjs';

const page = 'docs/kusto.md';

await runTypeScript('src/cli/docs/kusto-page.ts', async ({ regenerate }) => writeFile(page, regenerate(await readFile(page, 'utf8'))));
process.stdout.write('Wrote docs/kusto.md.\n');
