import { fileURLToPath } from 'node:url';
import { processIo } from './process-io';
import { runCommandLine } from './program';

/** The command `hunt`: runs when it is loaded, and ends the process. */
const exitCode = await runCommandLine(process.argv.slice(2), processIo(fileURLToPath(new URL('../rules/', import.meta.url))));
const written = (stream: NodeJS.WriteStream): Promise<unknown> => new Promise((resolve) => stream.write('', resolve));
await Promise.all([process.stdout, process.stderr].map(written));
// The Event Hubs client leaves a socket behind where a hub does not answer its farewell.
process.exit(exitCode);
