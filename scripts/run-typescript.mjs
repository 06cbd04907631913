import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles a file of the repository for plain Node, and does some work with the bundle's address, which threads can import too. Paths are from
 * the root meanwhile. `plugins` are esbuild's.
 */
export async function withBundle(file, work, plugins = []) {
  process.chdir(root);
  const folder = await mkdtemp(join(tmpdir(), 'run-typescript-'));
  try {
    const outfile = join(folder, 'main.mjs');
    await build({
      absWorkingDir: root,
      entryPoints: [join(root, file)],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      logLevel: 'warning',
      plugins,
    });
    // Packages are loaded from where they are installed.
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    return await work(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bundles a file of the repository for plain Node, and does some work with what it exports. */
export function runTypeScript(file, work) {
  return withBundle(file, async (address) => work(await import(address)));
}
