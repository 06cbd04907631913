import { once } from 'node:events';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { buildCli, endOf, startCli } from '../support/built-cli';
import { compileShippedRules } from '../support/compiled-rules';
import { Workbench } from '../support/workbench';

/** The command line as it is built, in a process of its own. */

const bench = new Workbench();
let cli: string;
beforeAll(async () => {
  await mkdir(bench.path('dist/cli'), { recursive: true });
  cli = await buildCli(bench.path('dist/cli'));
  await compileShippedRules(bench.path('dist/rules'));
  await cp('rules', bench.path('rules'), { recursive: true });
});

const run = (...args: readonly string[]): ReturnType<typeof endOf> => endOf(startCli(cli, args, { cwd: bench.folder }));
const ASIM = 'rules/host-exporting-mailbox-asim.yaml';

const row = (command: string, more: object = {}): string =>
  JSON.stringify({
    TimeGenerated: '2026-03-10T10:05:00Z',
    Dvc: 'ex01',
    ActorUsername: 'alice',
    Process: 'cmd.exe',
    CommandLine: command,
    ...more,
  });
const pair = `${row('New-MailboxExportRequest')}\n${row('Remove-MailboxExportRequest')}\n`;

/** One on which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

interface Shown {
  readonly command: string;
  readonly output: string;
}

/** The commands of a help's example, each with what it shows. */
function exampleOf(help: string): readonly Shown[] {
  const [, example = ''] = help.split('\nExample:\n');
  const text = example.replace(/^ {2}/gm, '');
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => ({ command: part.slice(0, part.indexOf('\n')), output: part.slice(part.indexOf('\n') + 1).trimEnd() }));
}

describe('the example in the help of', () => {
  it.each(['test', 'run'])('hunt %s gives what it shows', async (command) => {
    const shown = exampleOf((await run(command, '--help')).stdout);
    expect(shown.map((each) => each.command.split(' ')[0])).toEqual(['cat', 'hunt']);
    for (const { command: line, output } of shown) {
      const [program, ...args] = line.split(' ');
      if (program === 'cat') await writeFile(bench.path(args[0] ?? ''), `${output}\n`);
      else expect((await run(...args)).stdout.trimEnd()).toBe(output);
    }
  });
});

describe('hunt as it is built', () => {
  it('runs a rule of ./rules by its id, and writes incidents to standard output', async () => {
    bench.write('pair.ndjson', pair);
    const { exitCode, stdout } = await run('run', '4500A2FF-455b-4ee7-a21d-5ac5c7c9ea87', '--table', 'imProcessCreate=pair.ndjson');
    expect([exitCode, (JSON.parse(stdout) as { rule: { id: string } }).rule.id]).toEqual([0, '4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87']);
  });

  it('names the rules that there are when there is none with the id', async () => {
    const { exitCode, stderr } = await run('run', '00000000-455b-4ee7-a21d-5ac5c7c9ea87', '--table', 'imProcessCreate=pair.ndjson');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('no rule in rules/ has the id 00000000-455b-4ee7-a21d-5ac5c7c9ea87');
    expect(stderr).toContain(`4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87  ${ASIM}`);
  });

  it('ends quietly when nobody reads its output', async () => {
    const child = startCli(cli, ['test', 'rules/tests'], { cwd: bench.folder });
    child.stdout?.destroy();
    const errors: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
    const [exitCode] = (await once(child, 'exit')) as [number];
    expect([exitCode, Buffer.concat(errors).toString()]).toEqual([141, '']);
  });

  it('says that nothing answers where nothing does, to the end', async () => {
    const nowhere = await freePort();
    const env = {
      HUNT_WORKSPACES: '11111111-2222-4333-8444-555555555555',
      HuntLedger: 'file:ledger',
      LOG_ANALYTICS_ENDPOINT: `http://127.0.0.1:${nowhere}`,
      IncidentHub: `Endpoint=sb://127.0.0.1:${nowhere};SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true`,
    };
    const { exitCode, stdout, stderr } = await endOf(startCli(cli, ['doctor'], { cwd: bench.folder, env }));
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/^not ok {7}Event Hub incidents\n.*ECONNREFUSED/m);
    expect(stdout).toMatch(/^ok {11}ledger, container hunt-ledger$[^]*\n2 of \d are not ok\.\n$/m);
  });

  it('ends also where a client has left a timer behind', async () => {
    const nodeOptions = ['--import', 'data:text/javascript,setInterval(() => {}, 100_000_000)'];
    const { exitCode, stdout } = await endOf(startCli(cli, ['--help'], { cwd: bench.folder, nodeOptions }));
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^Usage: hunt [^]*nobody reads the output any more/)]);
  });

  it('stops at Ctrl-C and leaves no file', async () => {
    // Far more rows than it can read before it is stopped, and its output file is open by then.
    bench.write('many.ndjson', `${row('x'.repeat(2000))}\n`.repeat(50_000));
    const many = Array.from({ length: 20 }, () => ['--table', 'imProcessCreate=many.ndjson']).flat();
    await mkdir(bench.path('stopped'));
    const child = startCli(cli, ['run', ASIM, ...many, '--out', 'stopped/incidents.ndjson'], { cwd: bench.folder });
    const ended = endOf(child);
    while (!(await readdir(bench.path('stopped'))).some((name) => name.endsWith('.tmp'))) await new Promise(setImmediate);
    child.kill('SIGINT');
    const { exitCode, stderr } = await ended;
    expect([exitCode, stderr]).toEqual([130, 'stopped by Ctrl-C\n']);
    expect(await readdir(bench.path('stopped'))).toEqual([]);
  });

  it('holds in memory only the rows that the rule can use', async () => {
    // 200 MB of text; the heap may have half of that, of which the parser takes most.
    const lines = `${row('Get-Date', { TargetProcessCommandLine: 'x'.repeat(2000) })}\n`.repeat(100_000);
    bench.write('large.ndjson.gz', gzipSync(lines + pair, { level: 1 }));
    const child = startCli(cli, ['run', ASIM, '--table', 'imProcessCreate=large.ndjson.gz'], {
      cwd: bench.folder,
      nodeOptions: ['--max-old-space-size=100'],
    });
    const { exitCode, stdout, stderr } = await endOf(child);
    expect(stderr).toContain("100,002 rows read, 2 kept by the rule's predicates, 1 bin, 1 incident");
    expect([exitCode, stdout.split('\n').length]).toEqual([0, 2]);
  });
});
