import { runQuery } from '../../../support/run-query';

const run = (query: string) => runQuery(query, { K: 'string' }, []);

it.each([
  ['print 1, B = 2, tostring(3)', [['1', '2', '3']]],
  [
    "datatable (A: string, B: long, C: real, D: datetime) ['x', -1, 2, datetime(2026-03-10)]",
    [['x', '-1', '2.0', '2026-03-10T00:00:00.0000000Z']],
  ],
  ['datatable (A: int) [1, 2] | where A > 1', [['2']]],
  ['datatable (A: string) []', []],
  ['range X from 1 to 6 step 2', [['1'], ['3'], ['5']]],
  ['range X from 3 to 1 step 1', []],
  ['range X from long(null) to 3 step 1', []],
  ['range X from 1 to long(null) step 1', []],
  [
    'range X from ago(2h) to now() step 1h | project format = tostring(X)',
    [['2026-03-10T10:00:00.0000000Z'], ['2026-03-10T11:00:00.0000000Z'], ['2026-03-10T12:00:00.0000000Z']],
  ],
  ['range X from 1 to 3 step 1 | take 2', [['1'], ['2']]],
])('%s', async (query, expected) => {
  expect(await run(query)).toEqual(expected);
});

it.each([
  ['datatable (A: string) [1]', /A value of type long in a column of type string/],
  ['datatable (A: int) [3000000000]', /A value of type long in a column of type int/],
  ['range X from 1.0 to 2.0 step 0.1', /A range from real/],
  ['range X from 1 to 2 step -1', /whose step is not a constant above zero/],
  ['range X from 1 to toscalar(T | count) step 1', /A range by the result of a query/],
  ["externaldata (A: string) ['https://example.org/x']", /externaldata, which reads from elsewhere/],
])('%s is refused', async (query, message) => {
  await expect(run(query)).rejects.toThrow(message);
});
