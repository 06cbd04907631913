import { hunt, type Ended } from '../support/command-line';
import { Workbench } from '../support/workbench';

const bench = new Workbench();

const schema = bench.write(
  'Proc.json',
  JSON.stringify({
    name: 'Proc',
    eventTime: 'TimeGenerated',
    columns: { TimeGenerated: 'datetime', Host: 'string', User: 'string', Command: 'string', Level: 'int', Domain: 'string' },
    evidenceColumns: ['Domain'],
    companions: { User: [{ column: 'Domain', identifier: 'NTDomain' }] },
  }),
);

const mappings = `entityMappings:
  - {entityType: Host, fieldMappings: [{identifier: FullName, columnName: Host}]}
  - {entityType: Account, fieldMappings: [{identifier: FullName, columnName: User}]}`;

function writeRule(name: string, query: string, mapped = mappings): string {
  const indented = query
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return bench.write(
    name,
    `id: 0c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5\nname: A rule\ndescription: For a test.\nquery: |\n${indented}\n${mapped}\n`,
  );
}

const pair = writeRule(
  'pair.yaml',
  `let w = 1h;
Proc
| where Level > 1 and Command has "first"
| summarize by Host, User, t = bin(TimeGenerated, w)
| join kind=inner (Proc // the other half
    | where Command has "second"
    | summarize by Host, User, t = bin(TimeGenerated, w)) on Host, User, t`,
);

type Row = readonly [time: string, host: string, user: string, command: string, level: number];

function writeRows(name: string, rows: readonly Row[]): string {
  const lines = rows.map(([time, Host, User, Command, Level]) =>
    JSON.stringify({ TimeGenerated: `2026-03-10T${time}Z`, Host, User, Command, Level, Domain: '' }),
  );
  return bench.write(name, lines.join('\n'));
}

async function explain(rule: string, ...args: readonly string[]): Promise<Ended> {
  return hunt(['explain', rule, '--schema', schema, ...args]);
}

/** One section of the text, without its title and indentation. */
function section(text: string, title: string): string {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith(title)) + 1;
  const to = lines.findIndex((line, index) => index >= from && /^\S/.test(line));
  return lines
    .slice(from, to === -1 ? undefined : to)
    .map((line) => line.replace(/^ {2}/, ''))
    .join('\n')
    .trim();
}

async function why(rule: string, text: string, rows: readonly Row[]): Promise<string> {
  const { stdout, stderr } = await explain(rule, '--table', `Proc=${writeRows('rows.ndjson', rows)}`, '--why', text);
  expect(stderr).toBe('');
  return section(stdout, 'Why');
}

