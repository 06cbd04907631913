import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceRow } from '../../../src/engine/rows';
import { parseRow, readRows, type RowShape } from '../../../src/local/read-rows';
import { RowReport } from '../../../src/local/row-report';
import { instant } from '../../../src/value/instant';

const folder = mkdtempSync(join(tmpdir(), 'rows-'));
afterAll(() => rmSync(folder, { recursive: true }));

const shape: RowShape = {
  name: 'T',
  eventTime: 'TimeGenerated',
  columns: [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'Name', type: 'string' },
    { name: 'Size', type: 'long' },
  ],
  evidenceColumns: ['Id', 'Name2'],
};

async function read(text: string, of: RowShape = shape): Promise<{ rows: readonly SourceRow[]; report: RowReport }> {
  const file = join(folder, 'rows.ndjson');
  writeFileSync(file, text);
  const report = new RowReport();
  const rows: SourceRow[] = [];
  for await (const row of readRows(file, of, report)) rows.push(row);
  return { rows, report };
}

const time = '"TimeGenerated":"2026-03-10T10:59:59.9999999Z"';

describe('rows from a file', () => {
  it('have values in the order of the columns, and evidence as text', async () => {
    const { rows, report } = await read(`{"Size":5,"Name":"a",${time},"Id":17,"Name2":{"b":[1]}}`);
    expect(rows).toEqual([{ table: 'T', values: [instant('2026-03-10T10:59:59.9999999Z'), 'a', 5n], evidence: ['17', '{"b":[1]}'] }]);
    expect([report.rows, report.lines()]).toEqual([1, []]);
  });

  it('have empty values for missing and null cells, which is not worth a word', async () => {
    const { rows, report } = await read(`{${time},"Name":null}`);
    expect(rows[0]?.values.slice(1)).toEqual(['', null]);
    expect(rows[0]?.evidence).toEqual(['', '']);
    expect(report.lines()).toEqual([]);
  });

  it('keep longs and dynamic values exact', async () => {
    const { rows } = await read(`{${time},"Size":9223372036854775807}`);
    expect(rows[0]?.values[2]).toBe(9223372036854775807n);
    const dynamic = await read(`{${time},"D":{"2":1.0,"1":12345678901234567}}`, {
      ...shape,
      columns: [...shape.columns, { name: 'D', type: 'dynamic' }],
    });
    expect(dynamic.rows[0]?.values[3]).toEqual(
      new Map<string, unknown>([
        ['2', 1],
        ['1', 12345678901234567n],
      ]),
    );
  });

  it('stay when a cell is of another type: it is read as empty, and reported', async () => {
    const { rows, report } = await read(`{${time},"Name":7,"Size":"much"}\n{${time},"Size":1.5}`);
    expect(rows.map(({ values }) => values.slice(1))).toEqual([
      ['', null],
      ['', null],
    ]);
    expect([report.rows, report.count('cell')]).toEqual([2, 3]);
    expect(report.examples('cell').map(({ line, column, detail }) => `${line} ${column} ${detail}`)).toEqual([
      '1 Name not a string',
      '1 Size not a long',
      '2 Size not a long',
    ]);
  });

  it('go when there is no event time, and are reported', async () => {
    const { rows, report } = await read(`{"Name":"a"}\n{"TimeGenerated":"yesterday"}\n{"TimeGenerated":null}\n{${time}}`);
    expect(rows).toHaveLength(1);
    expect(report.examples('event-time').map(({ line, column, detail }) => `${line} ${column} ${detail}`)).toEqual([
      '1 TimeGenerated missing or null',
      '2 TimeGenerated not a datetime',
      '3 TimeGenerated missing or null',
    ]);
  });

  it('need no event time where the table has none', async () => {
    const { rows } = await read('{"Name":"a"}', { ...shape, eventTime: undefined, columns: [{ name: 'Name', type: 'string' }] });
    expect(rows.map(({ values }) => values)).toEqual([['a']]);
  });

  it('take TimeGenerated where they have no Timestamp', async () => {
    const timestamped: RowShape = { ...shape, eventTime: 'Timestamp', columns: [{ name: 'Timestamp', type: 'datetime' }] };
    const { rows, report } = await read(`{${time}}\n{${time},"Timestamp":"2026-03-10T00:00:00Z"}`, timestamped);
    expect(rows.map(({ values }) => values[0])).toEqual([instant('2026-03-10T10:59:59.9999999Z'), instant('2026-03-10T00:00:00Z')]);
    expect(report.count('event-time')).toBe(0);
  });

  it('are not made of lines that hold no object', async () => {
    const { rows, report } = await read(`[{${time}}]\n{"a"\n7\nnull\n{${time}}\n`);
    expect(rows).toHaveLength(1);
    expect([report.count('not-json'), report.count('not-object')]).toEqual([1, 3]);
  });

  it('have the members counted that their table does not have', async () => {
    const known = new Set(['TimeGenerated', 'Name', 'Size', 'Other']);
    const { report } = await read(`{${time},"Nmae":"a","Other":1}\n{${time},"Nmae":"a","X":1}`, { ...shape, known });
    expect([...report.extraColumns]).toEqual([
      ['Nmae', 2],
      ['X', 1],
    ]);
  });

  it('may have members named like those of every JavaScript object', async () => {
    const row = parseRow('{"__proto__":"a","constructor":"b"}', false);
    expect(row).toEqual(
      new Map([
        ['__proto__', 'a'],
        ['constructor', 'b'],
      ]),
    );
    expect(parseRow('{}', false)).toEqual(new Map());
  });

  it('are read alike by the fast and by the exact reader', () => {
    for (const text of ['{"a":1,"b":"x","c":null,"d":true,"e":1.5,"f":"\\u00e9\\n"}', '{"a":', '[1]', '{}', ' {"a" : "b" } ', '']) {
      const [fast, exact] = [parseRow(text, false), parseRow(text, true)];
      const plain = (row: typeof fast): unknown =>
        typeof row === 'string' ? row : [...row].map(([key, cell]) => [key, typeof cell === 'bigint' ? Number(cell) : cell]);
      expect(plain(fast)).toEqual(plain(exact));
    }
  });
});

describe('the report on a file', () => {
  it('says how many and where first, without values', async () => {
    const { report } = await read(`${'{"Name":"secret"}\n'.repeat(5)}{${time},"Size":"secret","Extra":"secret"}`);
    const lines = report.lines().map((line) => line.replace(folder, ''));
    expect(lines).toEqual([
      '5 × no event time: row skipped',
      '  /rows.ndjson:1: TimeGenerated: missing or null',
      '  /rows.ndjson:2: TimeGenerated: missing or null',
      '  /rows.ndjson:3: TimeGenerated: missing or null',
      '  and 2 more',
      "1 × a cell that is not of its column's type: read as empty",
      '  /rows.ndjson:6: Size: not a long',
      'columns that the table does not have, not read: Extra (1)',
    ]);
  });

  it('stays small whatever the rows hold', () => {
    const report = new RowReport();
    for (let index = 0; index < 1000; index++) report.addExtraColumn(`column${index}`);
    expect(report.extraColumns.size).toBe(100);
    expect(report.lines()[0]).toMatch(/column99 \(1\) and more under other names \(900\)$/);
  });
});
