import type { Diagnostic } from '../../src/diagnostic';
import { hunt, type Ended } from '../support/command-line';
import { Workbench } from '../support/workbench';

const bench = new Workbench();

/** entityMappings in one line: `Host FullName Computer, Account Name User` . */
function mappingsText(mappings: string): string {
  const items = mappings.split(', ').map((mapping) => {
    const [type, ...fields] = mapping.split(' ');
    const pairs = fields.flatMap((identifier, index) =>
      index % 2 === 0 ? [`{identifier: ${identifier}, columnName: ${fields[index + 1]}}`] : [],
    );
    return `  - {entityType: ${type}, fieldMappings: [${pairs.join(', ')}]}`;
  });
  return ['entityMappings:', ...items].join('\n');
}

interface RuleParts {
  readonly mappings?: string;
  readonly members?: string;
  readonly id?: string;
}

function ruleText(
  query: string,
  { mappings = 'IP Address DvcIpAddr', members = '', id = '0c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5' }: RuleParts = {},
): string {
  const lines = ['query: |', ...query.split('\n').map((line) => `  ${line}`), mappingsText(mappings)];
  return [`id: ${id}`, 'name: A rule', 'description: For a test.', ...(members === '' ? [] : [members]), ...lines, ''].join('\n');
}

async function validate(...args: readonly string[]): Promise<Ended> {
  return hunt(['validate', ...args]);
}

interface Report {
  readonly diagnostics: readonly Diagnostic[];
}

/** The diagnostics of one rule that begin with a prefix. */
async function said(prefix: string, query: string, parts: RuleParts = {}): Promise<readonly Diagnostic[]> {
  const { stdout } = await validate(bench.write('rule.yaml', ruleText(query, parts)), '--format', 'json');
  const { diagnostics } = JSON.parse(stdout) as Report;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors, undefined, 1));
  return diagnostics.filter(({ code }) => code.startsWith(prefix));
}

async function codes(query: string, parts: RuleParts = {}): Promise<readonly string[]> {
  return (await said('WISE', query, parts)).map(({ code }) => code);
}

