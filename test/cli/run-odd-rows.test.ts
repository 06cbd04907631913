import { gzipSync } from 'node:zlib';
import { hunt } from '../support/command-line';
import { expectGolden } from '../support/golden';
import { Workbench } from '../support/workbench';

const bench = new Workbench();

const good = (line: string, more = ''): string =>
  `{"TimeGenerated":"2026-03-10T10:05:00Z","Dvc":"ex01","ActorUsername":"alice","Process":"cmd.exe","EventVendor":"V","EventProduct":"P","CommandLine":"${line}"${more}}\n`;
const pair = good('New-MailboxExportRequest') + good('Remove-MailboxExportRequest');

const run = (file: string, ...more: readonly string[]): ReturnType<typeof hunt> =>
  hunt(['run', 'rules/host-exporting-mailbox-asim.yaml', '--table', `imProcessCreate=${file}`, ...more]);

/** Every way in which a line can be off, between rows that make an incident. */
const odd = [
  good('New-MailboxExportRequest'),
  'no json at all\n',
  '{"TimeGenerated":"2026-03-10T10:05:00Z"\n',
  '["a","list"]\n',
  'null\n',
  '\n',
  '{"Dvc":"ex01"}\n',
  '{"TimeGenerated":null}\n',
  '{"TimeGenerated":"yesterday"}\n',
  '{"TimeGenerated":1773136800}\n',
  good('New-MailboxExportRequest').replace('"alice"', '42'),
  good('New-MailboxExportRequest').replace('"alice"', 'null'),
  good('New-MailboxExportRequest').replace('"ActorUsername":"alice",', ''),
  good('Get-Date', ',"_Source":"x","Colour":"red","Type":"imProcessCreate","TenantId":"t"'),
  good('Get-Date').replace('"cmd.exe"', '["cmd.exe"]'),
  good('Remove-MailboxExportRequest').trimEnd(),
].join('');

