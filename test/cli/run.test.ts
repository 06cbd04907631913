import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { IncidentMessage } from '../../src/incident/message';
import { hunt } from '../support/command-line';
import { expectValidIncident } from '../support/incident-schema';
import { Workbench } from '../support/workbench';

const bench = new Workbench();
const ASIM = 'rules/host-exporting-mailbox-asim.yaml';
const WORKSPACE = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

type Row = Readonly<Record<string, unknown>>;

const command = {
  exported: 'powershell New-MailboxExportRequest -Mailbox ceo',
  removed: 'powershell Remove-MailboxExportRequest -Identity ceo',
};

function row(time: string, line: string, more: Row = {}): Row {
  const facts = { Dvc: 'ex01', ActorUsername: 'alice', Process: 'cmd.exe', EventVendor: 'V', EventProduct: 'P' };
  return { TimeGenerated: `2026-03-10T${time}Z`, CommandLine: line, ...facts, ...more };
}

const ndjson = (...rows: readonly Row[]): string => rows.map((each) => `${JSON.stringify(each)}\n`).join('');
const pair = (first: string, second: string, more: Row = {}): readonly Row[] => [
  row(first, command.exported, more),
  row(second, command.removed, more),
];

/** The messages, one a line, each valid by the published schema. */
function incidents(text: string): readonly IncidentMessage[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => expectValidIncident(new TextEncoder().encode(line)));
}

const asim = (file: string, ...more: readonly string[]): ReturnType<typeof hunt> =>
  hunt(['run', ASIM, '--table', `imProcessCreate=${file}`, ...more]);