describe('hunt validate', () => {
  it('says of the rules in rules/ what is unwise in them, and that they can be scheduled', async () => {
    const { exitCode, stdout, stderr } = await validate();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').filter((line) => /^rules\/|scheduled$/.test(line))).toEqual([
      'rules/host-exporting-mailbox-asim.yaml:25:6: warning WISE004: rows whose ActorUsername is empty join one another; it is so in rows of Sysmon where it knows no ParentUser',
      ...[
        'rules/host-exporting-mailbox-asim.yaml:25:6',
        'rules/host-exporting-mailbox-defender.yaml:24:7',
        'rules/host-exporting-mailbox-securityevent.yaml:29:5',
      ].map(
        (place) =>
          `${place}: information WISE007: rows join only within one bin of 1 h: a pair d apart is parted by an edge with the chance d / 1 h (1 min apart: 1.7 %, 5 min apart: 8.3 %, 30 min apart: 50.0 %); then it is not a match, and is reported on its own, always where d is up to 30 min`,
      ),
      '3 rules, 0 errors, 1 warning, 3 can be scheduled',
    ]);
  });

  it('shows every diagnostic of every rule in one run, each at its line with a caret', async () => {
    const folder = bench.path('mixed');
    bench.write('mixed/a.yaml', ruleText("imProcessCreate\n| where Proces has 'x'\n| where Dvc has 5", { members: 'severity: Grave' }));
    bench.write(
      'mixed/b.yaml',
      ruleText('imProcessCreate | summarize count() by Dvc', { mappings: 'Host FullName Dvc', id: '1c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5' }),
    );
    bench.write(
      'mixed/c.yml',
      ruleText("imProcessCreate | where Dvc has 'x'", { mappings: 'Host FullName Hots', id: '2c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5' }),
    );
    bench.write('mixed/d.yaml', 'id: [');
    bench.write('mixed/notes.txt', 'no rule');
    const { exitCode, stdout } = await validate(folder);
    expect(exitCode).toBe(1);
    const heads = bench
      .relative(stdout)
      .split('\n')
      .filter((line) => line.startsWith('mixed/'));
    expect(heads.map((line) => /^(\S+): (\w+ \w+)/.exec(line)?.slice(1).join(' '))).toEqual([
      'mixed/a.yaml:4:11 error RULE010',
      'mixed/a.yaml:7:11 error KS142',
      'mixed/a.yaml:8:15 error KS106',
      'mixed/b.yaml:5:3 warning WISE010',
      'mixed/b.yaml:5:21 warning PLAN002',
      'mixed/c.yml:7:75 error PLAN001',
      'mixed/d.yaml:1:6 error RULE001',
    ]);
    expect(bench.relative(stdout))
      .toContain(`mixed/a.yaml:7:11: error KS142: The name 'Proces' does not refer to any known column, table, variable or function.
    | where Proces has 'x'
            ^^^^^^
  hint: `);
    expect(stdout).toMatch(/\n4 rules, 5 errors, 2 warnings, 0 can be scheduled\n$/);
  });

  it('writes JSON with the diagnostics and the counts', async () => {
    const file = bench.write('one.yaml', ruleText('imProcessCreate', { mappings: 'Host FullName Dvc' }));
    const { exitCode, stdout } = await validate('--format', 'json', file);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      diagnostics: [
        {
          code: 'WISE010',
          severity: 'warning',
          message: 'no predicate can be sent to the workspace, so every row of imProcessCreate is read',
          hint: expect.stringContaining('where'),
          file,
          line: 5,
          column: 3,
          length: 15,
        },
      ],
      exclusions: [],
      rules: 1,
      errors: 0,
      warnings: 1,
      information: 0,
      schedulable: 1,
    });
  });

  it('checks and lists the exclusions of a folder, of which one has expired', async () => {
    const id = '0c3f2d1e-5b6a-4c7d-8e9f-a0b1c2d3e4f5';
    bench.write('excluding/rule.yaml', ruleText("imProcessCreate | where Dvc == 'x'", { mappings: 'Host FullName Dvc' }));
    const exclusion = (expires: string): string => `- {rule: ${id}, host: 'ex0*', reason: a lab, expires: ${expires}}\n`;
    bench.write('excluding/exclusions.yaml', exclusion('2026-03-10') + exclusion('never'));
    const { exitCode, stdout } = await validate(bench.path('excluding'));
    expect([exitCode, bench.relative(stdout)]).toEqual([0, expect.stringContaining('excluding/exclusions.yaml:1:')]);
    expect(stdout).toContain('warning EXCL010');
    expect(bench.relative(stdout)).toMatch(
      /excluding\/exclusions.yaml excludes\n {2}0c3f2d1e\S+: host ex0\*; until .*: a lab\n {2}0c3f2d1e\S+: host ex0\*; for good: a lab\n\n1 rule, 0 errors, 1 warning, 1 can be scheduled\n$/,
    );
    const json = JSON.parse((await validate(bench.path('excluding'), '--format', 'json')).stdout) as unknown;
    expect(json).toMatchObject({
      exclusions: [
        { rule: id, host: 'ex0*' },
        { expires: null, file: expect.stringContaining('exclusions.yaml') },
      ],
    });
  });

  it('reads a file that is named twice once, and reports an id that two files share in both', async () => {
    const [a, b] = ['twice/a.yaml', 'twice/b.yaml'].map((name) => bench.write(name, ruleText("imProcessCreate | where Dvc == 'x'")));
    expect((await validate(a!, a!)).stdout).toMatch(/^1 rule, 0 errors/m);
    expect((await validate(a!, b!)).stdout.match(/RULE007/g)).toHaveLength(2);
  });

  it('names every file that cannot be read and checks the others; names a folder without rules', async () => {
    const missing = await validate(bench.path('no.yaml'), bench.path('nor.yaml'));
    expect(missing).toMatchObject({ exitCode: 1, stdout: '' });
    expect(missing.stderr.match(/there is no such file or folder/g)).toHaveLength(2);
    const [good, lost] = [bench.write('found.yaml', ruleText("imProcessCreate | where Dvc == 'x'")), bench.path('lost.yaml')];
    expect(await validate(lost, good)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^1 rule, 0 errors/m),
      stderr: `error: ${lost} cannot be read: there is no such file or folder\n`,
    });
    bench.write('empty/notes.txt', '');
    expect(await validate(bench.path('empty'))).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('holds no rule') });
  });

  it('checks rules against the tables of a schema file, and none where that has an error', async () => {
    const rule = bench.write('asset.yaml', ruleText("Assets | where Ip == 'x'", { mappings: 'IP Address Ip' }));
    expect((await validate(rule)).stdout).toContain('KS204');
    const good = bench.write(
      'assets.json',
      '{"name": "Assets", "eventTime": "TimeGenerated", "columns": {"TimeGenerated": "datetime", "Ip": "string"}}',
    );
    expect(await validate(rule, '--schema', good)).toMatchObject({
      exitCode: 0,
      stdout: '1 rule, 0 errors, 0 warnings, 1 can be scheduled\n',
    });
    const bad = bench.write('bad.json', '{"name": "Assets", "columns": {"Ip": "text"}}');
    expect(await validate(rule, '--schema', bad)).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('SCHEMA004') });
  });

  it.each([
    [['--frmat', 'json'], "unknown option '--frmat'"],
    [['--format', 'xml'], 'Allowed choices are text, json'],
  ])('%j has exit code 2', async (args, message) => {
    const { exitCode, stderr } = await validate(...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

const pairs = (key: string, filter = ''): string =>
  ['New', 'Remove']
    .map((verb) => `imProcessCreate | where CommandLine has '${verb}-X'${filter} | summarize by Dvc, ${key}, t = bin(TimeGenerated, 1h)`)
    .join('\n| join kind=inner (') + `) on ${key}, t`;

describe('a host or an account that is too weak for Sentinel', () => {
  const filtered = (table: string): string => `${table} | where TimeGenerated > datetime(2026-01-01)`;

  it.each([
    ['WISE001', 'a HostName that is not split', filtered('SecurityEvent'), 'Host HostName Computer'],
    ['WISE001', 'a short name as FullName', filtered('Syslog'), 'Host FullName HostName'],
    ['WISE001', 'an operating system beside it', filtered('SecurityEvent'), 'Host HostName Computer OSFamily Type'],
    ['WISE002', 'an account Name without a domain', filtered('SecurityEvent'), 'Account Name Account'],
    [
      'WISE003',
      'the name of a built-in account, changed so that no companion belongs to it',
      `${filtered('DeviceProcessEvents')} | extend Who = tolower(AccountName)`,
      'Account FullName Who',
    ],
    ['WISE003', 'names of Linux, which have no domain', filtered('imProcessCreate'), 'Account FullName TargetUsername'],
  ])('is reported as %s for %s', async (code, _, query, mappings) => {
    const found = (await codes(query, { mappings })).filter((each) => /WISE00[123]/.test(each));
    expect(found).toEqual([code]);
  });

  it.each([
    ['a FullName that can be split', filtered('SecurityEvent'), 'Host FullName Computer'],
    ['a HostName with its domain', `${filtered('SecurityEvent')} | extend D = 'contoso.com'`, 'Host HostName Computer DnsDomain D'],
    ['a host with companions', filtered('imProcessCreate'), 'Host HostName Dvc'],
    ['an account with companions', filtered('DeviceProcessEvents'), 'Account FullName AccountName'],
    [
      'an account with a Sid beside it',
      `${filtered('DeviceProcessEvents')} | extend Who = tolower(AccountName)`,
      'Account FullName Who Sid AccountSid',
    ],
    [
      'a computed name, of which nothing is known',
      `${filtered('DeviceProcessEvents')} | extend Who = strcat(AccountDomain, @'\\', AccountName)`,
      'Account FullName Who',
    ],
    ['Linux, filtered out by its product', `${filtered('imProcessCreate')} and EventProduct == 'Sysmon'`, 'Account FullName ActorUsername'],
    ['Linux, filtered out by the name', `${filtered('imProcessCreate')} and ActorUsername != 'root'`, 'Account FullName ActorUsername'],
    [
      'Linux, filtered out by a program of Windows',
      `${filtered('imProcessCreate')} and Process has 'cmd.exe'`,
      'Account FullName ActorUsername',
    ],
    ['another type of entity', filtered('SecurityEvent'), 'Process ProcessId ProcessId'],
  ])('is not reported for %s', async (_, query, mappings) => {
    expect((await codes(query, { mappings })).filter((each) => /WISE00[123]/.test(each))).toEqual([]);
  });

  it('is reported at its mapping, with what it is known by', async () => {
    const [diagnostic] = await said('WISE001', "SecurityEvent | where Computer has 'x'", {
      mappings: 'IP Address IpAddress, Host HostName Computer',
    });
    expect(diagnostic).toMatchObject({
      line: 8,
      column: 18,
      length: 4,
      message: 'the host (HostName = Computer) is known to Sentinel by HostName alone, which other ones can share',
    });
  });
});

describe('a column that is often empty', () => {
  const asKey = pairs('ActorUsername');

  it('is reported as a join key, at the join, and not once more as a mapped column', async () => {
    const found = await said('WISE00', asKey, { mappings: 'Account FullName ActorUsername Sid Dvc' });
    expect(found.map(({ code, line, column }) => [code, line, column])).toEqual([
      ['WISE004', 6, 5],
      ['WISE007', 6, 5],
    ]);
  });

  it.each([
    ['where the rule filters it out on the left', asKey.replace("'New-X'", "'New-X' and isnotempty(ActorUsername)")],
    ['where the rule filters it out on the right', asKey.replace("'Remove-X'", "'Remove-X' and isnotempty(ActorUsername)")],
    ['where it is compared with a value', pairs('ActorUsername', " and ActorUsername == @'CONTOSO\\x'")],
    ['where the rule reads products that fill it', pairs('ActorUsername', " and EventProduct == 'Security Events'")],
    ['where the filter stands behind the join', `${asKey} | where ActorUsername != ''`],
    ['for a column that is filled', pairs('Process')],
  ])('is not reported as a key %s', async (_, query) => {
    expect(await codes(query, { mappings: 'Process ProcessId Dvc' })).toEqual(['WISE007']);
  });

  it('is reported as a mapped column', async () => {
    const [found, ...others] = await said('WISE005', "imProcessCreate | where Process has 'cmd.exe'", {
      mappings: 'Account FullName TargetUsername',
    });
    expect(others).toEqual([]);
    expect(found?.message).toBe(
      'Account FullName is mapped to TargetUsername, which is empty in rows of Windows event 4688, where the target is usually nobody',
    );
  });

  it('may hold "-" for nobody', async () => {
    const mappings = 'Account FullName TargetUserName';
    expect((await said('WISE005', 'SecurityEvent | where EventID == 4688', { mappings })).map(({ message }) => message)).toEqual([
      expect.stringContaining('which is "-" in rows of event 4688'),
    ]);
    expect(await said('WISE005', 'SecurityEvent | where EventID == 4624', { mappings })).toEqual([]);
    expect(await said('WISE005', "SecurityEvent | where EventID == 4688 and TargetUserName != '-'", { mappings })).toEqual([]);
  });

  it('is not reported as a mapped column where it is filtered', async () => {
    const query = "imProcessCreate | where Process has 'cmd.exe' | extend Who = TargetUsername | where isnotempty(Who)";
    expect(await said('WISE005', query, { mappings: 'Account FullName Who' })).toEqual([]);
  });
});

describe('a look-back that is too short', () => {
  const times = (frequency: string, period: string): RuleParts => ({
    members: `queryFrequency: ${frequency}\nqueryPeriod: ${period}`,
    mappings: 'Host FullName Dvc',
  });

  it('is shown with two rows that no run sees together', async () => {
    const [found] = await said('WISE006', pairs('Process'), times('1h', '1h'));
    expect(found).toMatchObject({
      line: 5,
      column: 1,
      length: 'queryPeriod'.length,
      message:
        'queryPeriod is 1 h and would have to be 2 h (queryFrequency 1 h and a bin of 1 h): in Sentinel, rows of 2026-03-10T10:29:59Z and 2026-03-10T10:30:01Z are in one bin, but the run at 2026-03-10T10:30:00Z comes before the second, and that at 2026-03-10T11:30:00Z looks back to 2026-03-10T10:30:00Z, behind the first',
    });
  });

  /** The four instants in a message: the rows, then the two runs. */
  it.each([
    ['1h', '1h'],
    ['5m', '1h'],
    ['1h', '90m'],
    ['14m', '73m'],
    ['1d', '1d'],
  ])('has such rows for every %s, %s: both in one bin, no run with both', async (frequency, period) => {
    const [found] = await said('WISE006', pairs('Process'), times(frequency, period));
    const [first, second, run, next, lookBack] = (found?.message.match(/2026-\S+?Z/g) ?? []).map((text) => Date.parse(text));
    const hour = (time = 0): number => Math.floor(time / 3_600_000);
    expect(hour(first)).toBe(hour(second));
    expect(second).toBeGreaterThan(run!);
    expect(first).toBeLessThan(lookBack!);
    const minutes = (text: string): number => Number.parseInt(text, 10) * ({ m: 1, h: 60, d: 1440 }[text.at(-1)!] ?? 0);
    expect([next! - run!, next! - lookBack!]).toEqual([minutes(frequency) * 60_000, minutes(period) * 60_000]);
  });

  it('of a rule of single rows is shown with one that no run sees', async () => {
    const query = "imProcessCreate | where Dvc == 'x'";
    const [found] = await said('WISE006', query, times('2h', '1h'));
    expect(found?.message).toBe(
      'queryPeriod is 1 h and would have to be 2 h: in Sentinel, a row of 2026-03-10T11:30:00Z is seen neither by the run at 2026-03-10T11:00:00Z nor by that at 2026-03-10T13:00:00Z, which looks back to 2026-03-10T12:00:00Z',
    );
    expect(await said('WISE006', query, times('1h', '1h'))).toEqual([]);
    expect(await said('WISE006', `${query} | summarize by Dvc, bin(TimeGenerated, 1h)`, times('1h', '1h'))).toEqual([]);
  });

  it('is enough at the frequency and a bin, and is not asked of a hunting rule', async () => {
    expect(await said('WISE006', pairs('Process'), times('1h', '2h'))).toEqual([]);
    expect(await said('WISE006', pairs('Process'), { mappings: 'Host FullName Dvc' })).toEqual([]);
    const counting = "imProcessCreate | where Dvc == 'x' | summarize N = count() by Dvc, bin(TimeGenerated, 30m)";
    expect(await said('WISE006', counting, times('1h', '90m'))).toEqual([]);
    expect(await said('WISE006', counting, times('1h', '89m'))).toHaveLength(1);
  });
});

describe('what else is unwise', () => {
  it('is a join in bins, for pairs that an edge parts', async () => {
    const [found] = await said('WISE007', pairs('Process').replaceAll('1h', '30m'), { mappings: 'Host FullName Dvc' });
    expect(found).toMatchObject({
      severity: 'information',
      message: expect.stringContaining('d / 30 min (1 min apart: 3.3 %, 5 min apart: 16.7 %)'),
    });
  });

  it.each([
    ['a summarize in bins', "imProcessCreate | where Dvc == 'x' | summarize by Dvc, bin(TimeGenerated, 1h)"],
    [
      'a join on the event time itself',
      "imProcessCreate | where Dvc == 'x' | join kind=inner (imProcessCreate | where Dvc == 'x') on Dvc, TimeGenerated",
    ],
    ['a join that finds no pairs', pairs('Process').replace('kind=inner', 'kind=leftanti')],
  ])('is not %s', async (_, query) => {
    expect(await codes(query, { mappings: 'Host FullName Dvc' })).toEqual([]);
  });

  it('is an aggregate that the service estimates', async () => {
    const query = (aggregate: string): string =>
      `imProcessCreate | where Dvc == 'x' | summarize N = ${aggregate} by Dvc, bin(TimeGenerated, 1h)`;
    const mappings = 'Host FullName Dvc';
    expect((await said('WISE008', query('dcount(Process)'), { mappings })).map(({ message }) => message)).toEqual([
      'dcount() is exact here and an estimate in the service, so results can differ by a few per cent',
    ]);
    expect(await said('WISE008', query('percentile(EventCount, 95)'), { mappings })).toHaveLength(1);
    expect(await said('WISE008', query('count()'), { mappings })).toEqual([]);
  });

  it('is a trim() of which it is open how much it removes', async () => {
    const query = (pattern: string): string => `imProcessCreate | where Dvc == trim(${pattern}, Process)`;
    const mappings = 'Host FullName Dvc';
    expect((await said('WISE011', query(`'"'`), { mappings })).map(({ message }) => message)).toEqual([
      'trim() of " removes one match at each end here, and perhaps more in the service: a run of characters, such as [" ]+, is the same in both',
    ]);
    for (const pattern of [`'-+'`, `@'\\s*'`, `'[" ]+'`, `@'[\\]\\w]+'`, `@'\\p{L}+'`])
      expect(await said('WISE011', query(pattern), { mappings })).toEqual([]);
    for (const pattern of [`'--'`, `'(ab)+'`, `'a|b+'`, `'^-+'`, `'-+?'`, `@'x\\s+'`])
      expect(await said('WISE011', query(pattern), { mappings })).toHaveLength(1);
  });

  it('is a query longer than Sentinel takes', async () => {
    const query = (length: number): string => "imProcessCreate | where Dvc == 'x' //".padEnd(length, '.');
    const mappings = 'Host FullName Dvc';
    // The text of a YAML block ends with a line break.
    expect(await codes(query(9_999), { mappings })).toEqual([]);
    expect((await said('WISE', query(10_000), { mappings })).map(({ message }) => message)).toEqual([
      'the query has 10001 characters; Sentinel takes 10000',
    ]);
  });

  it('is a table of which every row is read, once for each table', async () => {
    const mappings = 'Host FullName Computer';
    const query =
      'SecurityEvent | summarize by Computer, t = bin(TimeGenerated, 1h) | join kind=inner (SecurityEvent | where EventID == 1 | summarize by Computer, t = bin(TimeGenerated, 1h)) on Computer, t';
    expect((await said('WISE010', query, { mappings })).map(({ column }) => column)).toEqual([3]);
    expect(await said('WISE010', query.replace('SecurityEvent |', 'SecurityEvent | where EventID == 2 |'), { mappings })).toEqual([]);
    expect(await said('WISE010', "SecurityEvent | where TimeGenerated > ago(1d) | where Computer == 'x'", { mappings })).toEqual([]);
    expect(await said('WISE010', 'SecurityEvent | where TimeGenerated > ago(1d)', { mappings })).toHaveLength(1);
  });
});

describe('hunt validate --sources', () => {
  async function sources(setting: Readonly<Record<string, unknown>> | string, rule = 'securityevent'): Promise<readonly string[]> {
    const environment = { HUNT_SOURCES: typeof setting === 'string' ? setting : JSON.stringify(setting) };
    const { stdout } = await hunt(['validate', `rules/host-exporting-mailbox-${rule}.yaml`, '--sources', '--format', 'json'], {
      environment,
    });
    return (JSON.parse(stdout) as Report).diagnostics
      .filter(({ code }) => code.startsWith('SOURCE'))
      .map(({ code, file, line, column, length, message }) => `${file}:${line}:${column}+${length} ${code}: ${message}`);
  }

  it('has nothing to say of what holds without the setting, or of what only extends', async () => {
    for (const rule of ['asim', 'defender', 'securityevent']) expect(await sources('', rule)).toEqual([]);
    expect(
      await sources({ imProcessCreate: 'imProcessCreate(starttime={start}, endtime={end}) | extend Dvc = tolower(Dvc)' }, 'asim'),
    ).toEqual([]);
    expect(
      await sources({
        SecurityEvent: "SecurityEvent | extend Computer = iff(TimeGenerated > {start}, Computer, '') | extend Extra = 1",
      }),
    ).toEqual([]);
  });

  it('tells what the function would refuse at start', async () => {
    expect(await sources('[]')).toEqual(['HUNT_SOURCES:1:1+2 SOURCE001: HUNT_SOURCES is not a JSON object']);
    expect(await sources({ SecurityEvent: 'SecurityEvent | where true' })).toEqual([
      expect.stringContaining('SOURCE001: HUNT_SOURCES for the table "SecurityEvent" has, at character 15, a \'|\' without extend'),
    ]);
  });

  it.each([
    [
      'SecurityEvent | extend X = {start} + foo',
      "HUNT_SOURCES[SecurityEvent]:1:38+3 SOURCE002: KS142: The name 'foo' does not refer to any known column, table, variable or function.",
    ],
    [
      'SecurityEvnt',
      "HUNT_SOURCES[SecurityEvent]:1:1+12 SOURCE002: KS142: The name 'SecurityEvnt' does not refer to any known column, table, variable or function.",
    ],
    [
      'MySecurityEvents(1)',
      "HUNT_SOURCES[SecurityEvent]:1:1+16 SOURCE002: KS211: The name 'MySecurityEvents' does not refer to any known function.",
    ],
    ['union SecurityEvent', 'HUNT_SOURCES[SecurityEvent]:1:1+19 SOURCE003: this is more than a table or a function call with extends'],
    [
      'range x from 1 to 2 step 1',
      'HUNT_SOURCES[SecurityEvent]:1:1+26 SOURCE003: this is more than a table or a function call with extends',
    ],
    [
      "SecurityEvent | extend TimeGenerated = 'x'",
      'HUNT_SOURCES[SecurityEvent]:1:1+42 SOURCE004: the column TimeGenerated would be of type string, not datetime; rules/host-exporting-mailbox-securityevent.yaml reads it as the event time',
    ],
    [
      "SecurityEvent | extend EventID = '4688'",
      'HUNT_SOURCES[SecurityEvent]:1:1+39 SOURCE005: the column EventID would be of type string, not int; rules/host-exporting-mailbox-securityevent.yaml reads it',
    ],
    [
      "_Im_ProcessCreate(starttime={start}, endtime={end}, eventtype='ProcessCreated') | extend Computer = Dvc, SubjectUserName = User, EventID = toint(4688)",
      "HUNT_SOURCES[SecurityEvent]:1:1+17 SOURCE007: The function '_Im_ProcessCreate' expects 2 arguments.",
    ],
  ])('%s', async (source, expected) => {
    expect(await sources({ SecurityEvent: source })).toEqual([expected]);
  });

  it('names each column that a rule reads and the source lacks', async () => {
    expect(await sources({ SecurityEvent: 'Syslog' })).toEqual(
      ['EventID', 'CommandLine', 'Process', 'SubjectUserName'].map((name) =>
        expect.stringContaining(`SOURCE005: rows would have no column ${name}`),
      ),
    );
  });

  it('tells a source that no rule uses', async () => {
    expect(await sources({ Event: 'Event' })).toEqual(['HUNT_SOURCES[Event]:1:1+5 SOURCE006: no rule that was checked reads Event']);
  });

  it('is asked for: the setting does not matter without it', async () => {
    const environment = { HUNT_SOURCES: '[]' };
    expect((await hunt(['validate'], { environment })).exitCode).toBe(0);
    expect((await hunt(['validate', '--sources'], { environment })).exitCode).toBe(1);
  });
});

it('shows in its help what comes out', async () => {
  const { stdout: help } = await hunt(['validate', '--help']);
  const lines = help.split('\n').map((line) => line.replace(/^ {2}/, ''));
  const [from, to] = ['$ cat logons.yaml', '$ hunt validate logons.yaml'].map((command) => lines.indexOf(command));
  const { stdout } = await validate(bench.write('logons.yaml', lines.slice(from! + 1, to).join('\n')));
  expect(
    lines
      .slice(to! + 1)
      .join('\n')
      .trim(),
  ).toBe(bench.relative(stdout).trim());
});
