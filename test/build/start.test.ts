import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fixedPorts } from '../../src/cli/local-servers';
import { endOf } from '../support/built-cli';
import type { Ended } from '../support/command-line';
import { expectValidIncident } from '../support/incident-schema';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder';

/** What `npm start` does once the project is built, in a process and a folder of its own. */

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

function start(...args: readonly string[]): Promise<Ended> {
  const entry = pathToFileURL(resolve('dist/cli/start.mjs')).href;
  const code = `await (await import(${JSON.stringify(entry)})).start(process.argv.slice(1))`;
  const flags = ['--input-type=module', '--eval', code, '--', ...args];
  return endOf(spawn(process.execPath, flags, { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] }));
}

describe('npm start', () => {
  it('runs a cycle over the sample rows, shows what came of it, and leaves the messages as JSON', async () => {
    const { exitCode, stdout, stderr } = await start();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('It sent 5 incidents to the Event Hub.');
    expect(stdout).toContain('raises 5 alerts there, 5 with host and account.');
    const [, file = ''] = /^The messages as JSON: +(\S+)$/m.exec(stdout) ?? [];
    const messages = (await readFile(join(folder.path, file), 'utf8')).trim().split('\n');
    expect(messages).toHaveLength(5);
    for (const message of messages) expectValidIncident(Buffer.from(message));
  });

  it('says that a port of its servers is taken', async () => {
    const taken = createServer().listen(fixedPorts.workspace, '127.0.0.1');
    // Where another program has it, it is taken too.
    await once(taken, 'listening').catch(() => undefined);
    const { exitCode, stderr } = await start('--servers');
    taken.close();
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^error: port 7081 of 127\.0\.0\.1 is in use; end what listens there/)]);
  });

  it('has a help, and refuses an option that it does not have', async () => {
    expect(await start('--help')).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/--watch[^]*--servers/) });
    expect(await start('--wach')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("unknown option '--wach'") });
  });
});
