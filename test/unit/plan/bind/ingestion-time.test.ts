import { parseQuery } from '../../../../src/kql/parse';
import { compileQuery } from '../../../../src/plan/compile-query';
import type { TableSchema } from '../../../../src/schema/schema';
import { compile, runQuery, type Columns } from '../../../support/run-query';

const columns: Columns = { TimeGenerated: 'datetime', Id: 'string', Revision: 'int' };

const schema: Omit<TableSchema, 'columns'> = {
  name: 'T',
  callable: false,
  source: [],
  eventTime: undefined,
  aliases: {},
  companions: {},
  evidenceColumns: [],
};

const rows = [
  { TimeGenerated: '2026-03-10T11:00:00Z', Id: 'a', Revision: 1, $IngestionTime: '2026-03-10T11:53:00Z' },
  { TimeGenerated: '2026-03-10T11:01:00Z', Id: 'a', Revision: 1, $IngestionTime: '2026-03-10T11:58:00Z' },
  { TimeGenerated: '2026-03-10T11:02:00Z', Id: 'b', Revision: 1, $IngestionTime: '2026-03-10T11:55:00.0000001Z' },
  { TimeGenerated: '2026-03-10T11:03:00Z', Id: 'c', Revision: 2, $IngestionTime: null },
];

const run = (query: string) => runQuery(query, columns, rows);

describe('ingestion_time()', () => {
  it('is when the row arrived', async () => {
    expect(await run('T | where ingestion_time() > ago(5m) | project Id')).toEqual([['a'], ['b']]);
  });

  it('is null of a row that has no time of arrival', async () => {
    expect(await run('T | where isnull(ingestion_time()) | project Id')).toEqual([['c']]);
  });

  it('is of the row of the table, behind operators that look at one row at a time', async () => {
    const query = 'T | extend X = strcat(Id, "!") | project X, Id | where Id != "c" | where ingestion_time() <= ago(5m) | project X';
    expect(await run(query)).toEqual([['a!']]);
  });

  it('is no column of the table, neither by name nor for *', async () => {
    expect((await compile('T | where ingestion_time() > ago(5m)', columns)).columns.map(({ name }) => name)).toEqual(Object.keys(columns));
    await expect(compile("T | project ['$IngestionTime']", columns)).rejects.toThrow();
  });

  it('keeps of each id the row that arrived first', async () => {
    const query =
      'T | where Revision == 1 | extend Arrived = ingestion_time() | summarize arg_min(Arrived, *) by Id | where Arrived > ago(5m) | project Id, TimeGenerated';
    expect(await run(query)).toEqual([['b', '2026-03-10T11:02:00.0000000Z']]);
  });

  it('may stand in an aggregate and in a key', async () => {
    expect(await run('T | summarize min(ingestion_time()) by Id | where Id == "a"')).toEqual([['a', '2026-03-10T11:53:00.0000000Z']]);
    expect(await run('T | summarize count() by bin(ingestion_time(), 1h) | where count_ == 3')).toEqual([
      ['2026-03-10T11:00:00.0000000Z', '3'],
    ]);
  });

  it('is refused of rows that several rows or tables were made into', async () => {
    await expect(compile('T | summarize count() by Id | where ingestion_time() > ago(5m)', columns)).rejects.toThrow(
      /^KQL001 ingestion_time\(\) of rows/,
    );
    await expect(compile('T | join kind=inner (T) on Id | where ingestion_time() > ago(5m)', columns)).rejects.toThrow(/^KQL001/);
  });

  it('takes the name that Kusto gives it where it has none', async () => {
    const query = 'T | project Id, ingestion_time() | where ingestion_time() > ago(5m)';
    expect((await compile(query, columns)).columns.map(({ name }) => name)).toEqual(['Id', '$IngestionTime']);
    expect(await run(query)).toEqual([
      ['a', '2026-03-10T11:58:00.0000000Z'],
      ['b', '2026-03-10T11:55:00.0000001Z'],
    ]);
  });

  it('keeps a rule from being scheduled, with the reason', async () => {
    const table = { ...schema, columns: Object.entries(columns).map(([name, type]) => ({ name, type })) };
    const text = 'T | where ingestion_time() > datetime(2026-03-10) | summarize count() by Id, bin(TimeGenerated, 1h)';
    const { query, columns: inferred } = await parseQuery(text, { tables: [table] });
    const compiled = compileQuery(query!, inferred, { tables: [table] }, new Map([['T', table]]));
    expect(compiled).toMatchObject({ split: { splits: false, reason: expect.stringMatching(/^ingestion_time\(\) is approximate/) } });
  });
});
