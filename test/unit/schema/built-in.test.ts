import { readdirSync, readFileSync } from 'node:fs';
import { canonicalName, entityTypes } from '../../../src/rule/entity-types';
import { builtInSchemas } from '../../../src/schema/built-in';
import { parseSchemaFile } from '../../../src/schema/parse-schema-file';

const files = readdirSync('src/schema/tables').map((name) => `src/schema/tables/${name}`);

describe('the built-in schemas', () => {
  it.each(files)('%s is a schema file without a flaw, and built in', (file) => {
    const { schemas, diagnostics } = parseSchemaFile(file, readFileSync(file, 'utf8'));
    expect(diagnostics).toEqual([]);
    expect(schemas.length).toBeGreaterThan(0);
    for (const schema of schemas) expect(builtInSchemas[schema.name]).toEqual(schema);
  });

  it('are all in files, each with the pages that publish it', () => {
    expect(new Set(Object.values(builtInSchemas).map(({ columns }) => columns)).size).toBe(files.length);
    for (const { source } of Object.values(builtInSchemas)) expect(source[0]).toMatch(/^https:\/\/learn\.microsoft\.com\//);
  });

  it.each([
    [
      'imProcessCreate',
      'TimeGenerated',
      { Dvc: 'string', CommandLine: 'string', TargetProcessId: 'string', EventCount: 'int', AdditionalFields: 'dynamic' },
    ],
    ['_Im_ProcessCreate', 'TimeGenerated', { ActorUsername: 'string', ActingProcessFileSize: 'long', ThreatIsActive: 'bool' }],
    [
      'DeviceProcessEvents',
      'Timestamp',
      { TimeGenerated: 'datetime', Timestamp: 'datetime', ProcessId: 'long', AdditionalFields: 'dynamic' },
    ],
    ['SecurityEvent', 'TimeGenerated', { EventID: 'int', Process: 'string', NewProcessId: 'string', LogonType: 'int' }],
  ])('%s has the published types', (name, eventTime, columns) => {
    const schema = builtInSchemas[name];
    expect(schema?.eventTime).toBe(eventTime);
    expect(Object.fromEntries((schema?.columns ?? []).map((column) => [column.name, column.type]))).toMatchObject(columns);
  });

  it('read every column of a companion, and name identifiers that Sentinel has', () => {
    for (const { evidenceColumns, companions } of Object.values(builtInSchemas)) {
      for (const companion of Object.values(companions).flat()) {
        expect(evidenceColumns).toContain(companion.column);
        expect([...(entityTypes['Account'] ?? []), ...(entityTypes['Host'] ?? [])]).toContain(companion.identifier);
        expect(canonicalName(['Sid', 'NTDomain', 'DnsDomain', 'AadUserId', 'AzureID'], companion.identifier)).toBe(companion.identifier);
      }
    }
  });

  it('read all evidence columns that they publish under their own names, each once', () => {
    for (const { columns, evidenceColumns } of Object.values(builtInSchemas)) {
      const names = columns.map(({ name }) => name);
      expect(evidenceColumns.filter((name) => !names.includes(name))).toEqual([]);
      expect(new Set(evidenceColumns).size).toBe(evidenceColumns.length);
    }
  });

  it('know the companions of the columns that name accounts and hosts', () => {
    expect(builtInSchemas['SecurityEvent']?.companions['SubjectUserName']).toEqual([
      { column: 'SubjectDomainName', identifier: 'NTDomain' },
      { column: 'SubjectUserSid', identifier: 'Sid' },
    ]);
    expect(builtInSchemas['DeviceProcessEvents']?.companions['AccountName']?.map(({ column }) => column)).toEqual([
      'AccountDomain',
      'AccountSid',
      'AccountObjectId',
    ]);
    expect(builtInSchemas['imProcessCreate']?.companions['Dvc']?.slice(0, 2)).toEqual([
      { column: 'DvcDomain', identifier: 'DnsDomain', when: { column: 'DvcDomainType', equals: 'FQDN' } },
      { column: 'DvcDomain', identifier: 'NTDomain', when: { column: 'DvcDomainType', equals: 'Windows' } },
    ]);
    expect(builtInSchemas['DeviceProcessEvents']?.companions['DeviceName']).toBeUndefined();
  });
});
