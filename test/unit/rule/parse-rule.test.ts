import { parseRule } from '../../../src/rule/parse-rule';

const head = ['id: 1A6F998A-b9a4-4030-bd58-6606d66608f9', 'name: Some rule', 'description: What it finds.'];
const query = ['query: |', '  T', '  | take 1'];

/** The diagnostics of a rule with these lines between its facts and its query, as `line:column code` and the text they underline. */
function said(...lines: readonly string[]): readonly string[] {
  const text = [...head, ...lines, ...query].join('\n');
  return parseRule('r.yaml', text).diagnostics.map(({ line, column, length, code, severity }) => {
    const underlined = text.split('\n')[line - 1]?.slice(column - 1, column - 1 + length);
    return `${line}:${column} ${severity} ${code} ${underlined}`;
  });
}

describe('a rule file', () => {
  it('is read whole', () => {
    const text = [
      ...head,
      'severity: high',
      'kind: Scheduled',
      'requiredDataConnectors: []',
      'version: 1.0.0',
      'queryFrequency: 1h',
      'queryPeriod: P1DT2H',
      'triggerOperator: gt',
      'triggerThreshold: 0',
      'tactics:',
      '  - Credential access',
      '  - lateralmovement',
      '  - LateralMovement',
      'relevantTechniques: [T1114, t1021.001]',
      'tags:',
      '  - Solorigate',
      '  - Schema: ASIMProcessEvent',
      '    SchemaVersion: 0.1.0',
      'entityMappings:',
      '  - entityType: account',
      '    fieldMappings:',
      '      - identifier: fullname',
      '        columnName: AccountCustomEntity',
      ...query,
    ].join('\n');
    const { rule, diagnostics } = parseRule('r.yaml', text);
    expect(diagnostics.map(({ code }) => code)).toEqual(['RULE029', 'RULE029']);
    expect(rule).toEqual({
      file: 'r.yaml',
      id: '1a6f998a-b9a4-4030-bd58-6606d66608f9',
      idPlace: { line: 1, column: 5, length: 36 },
      name: 'Some rule',
      description: 'What it finds.',
      severity: 'High',
      tactics: ['CredentialAccess', 'LateralMovement'],
      relevantTechniques: ['T1114', 'T1021.001'],
      tags: ['Solorigate', 'Schema: ASIMProcessEvent', 'SchemaVersion: 0.1.0'],
      query: 'T\n| take 1\n',
      queryPlace: { line: 26, column: 1, length: 5 },
      queryPosition: expect.any(Function),
      entityMappings: [
        {
          entityType: 'Account',
          entityTypePlace: { line: 22, column: 17, length: 7 },
          fieldMappings: [
            {
              identifier: 'FullName',
              identifierPlace: { line: 24, column: 21, length: 8 },
              columnName: 'AccountCustomEntity',
              columnNamePlace: { line: 25, column: 21, length: 19 },
            },
          ],
        },
      ],
      queryFrequency: 36_000_000_000n,
      queryPeriod: 936_000_000_000n,
      queryPeriodPlace: { line: 9, column: 1, length: 11 },
      triggerOperator: 'gt',
      triggerThreshold: 0,
    });
  });

  it('of a hunting rule has no severity, schedule or trigger', () => {
    const { rule, diagnostics } = parseRule('r.yaml', [...head, ...query].join('\n'));
    expect(diagnostics).toEqual([]);
    expect(rule).toMatchObject({
      severity: undefined,
      entityMappings: undefined,
      queryPeriod: undefined,
      triggerOperator: undefined,
      tactics: [],
    });
  });

  it('loses the quotes that Sentinel puts inside the block of a description', () => {
    const text = ['id: 1a6f998a-b9a4-4030-bd58-6606d66608f9', 'name: n', 'description: |', "  'Two", "  lines'", ...query].join('\n');
    expect(parseRule('r.yaml', text).rule?.description).toBe('Two\nlines');
  });

  it.each([
    ['suppressionEnabled: true', '4:21 error RULE015 true'],
    ['suppressionDuration: an hour', '4:22 error RULE013 an hour'],
    ['enabled: false', '4:10 error RULE016 false'],
    ['alertDetailsOverride: {alertSeverityColumnName: S}', '4:24 error RULE017 alertSeverityColumnName'],
    ['alertDetailsOverride: {alertTacticsColumnName: S}', '4:24 error RULE017 alertTacticsColumnName'],
    ['alertDetailsOverride: {alertDisplayNameFormat: "{{A}}"}', '4:24 warning RULE018 alertDisplayNameFormat'],
    ['customDetails: {A: B}', '4:1 warning RULE019 customDetails'],
    ['eventGroupingSettings: {aggregationKind: AlertPerResult}', '4:42 warning RULE020 AlertPerResult'],
    ['incidentConfiguration: {createIncident: false}', '4:41 error RULE021 false'],
    ['incidentConfiguration: {createIncident: true, groupingConfiguration: {enabled: true}}', '4:70 warning RULE022 {enabled: true}'],
    ['sentinelEntitiesMappings: [{columnName: Entities}]', '4:1 error RULE023 sentinelEntitiesMappings'],
    ['kind: Fusion', '4:7 error RULE009 Fusion'],
    ['severity: Critical', '4:11 error RULE010 Critical'],
    ['queryFrequency: hourly', '4:17 error RULE013 hourly'],
    ['queryPeriod: 1d', '4:1 information RULE029 queryPeriod'],
    ['tactics: [Ransomware]', '4:11 warning RULE011 Ransomware'],
    ['relevantTechniques: [T11]', '4:22 warning RULE012 T11'],
    ['tactics: Collection', '4:10 error RULE005 Collection'],
    ['severity: {a: b}', '4:11 error RULE005 {a: b}'],
    ['customDetails: B', '4:16 error RULE005 B'],
    ['entityMappings: Host', '4:17 error RULE005 Host'],
    ['surpressionEnabled: true', '4:1 warning RULE008 surpressionEnabled'],
    ['constructor: 1', '4:1 warning RULE008 constructor'],
    ['name: again', '4:1 error RULE002 name'],
    ['tags: [a', '5:1 error RULE001 q'],
    ['tags: *none', '4:7 error RULE001 *none'],
    ['\ttags: []', '4:1 error RULE001 \t'],
  ])('%s', (line, expected) => {
    expect(said(line)).toContain(expected);
  });

  it.each([
    'suppressionEnabled: false',
    'suppressionDuration: 5h',
    'enabled: true',
    'eventGroupingSettings: {aggregationKind: SingleAlert}',
    'incidentConfiguration: {createIncident: true, groupingConfiguration: {enabled: false}}',
    'kind: NRT',
    'customDetails:',
    'entityMappings: []',
    'tactics: [Collection, ]',
    'status: Available',
  ])('has nothing said of it for "%s", which is what happens here', (line) => {
    expect(said(line)).toEqual([]);
  });

  it.each([
    ['gt', '5', '5:19 error RULE014 5'],
    ['lt', '1', '4:18 error RULE014 lt'],
    ['eq', '0', '4:18 error RULE014 eq'],
    ['gt', '"0.5"', '5:19 error RULE014 "0.5"'],
    ['gt', 'none', '5:19 error RULE014 none'],
  ])('with the trigger %s %s is refused', (operator, threshold, expected) => {
    expect(said(`triggerOperator: ${operator}`, `triggerThreshold: ${threshold}`)).toEqual([expected]);
  });

  it('with half a trigger is refused', () => {
    expect(said('triggerThreshold: 0')).toEqual(['4:1 error RULE014 triggerThreshold']);
    expect(said('triggerOperator: GreaterThan', 'triggerThreshold: 0')).toEqual([]);
  });

  it('suggests the name that an unknown one is a slip of', () => {
    const hints = ['entityMapping: []', 'techniques: []', 'tatics: []', 'zzz: 1'].map(
      (line) => parseRule('r.yaml', [...head, line, ...query].join('\n')).diagnostics[0]?.hint ?? '',
    );
    expect(hints.map((hint) => /^Did you mean (\w+)\?/.exec(hint)?.[1])).toEqual([
      'entityMappings',
      'relevantTechniques',
      'tactics',
      undefined,
    ]);
  });

  it('names everything that is missing at once', () => {
    const { rule, diagnostics } = parseRule('r.yaml', 'tags: []\n');
    expect(rule).toBeUndefined();
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'RULE004 "id" is missing',
      'RULE004 "name" is missing',
      'RULE004 "query" is missing',
      'RULE030 the rule has no description',
    ]);
  });

  it.each([
    ['', 'RULE003'],
    ['# only a comment\n', 'RULE003'],
    ['- a\n- b\n', 'RULE003'],
    ['just text', 'RULE003'],
    ['id: 1\n---\nid: 2\n', 'RULE003'],
    [`id: 7\nname: n\ndescription: d\nquery: T\n`, 'RULE006'],
    ['id: 1a6f998a-b9a4-4030-bd58-6606d66608f9\nname: n\ndescription: d\nquery: "  "\n', 'RULE004'],
    ['id: 1a6f998a-b9a4-4030-bd58-6606d66608f9\nname: n\ndescription: d\nquery: [T]\n', 'RULE005'],
    [`a: ${'['.repeat(50_000)}`, 'RULE001'],
    [`a: "${'x'.repeat(1024 * 1024)}"`, 'RULE001'],
  ])('that holds no rule gives none, and says why (%#)', (text, code) => {
    const { rule, diagnostics } = parseRule('r.yaml', text);
    expect(rule).toBeUndefined();
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
  });

  it('with one fence of two is refused', () => {
    const text = [...head, 'query: |', '  ```kusto', '  T'].join('\n');
    expect(parseRule('r.yaml', text).diagnostics.map(({ code, line }) => `${code} ${line}`)).toEqual(['RULE028 4']);
  });

  it('may stand between lines of three hyphens, behind blank lines and a byte order mark, with Windows line ends', () => {
    const plain = parseRule('r.yaml', [...head, ...query, ''].join('\n')).rule;
    const dressed = parseRule('r.yaml', ['\ufeff', '---', ...head, ...query, '---', ''].join('\r\n'));
    expect(dressed.diagnostics).toEqual([]);
    expect(dressed.rule?.query).toBe(plain?.query);
  });

  it('does not grow with aliases of aliases', () => {
    const bombs = Array.from({ length: 30 }, (_, index) => `  a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)} *a${index}]`);
    const text = [...head, 'metadata:', '  a0: &a0 x', ...bombs, 'tags: *a30', ...query].join('\n');
    expect(parseRule('r.yaml', text).rule?.tags).toEqual([]);
  });
});

