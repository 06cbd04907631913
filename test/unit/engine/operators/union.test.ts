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

  it('withsource gives the names that `as` has given', async () => {
    const text =
      "union withsource=Source (T | where K == 'k' | as Few), (print K = 'x' | as hint.materialized=true Printed) | sort by Source asc";
    expect(await runQuery(text, { K: 'string' }, [{ K: 'k' }])).toEqual([
      ['Few', 'k'],
      ['Printed', 'x'],
    ]);
    expect(await runQuery('T | as Left | union withsource=Source T | sort by Source asc', { K: 'string' }, [{ K: 'k' }])).toEqual([
      ['Left', 'k'],
      ['T', 'k'],
    ]);
  });

  it('a name that `as` has given stands for no table, not even where one is called so', async () => {
    const refused = (text: string) => expect(runQuery(text, { K: 'string' }, [])).rejects.toThrow(/a name that `as` has given/);
    await refused('T | as Left | join kind=inner (Left) on K');
    await refused("T | where K == 'k' | as T | join kind=inner (T) on K");
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