describe('hunt explain', () => {
  it('shows a step with the // of its strings, and without its comments', async () => {
    const rule = writeRule(
      'address.yaml',
      'Proc // every process\n| where Command has "http://x" // from outside\n    and Host != \'//srv\'',
    );
    const { stdout } = await explain(rule);
    expect(stdout).toContain(`where Command has "http://x" and Host != '//srv'  [line 6]`);
    expect(stdout).not.toContain('outside');
  });

  it('tells what is sent, what is done here, why it may be scheduled, what it costs, and where entities come from', async () => {
    const { exitCode, stdout, stderr } = await explain(pair);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(bench.relative(stdout)).toBe(`A rule
pair.yaml, 0c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5

Proofs
  splits by bin: yes, every operator that looks at more than one row carries the same bin of 01:00:00 of the event time
  monotone: yes, each operator only adds result rows when rows are added
  split pairs: yes, it is monotone and has an inner join on the bin: it is evaluated over bins of 01:00:00 shifted by 00:30:00 too

Sent to the workspace, for one bin
  Proc, read by: Proc
  5 columns that the rule uses, and 1 for entities and evidence

    Proc
    | where TimeGenerated >= datetime(2026-03-10T11:00:00.0000000Z) and TimeGenerated < datetime(2026-03-10T12:00:00.0000000Z)
    | where ((Level > 1) and (Command has "first")) or (Command has "second")
    | project TimeGenerated=tostring(TimeGenerated), Host, User, Command, Level,
        Domain=tostring(column_ifexists("Domain", ""))

Done here
  1  Proc  [line 6]
     rows of Proc: TimeGenerated, Host, User, Command, Level
  2  where Level > 1 and Command has "first"  [line 7]
     rows for which it is true
     - Level > 1
     - Command has "first"
  3  summarize by Host, User, t = bin(TimeGenerated, w)  [line 8]
     one row for each Host, User, t
  4  Proc  [line 9]
     rows of Proc: TimeGenerated, Host, User, Command
  5  where Command has "second"  [line 10]
     rows for which it is true
  6  summarize by Host, User, t = bin(TimeGenerated, w)  [line 11]
     one row for each Host, User, t
  7  join kind=inner (…) on Host, User, t  [line 9]
     pairs with the same Host, User, t (of steps 3 and 6)

What cycles read
  bins of 1 h, 24 a day, each evaluated 25 times:
  at every tick until 15 min after its close, then 15 min · 2^k after its close up to 32 h, after 49 h, and after 7 d
  about 600 requests a day for each workspace, and 312 for split pairs, with the default schedule and no retries

Entities
  Host FullName = Host, Proc.Host
  Account FullName = User, Proc.User
    and, where all rows agree, NTDomain from Domain
`);
  });

  it('shows of the rules in rules/ the query of the last whole bin before --now, by the source that stands for the table', async () => {
    const { stdout } = await hunt(['explain', 'rules/host-exporting-mailbox-asim.yaml', '--now', '2026-03-10T03:30:00Z']);
    const sent = section(stdout, 'Sent');
    expect(sent.split('\n').slice(0, 6)).toEqual([
      'imProcessCreate, read by: _Im_ProcessCreate(starttime={start}, endtime={end})',
      '7 columns that the rule uses, and 29 for entities and evidence',
      '',
      '  _Im_ProcessCreate(starttime=datetime(2026-03-10T02:00:00.0000000Z), endtime=datetime(2026-03-10T03:00:00.0000000Z))',
      '  | where TimeGenerated >= datetime(2026-03-10T02:00:00.0000000Z) and TimeGenerated < datetime(2026-03-10T03:00:00.0000000Z)',
      '  | where (Process has_any ("powershell.exe", "cmd.exe")) and ((CommandLine has "New-MailboxExportRequest") or (CommandLine has "Remove-MailboxExportRequest"))',
    ]);
    expect(section(stdout, 'Entities')).toBe(`Account FullName = AccountCustomEntity, imProcessCreate.ActorUsername
  and, where all rows agree, Sid from ActorUserId where ActorUserIdType is SID; Sid from ActorUserSid; AadUserId from ActorUserId where ActorUserIdType is AADID; AadUserId from ActorUserAadId
Host FullName = HostCustomEntity, imProcessCreate.Dvc
  and, where all rows agree, DnsDomain from DvcDomain where DvcDomainType is FQDN; NTDomain from DvcDomain where DvcDomainType is Windows; AzureID from DvcId where DvcIdType is AzureResourceId; AzureID from DvcAzureResourceId`);
  });

  it('takes a rule of ./rules by its id', async () => {
    const { exitCode, stdout } = await hunt(['explain', '2E2FAB4B-83DD-4CF8-B2DD-063D0FD15513']);
    expect([exitCode, stdout.split('\n')[1]]).toEqual([
      0,
      'rules/host-exporting-mailbox-securityevent.yaml, 2e2fab4b-83dd-4cf8-b2dd-063d0fd15513',
    ]);
  });

  it('tells why a rule cannot be scheduled, and the line', async () => {
    const rule = writeRule('count.yaml', 'Proc\n| summarize N = count() by Host, User\n| where N > 5');
    const { stdout } = await explain(rule);
    expect(section(stdout, 'Proofs')).toBe(
      'splits by bin: no, it puts rows of all time into one group: its keys lack a bin of the event time (line 6)\nmonotone: no, a further row can change count()\nsplit pairs: no, it does not split by bin',
    );
    expect(section(stdout, 'Sent')).toBe('nothing, for it cannot be scheduled');
    expect(section(stdout, 'What')).toBe('nothing, for it cannot be scheduled');
    expect(section(stdout, 'Done')).toContain('one row for each Host, User, with N = count()');
  });

  it('tells that a rule without entities cannot be scheduled', async () => {
    const { stdout } = await explain(writeRule('no-entities.yaml', 'Proc | where Level > 1', ''));
    expect(section(stdout, 'Entities')).toBe('none, so it cannot be scheduled');
    expect(section(stdout, 'What')).toBe('nothing, for it cannot be scheduled');
  });

  it('asks less of a rule whose results later rows can take back', async () => {
    const { stdout } = await explain(
      writeRule('bins.yaml', 'Proc | where Level > 1 | summarize N = count() by Host, User, bin(TimeGenerated, 1d)'),
    );
    expect(section(stdout, 'What')).toBe(`bins of 1 d, 1 a day, each evaluated 10 times:
15 min · 2^k after its close up to 32 h, after 49 h, and after 7 d
about 10 requests a day for each workspace, with the default schedule and no retries`);
  });

  it('tells of a mapped column that is computed what it is computed from', async () => {
    const { stdout } = await explain(
      writeRule('computed.yaml', 'Proc | where Level > 1 | extend Host = tolower(strcat(Host, Domain)), User = "x"'),
    );
    expect(section(stdout, 'Entities')).toBe(
      'Host FullName = Host, computed from Proc.Host and Proc.Domain\nAccount FullName = User, computed by the query',
    );
  });

  it('writes the same as JSON', async () => {
    const rows = writeRows('json.ndjson', [['10:00:00', 'a', 'u', 'first', 5]]);
    const { stdout } = await explain(pair, '--table', `Proc=${rows}`, '--why', 'a', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      id: '0c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5',
      split: { holds: true },
      sent: [{ table: 'Proc', columns: ['TimeGenerated', 'Host', 'User', 'Command', 'Level'], evidenceColumns: ['Domain'] }],
      steps: [
        { rows: 1 },
        { rows: 1, conjuncts: [{ text: 'Level > 1', rows: 1 }, { rows: 1 }] },
        {},
        {},
        {},
        {},
        { reads: [3, 6], rows: 0 },
      ],
      load: { binsPerDay: 24, requestsPerDay: 600 },
      why: {
        scans: [
          { matching: 1, losses: [{ step: 7, rows: 1, reason: 'no partner' }] },
          { matching: 1, losses: [{ step: 5, rows: 1 }] },
        ],
      },
    });
  });

  it('shows what is wrong with a rule that does not compile, and fails', async () => {
    const ended = await explain(writeRule('bad.yaml', 'Proc | where Levl > 1'));
    expect(ended).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('KS142') });
  });

  it.each([
    [['--whi', 'x'], "unknown option '--whi'"],
    [['--why', 'x'], 'add --table NAME=FILE.ndjson'],
    [['--why', ' ', '--table', 'Proc=x'], '--why needs'],
    [['--from', '2026-03-10', '--to', '2026-03-10'], '--from is not before --to'],
    [['--table', 'Prok=x.ndjson'], 'the rule reads Proc: add --table Proc=FILE.ndjson'],
  ])('%j has exit code 2', async (args, message) => {
    const { exitCode, stdout, stderr } = await explain(pair, ...args);
    expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
  });

  it('shows in its help what comes out', async () => {
    const { stdout: help } = await hunt(['explain', '--help']);
    const lines = help.split('\n').map((line) => line.replace(/^ {2}/, ''));
    const rows = lines.filter((line) => line.startsWith('{')).join('\n');
    const { stdout } = await hunt([
      'explain',
      'rules/host-exporting-mailbox-asim.yaml',
      '--table',
      `imProcessCreate=${bench.write('edge.ndjson', rows)}`,
      '--why',
      'carol',
    ]);
    expect(
      lines
        .slice(lines.indexOf('…') + 1)
        .join('\n')
        .trim(),
    ).toBe(stdout.slice(stdout.indexOf('Why "carol"')).trim());
  });
});

