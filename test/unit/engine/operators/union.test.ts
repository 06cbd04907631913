import { runQuery } from '../../../support/run-query';

const a = "datatable (K: string, N: long) ['a', 1, 'a', 1]";
const b = "datatable (N: long, X: bool, K: string) [2, true, 'b']";

describe('union', () => {
  it('keeps every row, and fills what an input lacks with null or an empty string', async () => {
    const rows = await runQuery(`union (${a}), (${b}), (print Y = 's')`, {}, []);
    expect(rows).toEqual([
      ['a', '1', null, ''],
      ['a', '1', null, ''],
      ['b', '2', 'true', ''],
      ['', null, null, 's'],
    ]);
  });

  it('gives a column of several types a column for each', async () => {
    const rows = await runQuery(`${a} | union kind=outer isfuzzy=true (print N = 'x') | project N_long, N_string`, {}, []);
    expect(rows).toEqual([
      ['1', ''],
      ['1', ''],
      [null, 'x'],
    ]);
  });

  it('kind=inner is outer where the columns are the same', async () => {
    expect(await runQuery(`union kind=inner (${a}), (${a} | project N, K) | count`, {}, [])).toEqual([['4']]);
  });

  it('withsource names the table of each row', async () => {
    expect(await runQuery('union withsource=Source T, T', { K: 'string' }, [{ K: 'k' }])).toEqual([
      ['T', 'k'],
      ['T', 'k'],
    ]);
  });

  it.each([
    [`union kind=inner (${a}), (${b})`, /kind=inner of tables with different columns/],
    [`union withsource=S (${a}), T`, /withsource over anything but tables/],
    ['union withsource=K T, T', /named as another, K/],
    ['union T*', /A pattern in place of a table/],
    ['union isfuzzy=true T, Nope', /The table Nope, of which no schema is known/],
    [`union (print N = 1), (print N = 's'), (print N_long = 2)`, /beside a column N_long/],
  ])('%s is refused', async (query, message) => {
    await expect(runQuery(query, { K: 'string' }, [])).rejects.toThrow(message);
  });
});
