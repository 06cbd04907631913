// Builds dist/: the function app as it is deployed (functions, chunks, rules), and the command line beside it.
// Everything is made in a folder of its own and swapped in at the end, so a failed build leaves the last good one.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { incidentValidator } from './incident-validator.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const fresh = join(root, `dist.new-${process.pid}`);

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  // Packages in CommonJS call require for Node's own modules, which an ES module does not have.
  banner: {
    js: "import { createRequire as banner_createRequire } from 'node:module'; const require = banner_createRequire(import.meta.url);",
  },
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  plugins: [incidentValidator],
};

/** The app: only what is deployed. The host's own module is there when the worker runs it. */
async function buildFunctions() {
  const { metafile } = await build({
    ...common,
    entryPoints: [
      { in: 'functions/hunt.ts', out: 'functions/hunt' },
      { in: 'functions/ingest-incidents.ts', out: 'functions/ingest-incidents' },
    ],
    chunkNames: 'chunks/[name]-[hash]',
    outdir: fresh,
    minify: true,
    keepNames: true,
    external: ['@azure/functions-core'],
  });
  await writeFile(join(fresh, 'meta.json'), JSON.stringify(metafile));
}

/** The command line and `npm start`. The parser is loaded where it is installed. */
async function buildCli() {
  await build({
    ...common,
    entryPoints: [
      { in: 'src/cli/main.ts', out: 'cli/main' },
      { in: 'src/cli/start.ts', out: 'cli/start' },
      { in: 'src/cli/compile.ts', out: 'cli/compile' },
    ],
    chunkNames: 'cli/chunks/[name]-[hash]',
    outdir: fresh,
    external: ['@kusto/*'],
    loader: { '.kql': 'text' },
    // Here is no Functions host: this takes what the app registers.
    alias: { '@azure/functions-core': './src/local/functions-host.ts' },
  });
}

async function compileRules() {
  const { compileRulesFolder } = await import(pathToFileURL(join(fresh, 'cli', 'compile.mjs')).href);
  await mkdir(join(fresh, 'rules'), { recursive: true });
  return compileRulesFolder(join(relative(process.cwd(), root), 'rules'), join(fresh, 'rules'));
}

try {
  await rm(fresh, { recursive: true, force: true });
  await Promise.all([buildFunctions(), buildCli()]);
  const code = await compileRules();
  if (code !== 0) {
    process.stderr.write('The build stopped: correct the rules above. The last good build, if any, is still in dist/.\n');
    process.exitCode = code;
  } else {
    await rm(dist, { recursive: true, force: true });
    await rename(fresh, dist);
    process.stdout.write('Built dist/: functions, rules and the command line.\n');
  }
} finally {
  await rm(fresh, { recursive: true, force: true });
}