describe('hunt explain --table', () => {
  const rows: readonly Row[] = [
    ['10:05:00', 'a', 'u', 'the first', 5],
    ['10:06:00', 'a', 'u', 'the first', 1],
    ['10:07:00', 'a', 'u', 'the second', 1],
    ['11:07:00', 'b', 'u', 'the first', 5],
    ['11:08:00', 'b', 'u', 'nothing', 5],
  ];

  it('tells how many rows pass each step, and each part of a predicate', async () => {
    const { stdout } = await explain(pair, '--table', `Proc=${writeRows('counts.ndjson', rows)}`);
    expect(
      section(stdout, 'Done')
        .split('\n')
        .filter((line) => line.includes('→'))
        .map((line) => line.trim()),
    ).toEqual([
      'rows of Proc: TimeGenerated, Host, User, Command, Level  → 5 rows',
      'rows for which it is true  → 2 rows',
      '- Level > 1  → 3 rows',
      '- Command has "first"  → 2 rows',
      'one row for each Host, User, t  → 2 rows',
      'rows of Proc: TimeGenerated, Host, User, Command  → 5 rows',
      'rows for which it is true  → 1 row',
      'one row for each Host, User, t  → 1 row',
      'pairs with the same Host, User, t (of steps 3 and 6)  → 1 row',
    ]);
    expect(stdout).not.toContain('Why');
  });

  it('counts only rows of the given range', async () => {
    const { stdout } = await explain(
      pair,
      '--table',
      `Proc=${writeRows('range.ndjson', rows)}`,
      '--from',
      '2026-03-10T10:06:00Z',
      '--to',
      '2026-03-10T11:08:00Z',
    );
    expect(stdout).toContain('rows of Proc: TimeGenerated, Host, User, Command, Level  → 3 rows');
  });

  it('counts a rule that does not split over all rows, with now() as given', async () => {
    const rule = writeRule('ago.yaml', 'Proc\n| where TimeGenerated > ago(30m)\n| summarize N = count() by Host, User');
    const { stdout } = await explain(rule, '--table', `Proc=${writeRows('ago.ndjson', rows)}`, '--now', '2026-03-10T11:37:30Z');
    expect(section(stdout, 'Done')).toContain('rows for which it is true  → 1 row');
  });
});

