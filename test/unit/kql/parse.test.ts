import { parseQuery } from '../../../src/kql/parse';
import type { DatabaseSchema } from '../../../src/kql/database';

const columns = [
  { name: 'Time', type: 'datetime' },
  { name: 'Host', type: 'string' },
  { name: 'Count', type: 'int' },
  { name: 'Bag', type: 'dynamic' },
] as const;

const database: DatabaseSchema = {
  tables: [
    { name: 'T', columns, callable: false },
    { name: '_Im_T', columns, callable: true },
  ],
};

async function literalOf(text: string): Promise<unknown> {
  const { query, problems } = await parseQuery(`T | extend X = ${text}`, database);
  if (query?.body.kind !== 'pipe' || query.body.operator.kind !== 'extend') throw new Error(JSON.stringify(problems));
  const [column] = query.body.operator.columns;
  return column?.value.kind === 'literal' ? [column.value.type, column.value.text] : column?.value;
}

describe('literals', () => {
  it.each([
    [`'a\\n\\u00e9"'`, ['string', 'a\né"']],
    [`@"c:\\x ""q"""`, ['string', 'c:\\x "q"']],
    [`h'secret'`, ['string', 'secret']],
    [`'a' "b"`, ['string', 'ab']],
    ['1h', ['timespan', '01:00:00']],
    ['1.5d', ['timespan', '1.12:00:00']],
    ['10tick', ['timespan', '00:00:00.0000010']],
    ['100ms', ['timespan', '00:00:00.1000000']],
    ['timespan(1.02:03:04)', ['timespan', '1.02:03:04']],
    ['time(5)', ['timespan', '5.00:00:00']],
    ['12', ['long', '12']],
    ['0x1F', ['long', '31']],
    ['9007199254740993', ['long', '9007199254740993']],
    ['int(5)', ['int', '5']],
    ['long(null)', ['long', null]],
    ['1.5', ['real', '1.5']],
    ['1e3', ['real', '1000.0']],
    ['true', ['bool', 'true']],
    ['datetime(2026-03-10 10:00:00.1234567)', ['datetime', '2026-03-10T10:00:00.1234567Z']],
    ['datetime(2026-03-10)', ['datetime', '2026-03-10T00:00:00.0000000Z']],
    ['datetime(null)', ['datetime', null]],
    ['guid(74BE27DE-1E4E-49D9-B579-FE0B331D3642)', ['guid', '74be27de-1e4e-49d9-b579-fe0b331d3642']],
    ['decimal(1.50)', ['decimal', '1.5']],
    ['dynamic({"a": [1, 2.5, null]})', ['dynamic', '{"a":[1,2.5,null]}']],
    ['int(-2147483648)', ['int', '-2147483648']],
    ['decimal(1.234567890123456789012345678901234)', ['decimal', '1.234567890123456789012345678901234']],
    ['real(-inf)', ['real', '-Infinity']],
  ])('reads %s', async (text, expected) => {
    await expect(literalOf(text)).resolves.toEqual(expected);
  });

  it.each([
    'int(2147483648)',
    '9223372036854775808',
    '1e999',
    'decimal(12345678901234567890123456789012345)',
    'datetime(2026-02-30)',
    '106751992d',
    'time(25:00:00)',
    'bool(2)',
    'guid(x)',
    'dynamic([datetime(2026-02-30)])',
  ])('refuses %s, which no value of its type is', async (text) => {
    expect((await parseQuery(`T | extend X = ${text}`, database)).problems).toMatchObject([{ code: 'KQL001' }]);
  });
});

