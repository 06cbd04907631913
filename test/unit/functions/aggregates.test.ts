import { compile, runQuery, type Cells, type Columns } from '../../support/run-query';

const columns: Columns = {
  k: 'string',
  s: 'string',
  i: 'int',
  l: 'long',
  r: 'real',
  t: 'datetime',
  p: 'timespan',
  b: 'bool',
  d: 'dynamic',
};

const rows: readonly Cells[] = [
  { k: 'a', s: 'x', i: 1, l: 5, r: 0.1, t: '2026-03-10T10:00:00Z', p: '01:00:00', b: true, d: { a: 1 } },
  { k: 'a', s: 'y', i: 2, l: 3, r: 0.2, t: '2026-03-10T11:00:00Z', p: '02:00:00', b: false, d: { b: 2 } },
  { k: 'a', s: '', l: 9, r: 0.3, t: '2026-03-10T12:00:00Z', b: true, d: ['q', 'p'] },
  { k: 'b', s: 'x', i: 4 },
];

const summarize = (text: string, over: readonly Cells[] = rows) => runQuery(`T | summarize ${text}`, columns, over);

it.each([
  ['count()', '4'],
  ['countif(b)', '2'],
  ['sum(i)', '7'],
  ['sum(l)', '17'],
  ['sum(p)', '03:00:00'],
  ['sumif(l, b)', '14'],
  ['avg(i)', '2.3333333333333335'],
  ['avg(l)', '5.666666666666667'],
  ['avg(p)', '01:30:00'],
  ['avg(t)', '2026-03-10T11:00:00.0000000Z'],
  ['avgif(l, b)', '7.0'],
  ['min(l)', '3'],
  ['max(i)', '4'],
  ['min(s)', ''],
  ['max(t)', '2026-03-10T12:00:00.0000000Z'],
  ['minif(l, b)', '5'],
  ['maxif(i, b)', '1'],
  ['dcount(s)', '3'],
  ['dcount(i)', '3'],
  ['dcountif(s, b)', '2'],
  ['count_distinct(s)', '3'],
  ['make_list(i)', '[1,2,4]'],
  ['make_list(i, 2)', '[1,2]'],
  ['make_list_with_nulls(i)', '[1,2,null,4]'],
  ['make_list_if(s, b)', '["x",""]'],
  ['make_set(s)', '["","x","y"]'],
  ['make_set(s, 2)', '["","x"]'],
  ['makeset(s)', '["","x","y"]'],
  ['make_set_if(l, b)', '[5,9]'],
  ['make_set(l * 4)', '[12,20,36]'],
  ['make_set(i * 5)', '[5,10,20]'],
  ['make_set(d)', '["p","q",{"a":1},{"b":2}]'],
  ['make_bag(d)', '{"a":1,"b":2}'],
  ['take_any(s)', 'x'],
  ['take_anyif(l, s == "y")', '3'],
  ['percentile(l, 50)', '5'],
  ['percentile(l, 0)', '3'],
  ['percentile(l, 100)', '9'],
  ['max(l) - min(l)', '6'],
  ['tostring(make_set(l))', '[3,5,9]'],
])('%s over the rows is %s', async (text, expected) => {
  await expect(summarize(text)).resolves.toEqual([[expected]]);
});

it.each([
  ['count()', '0'],
  ['sum(l)', '0'],
  ['avg(l)', 'NaN'],
  ['avg(t)', null],
  ['min(l)', null],
  ['max(s)', ''],
  ['dcount(s)', '0'],
  ['make_list(s)', '[]'],
  ['make_set(s)', '[]'],
  ['make_bag(d)', '{}'],
  ['take_any(l)', null],
  ['percentile(l, 50)', null],
  ['stdev(l)', '0.0'],
])('%s over no rows is %s', async (text, expected) => {
  await expect(summarize(text, [])).resolves.toEqual([[expected]]);
});