describe('hunt explain of what is more than a chain of operators', () => {
  const rule = writeRule(
    'kinds.yaml',
    `let known = Proc | where Level == 9 | project Host;
Proc
| where Command has "first"
| where Host in (known)
| union (Proc | where Command has "third")
| join kind=leftanti (Proc | where Command has "second") on Host
| extend Half = dynamic([1, 2])
| mv-expand Half
| top 2 by TimeGenerated`,
  );
  const rows: readonly Row[] = [
    ['10:00:00', 'a', 'u', 'first', 1],
    ['10:01:00', 'a', 'u', 'none', 9],
    ['10:02:00', 'b', 'u', 'third', 1],
    ['10:03:00', 'b', 'u', 'second', 1],
    ['10:04:00', 'c', 'u', 'third', 1],
  ];

  it('numbers each operator that the rule has, and tells which steps it reads', async () => {
    const { stdout } = await explain(rule, '--table', `Proc=${writeRows('kinds.ndjson', rows)}`);
    const lines = section(stdout, 'Done').split('\n');
    const steps = lines.flatMap((line, index) =>
      /^ *\d+ {2}/.test(line) ? [`${line.trim().replace(/ {2}\[.*/, '')}: ${lines[index + 1]?.trim()}`] : [],
    );
    expect(steps.slice(4)).toEqual([
      '5  project Host: each row, as Host  → 1 row',
      '6  Host in (known): each row, with whether a value is among those of a query (of steps 2 and 5)  → 1 row',
      '7  where Host in (known): rows for which it is true  → 1 row',
      '8  Proc: rows of Proc: TimeGenerated, Host, User, Command, Level, Domain  → 5 rows',
      '9  where Command has "third": rows for which it is true  → 2 rows',
      '10  union (…): the rows of all its tables (of steps 7 and 9)  → 3 rows',
      '11  Proc: rows of Proc: Host, Command  → 5 rows',
      '12  where Command has "second": rows for which it is true  → 1 row',
      '13  join kind=leftanti (…) on Host: left rows that have no partner with the same Host (of steps 10 and 12)  → 2 rows',
      '14  extend Half = dynamic([1, 2]): each row, as TimeGenerated, Host, User, Command, Level, Domain, Half  → 2 rows',
      '15  mv-expand Half: each row once for each element  → 4 rows',
      '16  top 2 by TimeGenerated: the same rows, in order  → 4 rows',
      '17  top 2 by TimeGenerated: the first 2 rows  → 2 rows',
    ]);
  });

  it('names no column of its own making among those of a subquery', async () => {
    const query = 'Proc\n| mv-apply Part = split(Command, " ") to typeof(string) on (where Part != "x" | project Upper = toupper(Part))';
    const { stdout } = await explain(writeRule('subquery.yaml', query), '--table', `Proc=${writeRows('kinds.ndjson', rows)}`);
    expect(section(stdout, 'Done')).toContain('each row, as Upper');
    expect(section(stdout, 'Done')).not.toContain('$');
  });

  it('tells of rows that only decide about others, and of those that others keep out', async () => {
    expect((await why(rule, 'b', rows)).split('\n')).toEqual(
      expect.arrayContaining([
        '  1 row lost at step 13: a partner, which this join does not keep',
        '      a row on the right side has the same keys',
        '  1 row at step 13, where rows from here only decide which others are kept',
      ]),
    );
    expect(await why(rule, 'a', rows)).toContain('  1 row at step 6, where rows from here only decide which others are kept');
    expect(await why(rule, 'a', rows)).toContain('  1 row lost at step 17: not kept by this take');
  });
});

