import { evaluates, refused } from '../../support/expression-table';
import { runQuery } from '../../support/run-query';
import { aggregationFunctions } from '../../../src/functions/aggregates';
import { oldNames } from '../../../src/functions/old-names';
import { scalarFunctions } from '../../../src/functions/scalar';

describe('an old name', () => {
  evaluates([
    ["arraylength(dynamic(['a', 'b']))", '2'],
    ['parsejson(\'{"a": 1}\').a', '1'],
    ["base64_decodestring('aGk=')", 'hi'],
    ['notempty(s)', 'true'],
    ['notnull(l0)', 'false'],
    ["columnifexists('absent', 'none')", 'none'],
    ["columnifexists('s', '')", 'Net User.exe'],
    ["datepart('year', datetime(2026-03-10))", '2026'],
    ['totime("01:00:00")', '01:00:00'],
    ["extractall('(.)', 'ab')", '["a","b"]'],
  ]);

  it.each([...oldNames])('%s stands for %s, which is there', (old, name) => {
    const isThere = scalarFunctions.has(name) || aggregationFunctions.has(name) || name === 'column_ifexists';
    expect([isThere, scalarFunctions.has(old)]).toEqual([true, false]);
  });
});

describe('pack_all', () => {
  it('is a bag of all columns', async () => {
    const rows = await runQuery('T | extend Bag = pack_all() | project Bag', { a: 'string', n: 'long' }, [{ a: 'x', n: 1 }]);
    expect(rows).toEqual([['{"a":"x","n":1}']]);
  });

  refused(['pack_all(true)']);
});

describe('a constant of another type', () => {
  evaluates([
    ["i == '5'", 'true'],
    ["i != '5'", 'false'],
    ["i in ('2', '5')", 'true'],
    ["l !in ('2', '3')", 'true'],
    ["l0 == '7'", 'false'],
    ['b == 1', 'true'],
    ['b != 0', 'true'],
  ]);
  refused(["i == '03'", "i == ' 3'", "i == 'x'", "i in ('3', 'x')", 'b == 2', 's == 3', "r == '3'"]);
});

it('render changes no row', async () => {
  expect(await runQuery('T | summarize N = count() by a | render piechart', { a: 'string' }, [{ a: 'x' }])).toEqual([['x', '1']]);
});
