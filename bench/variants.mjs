import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Inside the repository, so that what is not bundled finds its packages. */
const folder = join('.hunt', 'bench');

const TIMER = "import { app } from '@azure/functions'; app.timer('hunt', { schedule: '0 */5 * * * *', handler: () => {} });";

/**
 * Makes what is measured, each an app in a folder of its own:
 * - deployed: dist/ as it is deployed;
 * - unbundled: the sources that went into it, one file each, with the packages as npm installs them;
 * - bare: a timer that does nothing, bundled like ours.
 */
export async function makeVariants() {
  await rm(folder, { recursive: true, force: true });
  const apps = { deployed: join(folder, 'deployed'), unbundled: join(folder, 'unbundled'), bare: join(folder, 'bare') };
  await Promise.all([makeDeployed(apps.deployed), makeUnbundled(apps.unbundled), makeBare(apps.bare)]);
  return apps;
}

async function makeDeployed(app) {
  for (const part of ['package.json', 'dist/functions', 'dist/chunks', 'dist/rules']) await cp(part, join(app, part), { recursive: true });
}

async function makeUnbundled(app) {
  const { inputs } = JSON.parse(await readFile(join('dist', 'meta.json'), 'utf8'));
  await build({
    entryPoints: Object.keys(inputs).filter((path) => /^(functions|src)\//.test(path)),
    outbase: '.',
    outdir: app,
    bundle: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    loader: { '.json': 'copy' },
    // CommonJS has neither; `import()` becomes a require that finds files without their extension.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'warning',
  });
  await cp('dist/rules', join(app, 'rules'), { recursive: true });
  await writeFile(join(app, 'package.json'), JSON.stringify({ type: 'commonjs', main: 'functions/*.js' }));
}

async function makeBare(app) {
  await mkdir(app, { recursive: true });
  await build({
    stdin: { contents: TIMER, resolveDir: '.' },
    outfile: join(app, 'hunt.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['@azure/functions-core'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  await writeFile(join(app, 'package.json'), JSON.stringify({ type: 'module', main: '*.mjs' }));
}