describe('hunt explain --why', () => {
  it('names the predicate that a row fails, with the value it has', async () => {
    const rows: readonly Row[] = [
      ['10:00:00', 'web01', 'u', `first ${'x'.repeat(200)}`, 1],
      ['10:01:00', 'WEB01.contoso.com', 'u', 'third', 2],
      ['10:02:00', 'db01', 'u', 'second', 2],
    ];
    expect(await why(pair, 'web', rows)).toBe(`step 1, Proc: 2 rows with it in Host or User
  1 row lost at step 2: Level > 1 is not true
    2026-03-10T10:00:00Z: Level = 1
  1 row lost at step 2: Command has "first" is not true
    2026-03-10T10:01:00Z: Command = "third"
step 4, Proc: 2 rows with it in Host or User
  2 rows lost at step 5: Command has "second" is not true
    2026-03-10T10:00:00Z: Command = "first ${'x'.repeat(34)}…${'x'.repeat(39)}"`);
  });

  it('tells by how much two rows missed a bin', async () => {
    const rows: readonly Row[] = [
      ['10:58:30', 'a', 'u', 'first', 5],
      ['11:03:00', 'a', 'u', 'second', 5],
      ['15:00:00', 'a', 'u', 'second', 5],
    ];
    const text = await why(pair, 'a', rows);
    expect(text.split('\n').slice(3, 6)).toEqual([
      '  1 row lost at step 7: no partner',
      '    Host "a", User "u", t 2026-03-10T10:00:00Z',
      '      nearest on the right side, 2026-03-10T11:03:00Z: t is 2026-03-10T11:00:00Z there, 4 min 30 s apart, the later one 3 min behind the edge',
    ]);
  });

  it('names the key that differs, and another bin too where both come as near', async () => {
    const rows: readonly Row[] = [
      ['10:10:00', 'a', 'u', 'first', 5],
      ['10:20:00', 'a', 'v', 'second', 5],
      ['10:30:00', 'b', 'u', 'second', 5],
      ['09:50:00', 'a', 'u', 'second', 5],
      ['10:11:00', 'c', 'w', 'second', 5],
    ];
    const text = await why(pair, 'a', rows);
    expect(
      text
        .split('\n')
        .filter((line) => line.includes('nearest'))
        .slice(0, 2),
    ).toEqual([
      '      nearest on the right side, 2026-03-10T09:50:00Z: t is 2026-03-10T09:00:00Z there, 20 min apart, the later one 10 min behind the edge',
      '      nearest on the right side, 2026-03-10T10:20:00Z: User is "v" there',
    ]);
  });

  it('tells that there is nothing on the other side', async () => {
    expect(await why(pair, 'u', [['10:10:00', 'a', 'u', 'first', 5]])).toContain(
      '    Host "a", User "u", t 2026-03-10T10:00:00Z\n      there is no row on the right side',
    );
  });

  it('shows the first few keys of many', async () => {
    const rows = ['a', 'b', 'c', 'd', 'e'].map((host): Row => ['10:10:00', host, 'same', 'first', 5]);
    const text = await why(pair, 'same', rows);
    expect(text).toContain('5 rows lost at step 7: no partner');
    expect(text.match(/there is no row/g)).toHaveLength(3);
    expect(text).toContain('and 2 more with other keys');
  });

  it('tells of rows that are behind an incident', async () => {
    const text = await why(pair, 'a', [
      ['10:10:00', 'a', 'u', 'first', 5],
      ['10:11:00', 'a', 'u', 'first', 5],
      ['10:20:00', 'a', 'u', 'second', 5],
    ]);
    expect(text).toContain('  2 rows behind a result row, and so behind an incident');
    expect(text).toContain('  1 row behind a result row, and so behind an incident');
  });

  it('names what a group lacks, behind an aggregate', async () => {
    const rule = writeRule('many.yaml', 'Proc\n| summarize N = count() by Host, User, bin(TimeGenerated, 1h)\n| where N > 2');
    expect(
      await why(rule, 'a', [
        ['10:10:00', 'a', 'u', '', 0],
        ['10:50:00', 'a', 'u', '', 0],
      ]),
    ).toBe(`step 1, Proc: 2 rows with it in Host or User
  2 rows lost at step 3: N > 2 is not true
    2026-03-10T10:10:00Z: N = 2`);
  });

  it('follows a mapped column that is computed', async () => {
    const rule = writeRule('lower.yaml', 'Proc\n| where Level > 1\n| extend Host = tolower(Host)');
    expect(await why(rule, 'abc', [['10:10:00', 'ABC', 'u', '', 1]])).toContain('1 row lost at step 2: Level > 1 is not true');
  });

  it('names what there is, where nothing has the text', async () => {
    expect(
      await why(pair, 'nobody', [
        ['10:10:00', 'b', 'u', '', 1],
        ['10:10:00', 'a', '', '', 1],
      ]),
    ).toBe(`step 1, Proc: 0 rows with it in Host or User
step 4, Proc: 0 rows with it in Host or User

There are "a", "b", "u".`);
  });
});