describe('entity mappings', () => {
  const mapping = (type: string, ...fields: readonly string[]): readonly string[] => [
    'entityMappings:',
    `  - entityType: ${type}`,
    '    fieldMappings:',
    ...fields.map((field) => `      - ${field}`),
  ];

  it.each([
    [mapping('Machine', '{identifier: FullName, columnName: C}'), '5:17 error RULE024 Machine'],
    [mapping('Host', '{identifier: Computer, columnName: C}'), '7:22 error RULE025 Computer'],
    [mapping('Host', '{identifier: HostName}'), '7:9 error RULE005 {identifier: HostName}'],
    [mapping('Host', '{identifier: HostName, columnName: ""}'), '7:44 error RULE005 ""'],
    [mapping('Host', '{identifier: HostName, columnName: A}', '{identifier: hostname, columnName: B}'), '8:22 error RULE026 hostname'],
    [mapping('Host', '{identifier: HostName, columnName: A, column: B}'), '7:47 warning RULE008 column'],
    [['entityMappings:', '  - entityType: Host'], '5:5 error RULE005 entityType: Host'],
    [['entityMappings:', '  - Host'], '5:5 error RULE005 Host'],
    [
      mapping('Account', ...['Name', 'Sid', 'NTDomain', 'PUID'].map((name) => `{identifier: ${name}, columnName: A}`)),
      '10:9 warning RULE027 {identifier: PUID, columnName: A}',
    ],
  ])('%j', (lines, expected) => {
    expect(said(...lines)).toContain(expected);
  });

  it('keep what is right when something else is wrong', () => {
    const lines = mapping('Host', '{identifier: HostName, columnName: A}', '{identifier: Nope, columnName: B}');
    const { rule } = parseRule('r.yaml', [...head, ...lines, ...query].join('\n'));
    expect(rule?.entityMappings?.map(({ fieldMappings }) => fieldMappings.map(({ identifier }) => identifier))).toEqual([['HostName']]);
  });
});
