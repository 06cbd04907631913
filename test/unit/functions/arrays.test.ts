import { evaluates, refused } from '../../support/expression-table';
import { runQuery } from '../../support/run-query';

describe('range', () => {
  evaluates([
    ['range(1, 8, 3)', '[1,4,7]'],
    ['range(1, i)', '[1,2,3,4,5]'],
    ['range(3, 1)', '[]'],
    ['range(1, l0)', null],
    ['range(bin(t, 1d), t, 5h)', '["2026-03-10T00:00:00.0000000Z","2026-03-10T05:00:00.0000000Z","2026-03-10T10:00:00.0000000Z"]'],
    ['range(1h, 3h)', '["01:00:00","02:00:00","03:00:00"]'],
    ['array_length(range(1, 3000000))', '1048576'],
  ]);
  refused(['range(1, 3, 0)', 'range(1, 3, l)', 'range(1.0, 2.0, 0.5)']);

  it('of the values of rows makes no more elements than can be held', async () => {
    const rows = Array.from({ length: 6 }, (_, N) => ({ N: N + 1_000_000 }));
    await expect(runQuery('T | extend A = range(1, N) | summarize count()', { N: 'long' }, rows)).resolves.toEqual([['6']]);
    await expect(runQuery('T | project A = range(1, N)', { N: 'long' }, rows)).rejects.toThrow(
      /range\(\) would make a value that is too large/,
    );
    await expect(runQuery('T | project A = array_length(range(1, 1000000))', { N: 'long' }, rows)).resolves.toHaveLength(6);
  });
});

describe('arrays of one value, sums and turns', () => {
  evaluates([
    ["repeat('a', 3)", '["a","a","a"]'],
    ['repeat(p, 1)', '["1.02:03:04"]'],
    ['repeat(l0, 2)', '[null,null]'],
    ['repeat(1, 0)', '[]'],
    ['repeat(1, -1)', null],
    ['array_sum(dynamic([1, 2.5]))', '3.5'],
    ['array_sum(dynamic([]))', '0.0'],
    ['array_sum(a)', null],
    ['array_sum(d)', null],
    ['array_rotate_left(dynamic([1,2,3,4,5]), 2)', '[3,4,5,1,2]'],
    ['array_rotate_left(dynamic([1,2,3,4,5]), -2)', '[4,5,1,2,3]'],
    ['array_rotate_right(dynamic([1,2,3,4,5]), 2)', '[4,5,1,2,3]'],
    ['array_rotate_right(dynamic([1,2,3]), 7)', '[3,1,2]'],
    ['array_rotate_left(dynamic([]), 1)', '[]'],
    ['array_rotate_left(d, 1)', null],
    ['array_rotate_left(a, l0)', null],
  ]);
  refused(['repeat(1, l)', 'repeat(1, 1001)']);
});

describe('arrays side by side', () => {
  evaluates([
    ['zip(dynamic([1,3,5]), dynamic([2,4,6]))', '[[1,2],[3,4],[5,6]]'],
    ['zip(dynamic(["A", 1, 1.5]), dynamic([{}, "B"]))', '[["A",{}],[1,"B"],[1.5,null]]'],
    ['zip(dynamic([]), dynamic([]), dynamic([1]))', '[[null,null,1]]'],
    ['zip(a, d)', null],
    ["bag_zip(dynamic(['a','b','c']), dynamic([1,'2',3.4]))", '{"a":1,"b":"2","c":3.4}'],
    ["bag_zip(dynamic(['a',8,'b']), dynamic([1,'2']))", '{"a":1,"b":null}'],
    ["bag_zip(dynamic(['a']), dynamic([1,2]))", '{"a":1}'],
    ['bag_zip(d, a)', null],
    ['array_iff(dynamic([true,false,true]), dynamic([1,2,3]), dynamic([4,5,6]))', '[1,5,3]'],
    ["array_iff(dynamic([1,0,50,0.0]), 'yes', 'no')", '["yes","no","yes","no"]'],
    ["array_iif(dynamic(['x',null]), 1, 0)", '[null,null]'],
    ['array_iff(dynamic([true,true,true]), dynamic([1,2]), dynamic([3,4]))', '[1,2,null]'],
    ['array_iff(d, 1, 2)', null],
  ]);
});
