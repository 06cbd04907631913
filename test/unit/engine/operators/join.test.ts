import { runQuery } from '../../../support/run-query';

const left = "datatable (K: string, N: long, L: string) ['a', 1, 'l1', 'a', 1, 'l2', 'b', 2, 'l3', 'c', long(null), 'l4', '', 5, 'l5']";
const right = "datatable (K: string, N: long, R: string) ['a', 1, 'r1', 'a', 9, 'r2', 'd', 4, 'r3', 'c', long(null), 'r4', '', 5, 'r5']";

async function joined(kind: string, on = 'K, N', project = ''): Promise<readonly string[]> {
  const rows = await runQuery(`${left} | join ${kind} (${right}) on ${on} ${project}`, {}, []);
  return rows.map((row) => row.map((cell) => cell ?? 'null').join(' ')).sort();
}

describe('join', () => {
  it('inner gives all pairs with equal keys; an empty string is a key, a null is none', async () => {
    expect(await joined('kind=inner')).toEqual([' 5 l5  5 r5', 'a 1 l1 a 1 r1', 'a 1 l2 a 1 r1']);
  });

  it.each(['', 'kind=innerunique'])('%s keeps one left row of those with one key, the least', async (kind) => {
    expect(await joined(kind)).toEqual([' 5 l5  5 r5', 'a 1 l1 a 1 r1']);
  });

  it('leftouter keeps left rows without a partner, with nulls and empty strings', async () => {
    expect(await joined('kind=leftouter')).toEqual([' 5 l5  5 r5', 'a 1 l1 a 1 r1', 'a 1 l2 a 1 r1', 'b 2 l3  null ', 'c null l4  null ']);
  });

  it('rightouter keeps right rows without a partner', async () => {
    expect(await joined('kind=rightouter')).toEqual([
      ' 5 l5  5 r5',
      ' null  a 9 r2',
      ' null  c null r4',
      ' null  d 4 r3',
      'a 1 l1 a 1 r1',
      'a 1 l2 a 1 r1',
    ]);
  });

  it('fullouter keeps both', async () => {
    expect(await joined('kind=fullouter')).toHaveLength(8);
  });

  it.each([
    ['leftsemi', [' 5 l5', 'a 1 l1', 'a 1 l2']],
    ['rightsemi', [' 5 r5', 'a 1 r1']],
    ['leftanti', ['b 2 l3', 'c null l4']],
    ['anti', ['b 2 l3', 'c null l4']],
    ['leftantisemi', ['b 2 l3', 'c null l4']],
    ['rightanti', ['a 9 r2', 'c null r4', 'd 4 r3']],
    ['rightantisemi', ['a 9 r2', 'c null r4', 'd 4 r3']],
  ])('%s gives the rows of one side, each once', async (kind, expected) => {
    expect(await joined(`kind=${kind}`)).toEqual(expected);
  });

  it('takes conditions joined by and as those between commas', async () => {
    const comma = await joined('kind=inner', '$left.K == $right.K, $left.N == $right.N');
    expect(await joined('kind=inner', '$left.K == $right.K and $left.N == $right.N')).toEqual(comma);
    await expect(joined('kind=inner', "$left.K == $right.K and $left.K == 'a'")).rejects.toThrow('K');
  });

  it('takes $left and $right, and passes over hints', async () => {
    expect(await joined('hint.strategy=broadcast kind=inner', '$left.N == $right.N', '| project L, R')).toEqual([
      'l1 r1',
      'l2 r1',
      'l5 r5',
    ]);
  });
});

it('is refused on reals, whose equality is no key', async () => {
  const reals = 'datatable (K: real) [1.0]';
  await expect(runQuery(`${reals} | join kind=inner (${reals}) on K`, {}, [])).rejects.toThrow('A join of real with real');
});

describe('lookup', () => {
  it('is leftouter without a kind, and leaves out the right keys', async () => {
    const query = `datatable (K: string) ['a', 'x'] | lookup (datatable (K: string, V: long) ['a', 1]) on K`;
    expect(await runQuery(query, {}, [])).toEqual([
      ['a', '1'],
      ['x', null],
    ]);
  });

  it('kind=inner leaves out rows without a partner', async () => {
    const query = `datatable (K: string) ['a', 'x'] | lookup kind=inner (datatable (C: string, V: long) ['a', 1]) on $left.K == $right.C`;
    expect(await runQuery(query, {}, [])).toEqual([['a', '1']]);
  });
});
