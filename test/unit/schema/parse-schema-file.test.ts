import { parseSchemaFile } from '../../../src/schema/parse-schema-file';

const whole = {
  name: 'Custom_CL',
  otherNames: ['Custom2_CL'],
  source: ['https://example.com'],
  eventTime: 'TimeGenerated',
  columns: { TimeGenerated: 'datetime', Host: 'string', Domain: 'string', Kind: 'string' },
  aliases: { Host: 'Domain' },
  evidenceColumns: ['Domain', 'Kind'],
  companions: { Host: [{ column: 'Domain', identifier: 'DnsDomain', when: { column: 'Kind', equals: 'FQDN' } }] },
};

/** `line:column code message` of each diagnostic for the schema with these members changed. */
function said(change: object): readonly string[] {
  const { schemas, diagnostics } = parseSchemaFile('s.json', JSON.stringify({ ...whole, ...change }, null, 1));
  expect(schemas.length === 0).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  return diagnostics.map(({ code, message }) => `${code} ${message}`);
}

describe("a user's schema file", () => {
  it('gives a schema for each name', () => {
    const { schemas, diagnostics } = parseSchemaFile('s.json', JSON.stringify(whole));
    expect(diagnostics).toEqual([]);
    expect(schemas.map(({ name, eventTime }) => `${name} ${eventTime}`)).toEqual(['Custom_CL TimeGenerated', 'Custom2_CL TimeGenerated']);
    expect(schemas[0]?.columns[0]).toEqual({ name: 'TimeGenerated', type: 'datetime' });
    expect(schemas[0]?.companions).toEqual(whole.companions);
  });

  it('needs no more than a name and columns', () => {
    const { schemas, diagnostics } = parseSchemaFile('s.json', '{"name": "T", "columns": {"a": "int"}}');
    expect(diagnostics).toEqual([]);
    expect(schemas).toEqual([
      {
        name: 'T',
        source: [],
        eventTime: undefined,
        columns: [{ name: 'a', type: 'int' }],
        aliases: {},
        evidenceColumns: [],
        companions: {},
        callable: false,
      },
    ]);
  });

  it.each([
    [{ name: 'no name' }, 'SCHEMA002 "name" is not the name of a table'],
    [{ columns: {} }, 'SCHEMA002 "columns" is missing or empty'],
    [{ columns: { TimeGenerated: 'datetime', A: 'text' } }, 'SCHEMA004 column A: "text" is not a type of Kusto'],
    [{ columns: [] }, 'SCHEMA003 not an object'],
    [{ eventTime: 'Time' }, 'SCHEMA003 "eventTime" is neither TimeGenerated nor Timestamp'],
    [{ eventTime: 'Timestamp' }, 'SCHEMA005 the schema has no datetime column Timestamp'],
    [{ aliases: { Nope: 'Host' } }, 'SCHEMA005 the schema has no column "Nope"'],
    [{ aliases: { Host: 'Nope' } }, 'SCHEMA005 the schema has no column "Nope"'],
    [{ evidenceColumns: ['Kind'] }, 'SCHEMA005 the companion Domain is not read'],
    [{ evidenceColumns: 'Kind' }, 'SCHEMA003 not a list of texts'],
    [{ evidenceColumns: [{}] }, 'SCHEMA003 not a text'],
    [{ companions: { Host: {} } }, 'SCHEMA003 the companions of Host are not a list'],
    [{ companions: { Host: [{ column: 'Domain' }] } }, 'SCHEMA003 a companion without "identifier"'],
    [{ callable: 'often' }, 'SCHEMA003 neither true nor false'],
    [{ colums: {} }, 'SCHEMA006 unknown member "colums"'],
  ])('%j', (change, expected) => {
    expect(said(change)).toContain(expected);
  });

  it('that is no JSON or no object is refused with its place', () => {
    const places = ['{"name": "T",\n "columns": {"a" "int"}}', '[1]', '', '{"name": "T", "name": "U", "columns": {"a": "int"}}'].map(
      (text) => {
        const { schemas, diagnostics } = parseSchemaFile('s.json', text);
        expect(schemas).toEqual([]);
        return `${diagnostics[0]?.code} ${diagnostics[0]?.file}:${diagnostics[0]?.line}`;
      },
    );
    expect(places).toEqual(['SCHEMA001 s.json:2', 'SCHEMA003 s.json:1', 'SCHEMA003 s.json:1', 'SCHEMA001 s.json:1']);
  });
});