describe('a run over exported rows', () => {
  it('writes one message a line, as its schema says, in order of bin and id', async () => {
    const rows = [
      ...pair('13:10:00', '13:20:00', { ActorUsername: 'carol' }),
      ...pair('10:05:00', '10:17:30', { ActorUsername: 'alice' }),
      ...pair('10:05:00', '10:17:30', { ActorUsername: 'bob' }),
      ...pair('10:05:00', '10:17:30', { ActorUsername: 'dave' }),
    ];
    const { exitCode, stdout, stderr } = await asim(bench.write('order.ndjson', ndjson(...rows)), '--workspace', WORKSPACE.toUpperCase());
    expect(exitCode).toBe(0);
    const found = incidents(stdout);
    const order = found.map(({ bin, id }) => `${bin.start} ${id}`);
    expect(order).toEqual(order.toSorted());
    expect(found.map(({ bin }) => bin.start.slice(11, 13))).toEqual(['10', '10', '10', '13']);
    expect(found.map(({ workspaceId, detectedAt, revision }) => [workspaceId, detectedAt, revision])).toEqual(
      Array.from({ length: 4 }, () => [WORKSPACE, '2026-03-10T12:00:00.0000000Z', 1]),
    );
    expect(stderr).toContain("8 rows read, 8 kept by the rule's predicates, 2 bins, 4 incidents, 0 problems");
  });

  it('gives the ids that stand in the repository for the same rows, whatever the order of rows, packed or not', async () => {
    const rows = [...pair('10:05:00', '10:17:30'), row('10:20:00', 'Get-Date')];
    const plain = await asim(bench.write('plain.ndjson', ndjson(...rows)));
    const packed = await asim(bench.write('packed.ndjson.gz', gzipSync(ndjson(...rows.toReversed()))));
    expect(packed.stdout).toBe(plain.stdout);
    expect(incidents(plain.stdout).map(({ id }) => id)).toEqual(['2aee7819-362b-597e-8c53-cf0e99c5e3b9']);
  });

  it('does not join rows across the edge of an hour', async () => {
    const { stdout, stderr } = await asim(bench.write('edge.ndjson', ndjson(...pair('10:59:59.9999999', '11:00:00'))));
    expect(stdout).toBe('');
    expect(stderr).toContain('2 bins, 0 incidents');
  });

  it('takes the rows of a half-open range', async () => {
    const file = bench.write('range.ndjson', ndjson(...pair('10:00:00', '10:59:59.9999999'), ...pair('11:00:00', '11:30:00')));
    const run = (from: string, to: string): ReturnType<typeof hunt> => asim(file, '--from', from, '--to', to);
    const whole = await run('2026-03-10T10:00:00Z', '2026-03-10T11:00:00Z');
    expect(incidents(whole.stdout).map(({ bin }) => bin.start.slice(11, 13))).toEqual(['10']);
    expect(whole.stderr).toContain('4 rows read, 2 outside --from and --to, 2 kept');
    expect((await run('2026-03-10T10:00:00Z', '2026-03-10T10:59:59.9999999Z')).stdout).toBe('');
    expect((await run('2026-03-10T10:00:00.0000001Z', '2026-03-10T11:00:00Z')).stdout).toBe('');
  });

  it('takes several files of one table together', async () => {
    const [first, second] = [
      bench.write('part1.ndjson', ndjson(row('10:05:00', command.exported))),
      bench.write('part2.ndjson', ndjson(row('10:06:00', command.removed))),
    ];
    const { stdout } = await asim(first, '--table', `imProcessCreate=${second}`);
    expect(incidents(stdout)).toHaveLength(1);
  });

  it('names the time of detection that is given', async () => {
    const file = bench.write('now.ndjson', ndjson(...pair('10:05:00', '10:17:30')));
    const { stdout } = await asim(file, '--now', '2026-03-11T00:00:00.5Z');
    expect(incidents(stdout).map(({ detectedAt }) => detectedAt)).toEqual(['2026-03-11T00:00:00.5000000Z']);
  });

  it('shows incidents as a table', async () => {
    const { stdout } = await asim(bench.write('table.ndjson', ndjson(...pair('10:05:00', '10:17:30'))), '--format', 'table');
    expect(stdout).toMatch(/^Hour \(UTC\).*\n─.*\n2026-03-10 10:00–11:00 {2}ex01 {2}alice .*\n$/);
  });

  it('reads a schema of the user instead of the built-in one', async () => {
    const schema = bench.write(
      'logons.schema.json',
      '{"name": "Logons", "eventTime": "TimeGenerated", "columns": {"TimeGenerated": "datetime", "Box": "string"}}',
    );
    const text = `id: 0c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5
name: Logons
description: Any.
query: Logons | where Box has "dc"
entityMappings:
  - entityType: Host
    fieldMappings: [{ identifier: HostName, columnName: Box }]
`;
    const rows = bench.write(
      'logons.ndjson',
      '{"TimeGenerated":"2026-03-10T10:00:00Z","Box":"dc 1"}\n{"TimeGenerated":"2026-03-10T10:00:00Z","Box":"ex 1"}\n',
    );
    const { exitCode, stdout } = await hunt(['run', bench.write('logons.yaml', text), '--table', `Logons=${rows}`, '--schema', schema]);
    expect([exitCode, incidents(stdout).map(({ entities }) => entities)]).toEqual([0, [[{ $id: '1', Type: 'host', HostName: 'dc 1' }]]]);
  });
});

