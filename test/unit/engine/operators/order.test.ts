import { runQuery } from '../../../support/run-query';

const columns = { S: 'string', N: 'long', R: 'real' } as const;

const numbered = (query: string, rows: readonly object[]) => runQuery(`T | ${query} | serialize`, columns, rows as never);

describe('sort', () => {
  const rows = [{ N: 2 }, {}, { N: 1 }];

  it.each([
    ['N', ['2', '1', null]],
    ['N desc', ['2', '1', null]],
    ['N asc', [null, '1', '2']],
    ['N asc nulls last', ['1', '2', null]],
    ['N desc nulls first', [null, '2', '1']],
  ])('by %s puts nulls where Kusto does', async (by, expected) => {
    expect((await numbered(`sort by ${by}`, rows)).map(([, n]) => n)).toEqual(expected);
  });

  it('orders strings by their code units', async () => {
    const texts = ['b', 'B', 'a', '', 'é'].map((S) => ({ S }));
    expect((await numbered('order by S asc', texts)).map(([s]) => s)).toEqual(['', 'B', 'a', 'b', 'é']);
  });

  it('puts NaN beside the nulls', async () => {
    const reals = [{ R: 1 }, { R: 'NaN' }, {}, { R: '-Infinity' }];
    expect((await numbered('sort by R asc', reals)).map(([, , r]) => r)).toEqual([null, 'NaN', '-Infinity', '1.0']);
    expect((await numbered('sort by R desc', reals)).map(([, , r]) => r)).toEqual(['1.0', '-Infinity', 'NaN', null]);
  });

  it('goes by several keys', async () => {
    const pairs = [
      { S: 'a', N: 1 },
      { S: 'b', N: 2 },
      { S: 'a', N: 2 },
    ];
    expect((await numbered('sort by N, S asc', pairs)).map(([s, n]) => `${s}${n}`)).toEqual(['a2', 'b2', 'a1']);
  });
});

describe('top and take', () => {
  const rows = [3, 1, 2, 2].map((N, index) => ({ N, S: 'dcba'[index] }));

  it('top gives the first of the order, of equal rows the least', async () => {
    expect((await runQuery('T | top 2 by N', columns, rows)).map(([s, n]) => `${s}${n}`)).toEqual(['d3', 'a2']);
  });

  it('take after a sort keeps the order; without one it takes the least rows', async () => {
    expect((await runQuery('T | sort by N asc | where N > 1 | take 1', columns, rows)).map(([s]) => s)).toEqual(['a']);
    expect((await runQuery('T | limit 2', columns, rows)).map(([s]) => s)).toEqual(['a', 'b']);
  });

  it('an operator that loses the order loses it for take', async () => {
    expect((await runQuery('T | sort by N | summarize by S | take 1', columns, rows)).map(([s]) => s)).toEqual(['a']);
  });

  it('take the earliest also where the query drops the time', async () => {
    const rows = [
      { Time: '2026-03-10T11:00:00Z', S: 'a' },
      { Time: '2026-03-10T10:00:00Z', S: 'b' },
    ];
    for (const query of [
      'T | take 1 | project S',
      'T | extend K = 1 | join (print K = 1) on K | project S',
      'T | summarize take_any(S)',
      'T | serialize N = row_number() | where N == 1 | project S',
      'print toscalar(T | project S, Time)',
    ])
      expect([query, await runQuery(query, { Time: 'datetime', S: 'string' }, rows)]).toEqual([query, [['b']]]);
  });
});

describe('window functions', () => {
  const rows = [30, 10, 20].map((N) => ({ N, S: `s${N}` }));

  it.each([
    ['row_number()', ['1', '2', '3']],
    ['row_number(7)', ['7', '8', '9']],
    ['row_number(1, N == 20)', ['1', '1', '2']],
    ['prev(N)', [null, '10', '20']],
    ['next(N)', ['20', '30', null]],
    ['prev(N, 2)', [null, null, '10']],
    ['prev(N, 1, -1)', ['-1', '10', '20']],
    ['prev(S)', ['', 's10', 's20']],
    ['N - prev(N)', [null, '10', '10']],
    ['row_number(1, prev(N) == 10)', ['1', '1', '2']],
  ])('%s over rows in order', async (call, expected) => {
    expect((await runQuery(`T | sort by N asc | extend X = ${call} | project X`, columns, rows)).map(([x]) => x)).toEqual(expected);
  });

  it('serialize gives rows without an order the canonical one', async () => {
    expect(await runQuery('T | project N | serialize X = row_number()', columns, rows)).toEqual([
      ['10', '1'],
      ['20', '2'],
      ['30', '3'],
    ]);
  });

  it('may stand in a predicate', async () => {
    expect(await runQuery('T | sort by N asc | where prev(N) == 10 | project N', columns, rows)).toEqual([['20']]);
  });

  it.each([
    ['T | extend X = row_number()', /row_number over rows in no order/],
    ['T | sort by N | summarize by N | extend X = prev(N)', /prev over rows in no order/],
    ['T | sort by N | extend X = prev(N, N)', /an offset that is not a constant/],
    ['T | sort by N | extend X = prev(N, -1)', /an offset that is not a constant/],
    ['T | sort by N | extend X = row_number(N)', /a start that is not a constant/],
    ['T | sort by N | serialize N = row_number()', /a column N that exists/],
    ['T | take toint(S)', /./],
  ])('%s is refused', async (query, message) => {
    await expect(runQuery(query, columns, [])).rejects.toThrow(message);
  });
});

it('make_list follows a sort, not the order of rows', async () => {
  const rows = [2, 3, 1].map((N) => ({ N }));
  expect(await runQuery('T | sort by N desc | summarize make_list(N)', columns, rows)).toEqual([['[3,2,1]']]);
  expect(await runQuery('T | summarize make_list(N)', columns, rows)).toEqual([['[1,2,3]']]);
});

describe('running sums and ranks', () => {
  const departures = ['BA 2', 'EL 3', 'LH 3', 'UA 3', 'LY 100'].map((text) => ({ S: text.split(' ')[0], N: Number(text.split(' ')[1]) }));
  const column = async (call: string): Promise<readonly unknown[]> =>
    (await runQuery(`T | sort by N asc, S asc | extend X = ${call} | project X`, columns, departures as never)).flat();

  it.each([
    ['row_cumsum(N)', ['2', '5', '8', '11', '111']],
    ["row_cumsum(N, S == 'UA')", ['2', '5', '8', '3', '103']],
    ['row_cumsum(N / 2.0)', ['1.0', '2.5', '4.0', '5.5', '55.5']],
    ['row_cumsum(iff(N == 3, long(null), N))', ['2', '2', '2', '2', '102']],
    ['row_cumsum(tolong(S))', ['0', '0', '0', '0', '0']],
    ['row_rank_dense(N)', ['1', '2', '2', '2', '3']],
    ['row_rank_min(N)', ['1', '2', '2', '2', '5']],
    ["row_rank_dense(N, S == 'UA')", ['1', '2', '2', '1', '2']],
    ["row_rank_min(N, S == 'UA')", ['1', '2', '2', '1', '2']],
    ['row_rank_dense(iff(N == 3, long(null), N))', ['1', '2', '2', '2', '3']],
  ])('%s', async (call, expected) => {
    expect(await column(call)).toEqual(expected);
  });

  it('are refused over rows in no order', async () => {
    await expect(runQuery('T | extend X = row_cumsum(N)', columns, [])).rejects.toThrow(/rows in no order/);
  });
});