describe('problems', () => {
  it.each([
    ['T | where Nope == 1', 'KS142', [10, 14]],
    ['Nope | count', 'KS204', [0, 4]],
    ["T | where Count has 'a'", 'KS106', [16, 19]],
    ['T | sample 3', 'KQL001', [4, 12]],
    ['T | evaluate bag_unpack(Bag)', 'KQL001', [4, 28]],
    ['T | fork (count) (take 1)', 'KQL001', [4, 25]],
    ['set truncationmaxrecords = 5; T', 'KQL001', [0, 28]],
  ])('of %s are placed', async (text, code, [start, end]) => {
    const { query, problems } = await parseQuery(text, database);
    expect(query).toBeUndefined();
    expect(problems[0]).toMatchObject({ code, span: { start, end } });
  });

  const codesOf = async (text: string): Promise<readonly string[]> => {
    const { problems } = await parseQuery(text, database);
    return problems.map(({ code, span: { start, end } }) => `${code} ${text.slice(start, end)}`);
  };

  it('of a query are all told at once, in the order of the text: what cannot be run, in lets that nothing names and in arguments too', async () => {
    expect(
      await codesOf(
        'let unused = T | sample 3; T | where url_decode(Host) == "a" and rand() > 0.5 | extend X = url_encode(format_bytes(1))',
      ),
    ).toEqual([
      'KQL001 sample 3',
      'KQL001 url_decode(Host)',
      'KQL001 rand()',
      'KQL001 url_encode(format_bytes(1))',
      'KQL001 format_bytes(1)',
    ]);
  });

  it('of the second of two operators are told beside those of the first, and beside what Microsoft finds', async () => {
    expect(await codesOf('T | sample 3 | where Nope == rand() | make-series count() on Time step 1h')).toEqual([
      'KQL001 sample 3',
      'KS142 Nope',
      'KQL001 rand()',
      'KQL001 make-series count() on Time step 1h',
    ]);
  });

  it('of a function that neither Kusto nor the query has are told once', async () => {
    expect(await codesOf('T | where nope(Host)')).toEqual(['KS211 nope']);
    expect(await codesOf('let f = (x: string) { strcat(x, "a") }; T | where f(Host) == "a"')).toEqual([]);
  });

  it('of a function with the name of one of Kusto’s own are told: which of the two is called is not the same to all', async () => {
    expect(await codesOf("let strcat = (x: string) { 'mine' }; T | project strcat(Host, 'a')")).toEqual(['KQL001 strcat']);
  });

  it.each(['T | where', 'T | where (', 'let x =; T', 'T | join', '| where true', 'T | where Host has'])(
    'of %p, which lacks parts, are told without a crash',
    async (text) => {
      const { query, problems } = await parseQuery(text, database);
      expect([query, problems[0]?.code]).toEqual([undefined, expect.stringMatching(/^K/)]);
    },
  );

  it('of ten thousand nested parentheses are an error, not a crash', async () => {
    const { query, problems } = await parseQuery(`T | where ${'('.repeat(10_000)}true${')'.repeat(10_000)}`, database);
    expect(query).toBeUndefined();
    expect(problems[0]?.severity).toBe('error');
  });
});

it('names unnamed expressions as Kusto does', async () => {
  const { query, columns: inferred } = await parseQuery(
    "_Im_T(starttime=datetime(2026-03-10)) | summarize by bin(Time, 1h), tostring(Bag), strcat(Host, 'x')",
    database,
  );
  if (query?.body.kind !== 'pipe' || query.body.operator.kind !== 'summarize') throw new Error('no summarize');
  expect(query.body.operator.by.map(({ autoName }) => autoName)).toEqual(['Time', 'Bag', undefined]);
  expect(inferred?.map(({ name }) => name)).toEqual(['Time', 'Bag', 'Column1']);
});

it('reads the parts of a join', async () => {
  const { query } = await parseQuery(
    'T | join kind=inner hint.strategy=broadcast (T | where Count between (1 .. 2)) on Time, $left.Host == $right.Host',
    database,
  );
  if (query?.body.kind !== 'pipe' || query.body.operator.kind !== 'join') throw new Error('no join');
  expect(query.body.operator.joinKind).toBe('inner');
  expect(query.body.operator.on.map(({ kind }) => kind)).toEqual(['name', 'call']);
});