describe('the tables of a run', () => {
  it('must be those that the rule reads: each that is missing or too many is named', async () => {
    const file = bench.write('any.ndjson', ndjson(...pair('10:05:00', '10:17:30')));
    const { exitCode, stderr } = await hunt(['run', ASIM, '--table', `SecurityEvent=${file}`]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the rule reads imProcessCreate: add --table imProcessCreate=FILE.ndjson');
    expect(stderr).toContain('--table SecurityEvent=… is not read by the rule, which reads imProcessCreate');
    expect((await hunt(['run', ASIM])).stderr).toContain('add --table imProcessCreate=FILE.ndjson');
  });
});

describe('the output file', () => {
  const rows = (): string => bench.write('out.ndjson', ndjson(...pair('10:05:00', '10:17:30')));

  it('has what standard output would have, and nothing else is left beside it', async () => {
    const out = bench.path('results/incidents.ndjson');
    bench.write('results/incidents.ndjson', 'of before');
    const { exitCode, stdout } = await asim(rows(), '--out', out);
    expect([exitCode, stdout]).toEqual([0, '']);
    expect(readFileSync(out, 'utf8')).toBe((await asim(rows())).stdout);
    expect(readdirSync(bench.path('results'))).toEqual(['incidents.ndjson']);
  });

  it('is empty where there are no incidents', async () => {
    const out = bench.path('none.ndjson');
    await asim(bench.write('nothing.ndjson', ''), '--out', out);
    expect(statSync(out).size).toBe(0);
  });

  it('stays as it was when the run fails', async () => {
    const out = bench.write('kept/incidents.ndjson', 'of before');
    const { exitCode } = await asim(rows(), '--max-rows', '1', '--out', out);
    expect([exitCode, readFileSync(out, 'utf8'), readdirSync(bench.path('kept'))]).toEqual([1, 'of before', ['incidents.ndjson']]);
  });

  it('cannot be a file that is read', async () => {
    const file = rows();
    const { exitCode, stderr } = await asim(file, '--out', bench.path('./results/../out.ndjson'));
    expect([exitCode, readFileSync(file, 'utf8').length > 0]).toEqual([2, true]);
    expect(stderr).toContain('which is read: name another file');
  });

  it('must be in a folder that is there, which is found out before the rows are read', async () => {
    const { exitCode, stderr } = await asim(rows(), '--out', bench.path('nowhere/incidents.ndjson'));
    expect([exitCode, stderr]).toEqual([
      1,
      `error: ${bench.path('nowhere/incidents.ndjson')} cannot be written: there is no such file or folder\n`,
    ]);
  });
});

describe('the rows that are held', () => {
  it('are only those that the rule can use, however many there are', async () => {
    const useless = Array.from({ length: 5000 }, () => row('10:00:00', 'Get-Date'));
    const { exitCode, stdout } = await asim(
      bench.write('useless.ndjson', ndjson(...useless, ...pair('10:05:00', '10:17:30'))),
      '--max-rows',
      '2',
    );
    expect([exitCode, incidents(stdout).length]).toEqual([0, 1]);
  });

  it('have a limit, beyond which the run stops, says what to do, and writes nothing', async () => {
    const out = bench.path('limit.ndjson');
    const file = bench.write('many.ndjson', ndjson(...pair('10:05:00', '10:17:30'), ...pair('11:05:00', '11:17:30')));
    const { exitCode, stdout, stderr } = await asim(file, '--max-rows', '3', '--out', out);
    expect([exitCode, stdout, existsSync(out)]).toEqual([1, '', false]);
    expect(stderr).toMatch(/^error: more than 3 rows pass the rule's row-wise predicates.*--from and --to.*narrow the predicates/);
    expect((await asim(file, '--max-rows', '3', '--to', '2026-03-10T11:00:00Z')).exitCode).toBe(0);
  });
});

describe('a rule that does not split by bin', () => {
  const rule = (query: string): string => `id: 0c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5
name: Failed logons
description: Counted over all time.
query: ${query}
entityMappings:
  - entityType: Host
    fieldMappings: [{ identifier: HostName, columnName: Computer }]
`;
  const failed = (time: string, computer: string): Row => ({ TimeGenerated: time, Computer: computer, EventID: 4625 });
  const logons = (): string =>
    bench.write(
      'failed.ndjson',
      ndjson(failed('2026-03-10T09:30:00Z', 'dc01'), failed('2026-03-10T11:00:00Z', 'dc01'), {
        ...failed('2026-03-10T11:59:59Z', 'dc02'),
        EventID: 1,
      }),
    );
  const count = (): string =>
    bench.write('count.yaml', rule('SecurityEvent | where EventID == 4625 | summarize N = count() by Computer | where N > 1'));
  const run = (...more: readonly string[]): ReturnType<typeof hunt> =>
    hunt(['run', count(), '--table', `SecurityEvent=${logons()}`, ...more]);

  it('is evaluated once over the range that is given, which is the bin of its incidents', async () => {
    const { exitCode, stdout, stderr } = await run('--from', '2026-03-10', '--to', '2026-03-11');
    expect(exitCode).toBe(0);
    expect(incidents(stdout).map(({ bin }) => bin)).toEqual([
      { start: '2026-03-10T00:00:00.0000000Z', end: '2026-03-11T00:00:00.0000000Z' },
    ]);
    expect(stderr).toContain('warning PLAN002: the rule cannot be scheduled');
    expect(stderr).toContain(
      'evaluated whole, not bin by bin: the bin of each incident is [2026-03-10T00:00:00.0000000Z, 2026-03-11T00:00:00.0000000Z)',
    );
  });

  it('has the whole hours of all its rows as its range where none is given', async () => {
    const { stdout, stderr } = await run();
    expect(incidents(stdout).map(({ bin }) => bin)).toEqual([
      { start: '2026-03-10T09:00:00.0000000Z', end: '2026-03-10T12:00:00.0000000Z' },
    ]);
    expect(stderr).toContain('[2026-03-10T09:00:00.0000000Z, 2026-03-10T12:00:00.0000000Z)');
  });

  it('gives none where the range leaves too few rows', async () => {
    expect(incidents((await run('--to', '2026-03-10T11:00:00Z')).stdout)).toEqual([]);
  });

  it('needs a range where no row tells one', async () => {
    const { exitCode, stderr } = await hunt(['run', count(), '--table', `SecurityEvent=${bench.write('none-at-all.ndjson', '')}`]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('give --from and --to');
  });

  it('takes --now for now()', async () => {
    const ago = bench.write('ago.yaml', rule('SecurityEvent | where TimeGenerated > ago(1h) | summarize N = count() by Computer'));
    const at = async (now: string): Promise<number> =>
      incidents((await hunt(['run', ago, '--table', `SecurityEvent=${logons()}`, '--now', now])).stdout).length;
    expect([await at('2026-03-10T12:00:00Z'), await at('2026-03-10T10:00:00Z'), await at('2026-03-12')]).toEqual([1, 2, 0]);
  });

  it('may read several tables', async () => {
    const joined = bench.write(
      'joined.yaml',
      rule('SecurityEvent | where EventID == 4625 | join kind=inner (Event | where EventLog == "System") on Computer | project Computer'),
    );
    const events = bench.write('events.ndjson', ndjson({ TimeGenerated: '2026-03-01T00:00:00Z', Computer: 'dc01', EventLog: 'System' }));
    const { stdout } = await hunt(['run', joined, '--table', `SecurityEvent=${logons()}`, '--table', `Event=${events}`]);
    expect(incidents(stdout).map(({ entities, bin }) => [entities[0]?.['HostName'], bin.start.slice(0, 10)])).toEqual([
      ['dc01', '2026-03-01'],
    ]);
  });
});

describe('the progress', () => {
  const file = (): string => bench.write('progress.ndjson', ndjson(...Array.from({ length: 3000 }, () => row('10:00:00', 'Get-Date'))));

  it('is shown on a terminal, with rate and remaining time, and taken away at the end', async () => {
    const { stderr } = await hunt(['run', ASIM, '--table', `imProcessCreate=${file()}`], { isTerminal: true, tickMs: 300 });
    expect(stderr).toMatch(/\r\u001b\[K[\d,]+ rows, [\d,]+ rows\/s, \d+ %, \d+:\d\d left\r/);
    expect(stderr).toMatch(/\r\u001b\[K3,000 rows read, /);
  });

  it('knows the size of a packed file by its last bytes', async () => {
    const packed = bench.write('progress.ndjson.gz', gzipSync(readFileSync(file())));
    const { stderr } = await hunt(['run', ASIM, '--table', `imProcessCreate=${packed}`], { isTerminal: true, tickMs: 300 });
    expect(stderr).toMatch(/rows\/s, 8 %, \d+:\d\d left\r/);
    expect(stderr).not.toMatch(/rows\/s, [2-9]\d\d %/);
  });

  it('is not shown in a pipe', async () => {
    const { stderr } = await hunt(['run', ASIM, '--table', `imProcessCreate=${file()}`], { tickMs: 300 });
    expect(stderr).not.toContain('\r');
  });
});

describe('a run that is stopped', () => {
  it('by Ctrl-C has exit code 130 and leaves no file', async () => {
    const out = bench.path('stopped.ndjson');
    const { exitCode, stdout } = await hunt(
      ['run', ASIM, '--table', `imProcessCreate=${bench.write('some.ndjson', ndjson(...pair('10:05:00', '10:06:00')))}`, '--out', out],
      {
        signal: AbortSignal.abort(),
      },
    );
    expect([exitCode, stdout, existsSync(out)]).toEqual([130, '', false]);
  });
});
