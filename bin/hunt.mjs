#!/usr/bin/env node
// A workspace of its own, for npm links only the binaries of workspaces and dependencies: so `npx hunt` works after `npm ci`.
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.mjs', import.meta.url);
if (!existsSync(main)) {
  process.stderr.write('hunt is not built yet: run `npm run build`.\n');
  process.exit(1);
}
await import(main.href);
