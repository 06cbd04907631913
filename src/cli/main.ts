import { fileURLToPath } from 'node:url';
import { processIo } from './process-io';
import { runCommandLine } from './program';

/** The command `hunt`: runs when it is loaded. */
process.exitCode = await runCommandLine(process.argv.slice(2), processIo(fileURLToPath(new URL('../rules/', import.meta.url))));
