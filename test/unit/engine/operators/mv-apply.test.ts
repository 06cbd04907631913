import { compile, runQuery } from '../../../support/run-query';

const columns = { K: 'string', N: 'long', A: 'dynamic', B: 'dynamic' } as const;
const apply = (query: string, row: object) => runQuery(`T | ${query}`, columns, [{ K: 'k', N: 1, ...row }]);

describe('mv-apply', () => {
  it('gives the row once for each element that the subquery lets through, its own columns first', async () => {
    expect(await apply('mv-apply X = A to typeof(long) on (where X > 1)', { A: [1, 2, 3], B: 'b' })).toEqual([
      ['k', '1', '[1,2,3]', '"b"', '2'],
      ['k', '1', '[1,2,3]', '"b"', '3'],
    ]);
  });

  it('moves a column that is expanded under its own name to the end', async () => {
    expect(await apply("mv-apply A on (where A has 'net')", { A: ['net', 'x'], B: 0 })).toEqual([['k', '1', '0', '"net"']]);
  });

  it('keeps the columns of the row that the subquery leaves out, and what it adds', async () => {
    const subquery = 'extend Y = strcat(K, X) | project Z = Y, N | extend W = N + 1';
    expect(await apply(`mv-apply X = A to typeof(string) on (${subquery})`, { A: ['x', 'y'] })).toEqual([
      ['k', '1', '["x","y"]', null, 'kx', '2'],
      ['k', '1', '["x","y"]', null, 'ky', '2'],
    ]);
  });

  it('keeps the columns of the row as they were where the subquery renames or leaves them out', async () => {
    const rows = await apply('mv-apply X = A to typeof(string) on (project-rename L = K | project-away X, N)', { A: ['x'] });
    expect(rows).toEqual([['k', '1', '["x"]', null, 'k']]);
  });

  it('numbers the elements, cuts at a limit, and goes through several arrays in step', async () => {
    const query = 'mv-apply with_itemindex=I X = A to typeof(string), Y = B to typeof(long) limit 2 on (where I > 0 | project X, Y)';
    expect(await apply(query, { A: ['x', 'y', 'z'], B: [1] })).toEqual([['k', '1', '["x","y","z"]', '[1]', 'y', null]]);
  });

  it('takes null and an empty array as mv-expand does', async () => {
    expect(await apply('mv-apply X = A on (project X)', { A: [] })).toEqual([]);
    expect(await apply('mv-apply X = A on (project X)', {})).toEqual([['k', '1', null, null, null]]);
    expect(await apply('mv-apply X = A on (where isnotnull(X))', {})).toEqual([]);
  });

  it('can expand, parse and look up within the subquery', async () => {
    const query =
      "mv-apply X = A to typeof(string) on (mv-expand Y = B to typeof(string) | parse X with P '=' Q | where Q == Y | project P)";
    expect(await apply(query, { A: ['a=1', 'b=2'], B: ['2', '3'] })).toEqual([['k', '1', '["a=1","b=2"]', '["2","3"]', 'b']]);
    expect(await apply("mv-apply X = A on (where X in ('x') and K in ((T | project K)))", { A: ['x', 'y'] })).toHaveLength(1);
  });

  it.each([
    ['summarize', 'mv-apply X = A on (summarize make_list(X))'],
    ['distinct', 'mv-apply X = A to typeof(string) on (distinct X)'],
    ['top', 'mv-apply X = A to typeof(long) on (top 1 by X)'],
    ['sort', 'mv-apply X = A to typeof(long) on (sort by X)'],
    ['a join', 'mv-apply X = A on (join (T) on K)'],
    ['a window', 'sort by N | mv-apply X = A on (extend R = row_number())'],
    ['another mv-apply', 'mv-apply X = A on (mv-apply Y = B on (where true))'],
    ['another value of a column', 'mv-apply X = A on (extend N = 2)'],
    ['an element in the place of a column', 'mv-apply X = A on (project N = tolong(X))'],
    ['an element named as a column', 'mv-apply N = A on (where true)'],
    ['a column replaced by parse', "mv-apply X = A on (parse K with N '=' *)"],
    ['a value that is not dynamic', 'mv-apply X = K on (where true)'],
  ])('refuses %s in the subquery', async (_, query) => {
    await expect(compile(`T | ${query}`, columns)).rejects.toThrow(/^K(QL001|S141)/);
  });

  it('says what the subquery may not do', async () => {
    await expect(compile('T | mv-apply X = A on (summarize make_list(X))', columns)).rejects.toThrow(
      'mv-apply on a query with summarize, distinct or count is not supported',
    );
  });
});