describe('odd rows', () => {
  it('are counted and reported with file and line, and the others make their incidents', async () => {
    const { exitCode, stdout, stderr } = await run(bench.write('odd.ndjson', odd));
    expect([exitCode, stdout.split('\n').length]).toEqual([0, 2]);
    expectGolden('odd-rows.txt', bench.relative(stderr));
  });

  it('make the exit code 1 where that is asked for; the incidents are written all the same', async () => {
    const { exitCode, stdout } = await run(bench.write('odd.ndjson', odd), '--strict');
    expect([exitCode, stdout.split('\n').length]).toEqual([1, 2]);
  });

  it('are not those with a null or a missing cell: no table has a value everywhere', async () => {
    const file = bench.write('nulls.ndjson', pair + good('Get-Date').replace('"alice"', 'null'));
    const { exitCode, stderr } = await run(file, '--strict');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('columns that are missing or null in some rows, read as empty: ActorUsername (1)\n');
  });

  it.each([
    [
      'CSV',
      'TimeGenerated,Dvc\n2026-03-10,ex01\n',
      'its first line is not JSON: write one JSON object a line (of CSV for example with mlr --icsv --ojsonl cat)',
    ],
    ['UTF-16', Buffer.from(`\ufeff${pair}`, 'utf16le'), 'it is not UTF-8: write it anew'],
    ['a list', `[${pair.trim().replace('\n', ',')}]`, "it is a JSON list: write one object a line, for example with jq -c '.[]'"],
    ['objects over several lines', JSON.stringify({ Dvc: 'x' }, undefined, 2), 'its first line is not a whole JSON object'],
    [
      'rows of the portal',
      pair.replaceAll('TimeGenerated', 'TimeGenerated [UTC]'),
      "has no TimeGenerated, the event time, but 'TimeGenerated [UTC]': rename that",
    ],
    ['rows without a time', '{"Dvc":"ex01"}\n', 'its first row has no TimeGenerated, the event time'],
    ['rows of another time', '{"TimeGenerated":"10.3.2026"}\n', 'its first row has a TimeGenerated that is not a datetime'],
  ])('are no reason to find nothing where there is nothing else: %s', async (_, content, why) => {
    const file = bench.write('none.ndjson', content);
    const { exitCode, stdout, stderr } = await run(file);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(bench.relative(stderr)).toContain('error: no line of none.ndjson is a row of imProcessCreate: ');
    expect(stderr).toContain(why);
  });

  it('are none in a file without a line', async () => {
    expect(await run(bench.write('empty.ndjson', '\n'))).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('are those of a file that lacks a column which the rule reads', async () => {
    const file = bench.write('lacking.ndjson', pair.replaceAll('ActorUsername', 'User'));
    const { exitCode, stderr } = await run(file, '--strict');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('columns that the rule reads and no row has, read as empty: ActorUsername\n');
  });

  it('may be no text, or have no end: the rest is read', async () => {
    const file = bench.write(
      'bytes.ndjson',
      Buffer.concat([
        Buffer.from(good('New-MailboxExportRequest')),
        Buffer.from([0xff, 0xfe, 0x0a]),
        Buffer.from(good('Remove-MailboxExportRequest')),
      ]),
    );
    const { exitCode, stdout, stderr } = await run(file);
    expect([exitCode, stdout.split('\n').length]).toEqual([0, 2]);
    expect(bench.relative(stderr)).toContain('1 × not UTF-8: line skipped\n    bytes.ndjson:2: not UTF-8\n');
  });

  it('with a byte order mark, CRLF and blank lines are not odd', async () => {
    const { exitCode, stdout, stderr } = await run(bench.write('crlf.ndjson', `\uFEFF${pair.replaceAll('\n', '\r\n\r\n')}`), '--strict');
    expect([exitCode, stdout.split('\n').length]).toEqual([0, 2]);
    expect(stderr).toMatch(/^2 rows read/);
  });
});

describe('a packed file that breaks off', () => {
  it('fails the run: what is behind the break is not known', async () => {
    const packed = gzipSync(pair.repeat(1000));
    const { exitCode, stdout, stderr } = await run(bench.write('broken.ndjson.gz', packed.subarray(0, packed.length - 20)));
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(bench.relative(stderr)).toContain('error: broken.ndjson.gz cannot be read to its end');
  });
});

describe('cells of every type', () => {
  const schema = `{"name": "T", "eventTime": "TimeGenerated", "columns": {"TimeGenerated": "datetime", "Name": "string", "L": "long", "D": "dynamic", "E": "dynamic"}}`;
  const rule = (query: string): string =>
    `id: 0c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5\nname: T\ndescription: T.\nquery: ${query}\nentityMappings:\n  - entityType: Host\n    fieldMappings: [{ identifier: HostName, columnName: Name }]\n`;

  async function results(query: string, rows: string): Promise<readonly unknown[]> {
    const args = ['--table', `T=${bench.write('t.ndjson', rows)}`, '--schema', bench.write('t.json', schema)];
    const { stdout } = await hunt(['run', bench.write('t.yaml', rule(query)), ...args]);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => (JSON.parse(line) as { evidence: { results: unknown[] } }).evidence.results);
  }
  const at = '"TimeGenerated":"2026-03-10T10:05:00Z","Name":"a"';

  it('are exact: longs beyond 2^53, and dynamic values in their order', async () => {
    const rows = `{${at},"L":9007199254740993,"D":{"b":12345678901234567,"a":1.0}}\n`;
    expect(await results('T | where L > 1 | project Name, L, D', rows)).toEqual([
      { Name: 'a', L: '9007199254740993', D: { b: '12345678901234567', a: 1 } },
    ]);
  });

  it('are exact also where a predicate that reads none of them comes first', async () => {
    const rows = `{${at},"D":{"b":[1,2],"a":{}}}\n{"TimeGenerated":"2026-03-10T10:05:00Z","Name":"b","D":1}\n`;
    expect(await results('T | where Name == "a" | project Name, D', rows)).toEqual([{ Name: 'a', D: { b: [1, 2], a: {} } }]);
  });
});
