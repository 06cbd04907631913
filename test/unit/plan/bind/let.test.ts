import { runQuery } from '../../../support/run-query';

const columns = { Host: 'string', Pid: 'long', Score: 'real' } as const;
const rows = [
  { Host: 'a', Pid: 1, Score: 1 },
  { Host: 'b', Pid: 2, Score: 2 },
];
const run = (query: string) => runQuery(query, columns, rows);

describe('a let function', () => {
  it.each([
    ['of scalars', 'let twice = (x: long) { x * 2 }; T | project twice(Pid)', [['2'], ['4']]],
    ['with a let of its own', 'let f = (x: long) { let y = x + 1; y * 10 }; T | project f(Pid)', [['20'], ['30']]],
    [
      'with arguments by name and by default',
      "let f = (a: long, b: string = 'z') { strcat(b, a) }; T | project f(a = Pid), f(Pid, b = 'y')",
      [
        ['z1', 'y1'],
        ['z2', 'y2'],
      ],
    ],
    ['that calls another', 'let f = (x: long) { x + 1 }; let g = (y: long) { f(y) * f(y) }; T | project g(Pid)', [['4'], ['9']]],
    ['that widens a long', 'let f = (r: real) { r / 2 }; print f(1)', [['0.5']]],
    ['that asks for an int and gets a whole number', 'let f = (n: int) { n + 1 }; print f(5)', [['6']]],
    ['that is invoked', 'let over = (t: (Pid: long), n: long) { t | where Pid > n }; T | invoke over(1) | project Host', [['b']]],
    [
      'that is invoked with its default',
      'let some = (t: (*), n: long = 1) { t | take n }; T | where Pid > 0 | invoke some() | count',
      [['1']],
    ],
    ['that gives a table', 'let over = (n: long) { T | where Pid > n }; over(1) | project Host', [['b']]],
    ['of a table', 'let hosts = (t: (Host: string), p: string) { t | where Host == p | distinct Host }; hosts(T, "a")', [['a']]],
    ['of any table', 'let n = (t: (*)) { t | count }; n(T)', [['2']]],
    ['without parameters', 'let big = () { T | where Pid > 1 }; union big(), big() | count', [['2']]],
    ['named like a view', 'let v = view () { T | where Pid > 1 }; v | project Host', [['b']]],
    ['inside a predicate', 'let isBig = (x: long) { x > 1 }; T | where isBig(Pid) | project Host', [['b']]],
    ['that holds a query', 'let top1 = () { toscalar(T | summarize max(Pid)) }; T | where Pid == top1() | project Host', [['b']]],
  ])('%s', async (_, query, expected) => {
    expect(await run(query)).toEqual(expected);
  });

  it('reads its parameters, never the columns of the caller or of its own tables', async () => {
    expect(await run('let f = (Host: string, Pid: long) { strcat(Host, Pid) }; T | extend X = f("x", Pid) | project X')).toEqual([
      ['x1'],
      ['x2'],
    ]);
    await expect(run('let f = (p: long) { toscalar(T | where Pid == p | count) }; T | extend X = f(Pid)')).rejects.toThrow(
      /A query inside a function/,
    );
  });

  it('takes no argument of another type', async () => {
    await expect(run('let f = (x: int) { x }; print f(5000000000)')).rejects.toThrow(
      /An argument of type long for a parameter of type int/,
    );
    await expect(run('let f = (x: long) { x }; print f(1.5)')).rejects.toThrow(/An argument of type real for a parameter of type long/);
  });
});

describe('a let', () => {
  it.each([
    ['of a table in parentheses', 'let t = (T | where Pid > 1); t | project Host', [['b']]],
    ['of a table that is materialized', 'let t = materialize(T | where Pid > 1); t | union t | count', [['2']]],
    ['hides a table of the same name', 'let T = print Host = "x"; T', [['x']]],
    ['of a list beside a table of a query', 'let names = dynamic(["a"]); T | where Host in (names) | project Host', [['a']]],
  ])('%s', async (_, query, expected) => {
    expect(await run(query)).toEqual(expected);
  });

  it('stands behind a column of its name', async () => {
    expect(await run('let Host = "x"; T | where Host == "a" | project Pid')).toEqual([['1']]);
  });
});

it.each([
  'evaluate bag_unpack(Bag)',
  'partition by Host (take 1)',
  'fork (count)',
  'facet by Host',
  'reduce by Host',
  'sample 3',
  'getschema',
  'make-series count() on Pid step 1',
])('T | %s is refused, and the operator named', async (operator) => {
  const query = `let f = (t: (*)) { t }; T | ${operator}`;
  await expect(runQuery(query, { ...columns, Bag: 'dynamic' }, [])).rejects.toThrow(
    new RegExp(`^KQL001 The operator ${operator.split(' ')[0] ?? ''} is not supported`),
  );
});

it.each(['search "x"', 'find "x"'])('%s is refused', async (query) => {
  await expect(run(query)).rejects.toThrow(/^KQL001 The operator (search|find) is not supported/);
});

it('orders columns by a pattern as Kusto does', async () => {
  const query = 'print b = 1, a10 = 2, a9 = 3, a = 4 | project-reorder ';
  expect(await run(`${query} a* granny-asc`)).toEqual([['4', '3', '2', '1']]);
  expect(await run(`${query} a* asc`)).toEqual([['4', '2', '3', '1']]);
  expect(await run(`${query} a* desc, b`)).toEqual([['3', '2', '4', '1']]);
  expect(await run(`${query} a9, *`)).toEqual([['3', '1', '2', '4']]);
  expect(await run('print t = 1, B = 2, TT = 3, a = 4, A_ = 5 | project-reorder * asc')).toEqual([['4', '5', '2', '1', '3']]);
});