describe('arg_max and arg_min', () => {
  it('take the values of one row', async () => {
    await expect(summarize('arg_max(l, s, i), arg_min(l, s) by k')).resolves.toEqual([
      ['a', '9', '', null, '3', 'y'],
      ['b', null, 'x', '4', null, 'x'],
    ]);
  });

  it('give all columns but the keys for a star', async () => {
    await expect(runQuery('T | project k, s, l | summarize arg_max(l, *) by k', columns, rows)).resolves.toEqual([
      ['a', '9', ''],
      ['b', null, 'x'],
    ]);
  });

  it('count tostring() of a string among the keys as that string, and of another type as a column of its own', async () => {
    await expect(runQuery('T | project k, s, l | summarize arg_max(l, *) by tostring(k)', columns, rows)).resolves.toEqual([
      ['a', '9', ''],
      ['b', null, 'x'],
    ]);
    await expect(
      runQuery('T | project k, l | summarize arg_max(l, *), take_any(*) by tostring(l)', columns, [{ k: 'a', l: 1 }]),
    ).resolves.toEqual([['1', '1', 'a', 'a', '1']]);
  });

  it('take the least row in canonical order among equals: the earliest, then the smallest values', async () => {
    const equal = [
      { l: 1, s: 'late', t: '2026-03-10T11:00:00Z' },
      { l: 1, s: 'early z', t: '2026-03-10T10:00:00Z' },
      { l: 1, s: 'early a', t: '2026-03-10T10:00:00Z' },
    ];
    await expect(summarize('arg_max(l, s, t)', equal)).resolves.toEqual([['1', 'early a', '2026-03-10T10:00:00.0000000Z']]);
    await expect(summarize('arg_max(l, s, t)', [...equal].reverse())).resolves.toEqual([['1', 'early a', '2026-03-10T10:00:00.0000000Z']]);
  });
});

it('take_any of several columns takes one row', async () => {
  await expect(summarize('take_any(s, l) by k')).resolves.toEqual([
    ['a', 'x', '5'],
    ['b', 'x', null],
  ]);
});

it('lists are in the order of time where the query reads a time', async () => {
  await expect(summarize('make_list(s), max(t) by k')).resolves.toEqual([
    ['a', '["x","y",""]', '2026-03-10T12:00:00.0000000Z'],
    ['b', '["x"]', null],
  ]);
});

it.each([
  ['stdev(l)', '1.5811388300841898'],
  ['variance(l)', '2.5'],
  ['stdevp(r)', '1.4142135623730951'],
  ['variancep(l)', '2.0'],
  ['stdevif(l, l < 3)', '0.7071067811865476'],
])('%s of 1 to 5 is %s', async (text, expected) => {
  const five = [3, 1, 2, 5, 4].map((value) => ({ l: value, r: value }));
  await expect(summarize(text, five)).resolves.toEqual([[expected]]);
});

it('a greatest size may be named', async () => {
  await expect(summarize('make_set(l, maxSize = 1), make_set_if(l, true, maxsize = 1)')).resolves.toEqual([['[3]', '[3]']]);
});

it('percentiles gives a column for each', async () => {
  await expect(summarize('percentiles(l, 25, 50, 75)')).resolves.toEqual([['3', '5', '9']]);
});

it('gives the same whatever the order of rows', async () => {
  const text =
    'sum(r), avg(r), stdev(r), make_list(s), make_set(s), make_list(l), make_bag(d), take_any(s), take_any(i, l), arg_max(i, s), arg_min(l, d) by k';
  const expected = await summarize(text);
  const orders = [
    [3, 2, 1, 0],
    [2, 0, 3, 1],
    [1, 3, 0, 2],
  ];
  for (const order of orders) {
    const shuffled = await summarize(
      text,
      order.map((index) => rows[index] ?? {}),
    );
    expect([...shuffled].sort()).toEqual([...expected].sort());
  }
});

it.each([
  'make_list(s, l)',
  'make_list(s, size = 3)',
  'make_set(maxSize = 3)',
  'max(s = l)',
  'percentile(l, l)',
  'percentile(l, 101)',
  'percentile(l, -1)',
  'dcount(d)',
  'hll(l)',
  'max(b)',
])('%s is refused', async (text) => {
  await expect(compile(`T | summarize ${text}`, columns)).rejects.toThrow(/KQL001|KS\d+/);
});

it('percentile takes the nearest rank, whatever a division of reals makes of it', async () => {
  const hundred = Array.from({ length: 100 }, (_, index): Cells => ({ l: index + 1 }));
  await expect(summarize('percentile(l, 55), percentile(l, 7), percentile(l, 14), percentile(l, 99.5)', hundred)).resolves.toEqual([
    ['55', '7', '14', '100'],
  ]);
});
