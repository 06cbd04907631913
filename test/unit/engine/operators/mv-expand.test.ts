import { runQuery } from '../../../support/run-query';

const columns = { K: 'string', A: 'dynamic', B: 'dynamic' } as const;
const expand = (query: string, row: object) => runQuery(`T | ${query}`, columns, [{ K: 'k', ...row }]);

describe('mv-expand', () => {
  it('gives a row for each element, the other columns repeated', async () => {
    expect(await expand('mv-expand A | project K, A', { A: [1, 'x', { b: 2 }] })).toEqual([
      ['k', '1'],
      ['k', '"x"'],
      ['k', '{"b":2}'],
    ]);
  });

  it('gives one row for null, none for an empty array, one for a scalar', async () => {
    expect(await expand('mv-expand A | project A', {})).toEqual([[null]]);
    expect(await expand('mv-expand A | project A', { A: [] })).toEqual([]);
    expect(await expand('mv-expand A | project A', { A: {} })).toEqual([]);
    expect(await expand('mv-expand A | project A', { A: 'x' })).toEqual([['"x"']]);
  });

  it('takes a bag apart into bags, or into arrays of key and value', async () => {
    expect(await expand('mv-expand A | project A', { A: { a: 1, b: 2 } })).toEqual([['{"a":1}'], ['{"b":2}']]);
    expect(await expand('mv-expand kind=array A | project A', { A: { a: 1 } })).toEqual([['["a",1]']]);
    expect(await expand('mv-expand bagexpansion=array A | project A', { A: { a: 1 } })).toEqual([['["a",1]']]);
  });

  it('expands several columns in step and fills the shorter ones with nulls', async () => {
    expect(await expand('mv-expand A, X = B to typeof(string) | project A, X', { A: [1, 2], B: ['x'] })).toEqual([
      ['1', 'x'],
      ['2', ''],
    ]);
  });

  it.each([
    ['long', [7, '7', 1.5, null], ['7', null, null, null]],
    ['int', [7, 3_000_000_000], ['7', null]],
    ['real', [7, 1.5, '7'], ['7.0', '1.5', null]],
    ['bool', [true, 1], ['true', null]],
    ['string', ['x', 7, null, [1]], ['x', '7', '', '[1]']],
  ])('to typeof(%s) casts without converting', async (type, A, expected) => {
    expect((await expand(`mv-expand A to typeof(${type}) | project A`, { A })).map(([a]) => a)).toEqual(expected);
  });

  it('casts what JSON lacks to its own type alone', async () => {
    const elements = 'pack_array(datetime(2026-03-10), decimal(1.5), 1h)';
    for (const [type, value, expected] of [
      ['datetime', 'X + 1h', ['2026-03-10T01:00:00.0000000Z', null, null]],
      ['decimal', 'X', [null, '1.5', null]],
      ['timespan', 'X + 1h', [null, null, '02:00:00']],
    ] as const) {
      const rows = await expand(`mv-expand X = ${elements} to typeof(${type}) | project ${value}`, {});
      expect(rows.map(([x]) => x)).toEqual(expected);
    }
  });

  it('numbers elements from 0, and cuts at a limit', async () => {
    expect(await expand('mv-expand with_itemindex=I A limit 2 | project A, I', { A: ['x', 'y', 'z'] })).toEqual([
      ['"x"', '0'],
      ['"y"', '1'],
    ]);
  });

  it('names a new column as Kusto does, and replaces an old one where it stands', async () => {
    expect(await expand('mv-expand A.b', { A: { b: [1] } })).toEqual([['k', '{"b":[1]}', null, '1']]);
    expect(await expand('mv-expand A = B', { B: [1] })).toEqual([['k', '1', '[1]']]);
  });

  it('cuts at 128 in the old form, where no limit is written', async () => {
    const A = Array.from({ length: 200 }, (_, index) => index);
    expect(await expand('mvexpand A', { A })).toHaveLength(128);
    expect(await expand('mvexpand A limit 150', { A })).toHaveLength(150);
    expect(await expand('mv-expand A', { A })).toHaveLength(200);
  });

  it.each([['mv-expand with_itemindex=K A', /two columns named K/]])('%s is refused', async (query, message) => {
    await expect(expand(query, {})).rejects.toThrow(message);
  });
});
