import { decodeRows } from '../../../src/engine/wire';
import type { TablePlan } from '../../../src/plan/plan';

const table: TablePlan = {
  name: 'T',
  eventTime: undefined,
  columns: [
    { name: 'Pid', type: 'long' },
    { name: 'Bag', type: 'dynamic' },
  ],
  evidenceColumns: ['Domain'],
  predicate: undefined,
};

const decode = (names: readonly string[], ...rows: readonly (readonly unknown[])[]): ReturnType<typeof decodeRows> =>
  decodeRows(table, { columns: names.map((name) => ({ name })), rows });

describe('the rows of an answer', () => {
  it('are typed, whatever the order of its columns', () => {
    expect(decode(['Domain', 'Other', 'Bag', 'Pid'], ['d', 1, '["[1]"]', '9007199254740993'], [null, 2, '[null]', null])).toEqual({
      kind: 'rows',
      rows: [
        { table: 'T', values: [9_007_199_254_740_993n, '[1]'], evidence: ['d'] },
        { table: 'T', values: [null, null], evidence: [''] },
      ],
    });
  });

  const all = ['Pid', 'Bag', 'Domain'];

  it.each<readonly [string, readonly string[], readonly unknown[], string]>([
    ['a column is lacking', ['Bag', 'Domain'], ['[1]', ''], 'the answer lacks the column Pid that was asked for'],
    ['an evidence column is lacking', ['Pid', 'Bag'], ['1', '[1]'], 'the answer lacks the column Domain that was asked for'],
    ['a cell is of another type', all, ['secret', '[1]', ''], 'a cell of Pid in the answer is not of type long'],
    ['a dynamic value is not packed', all, ['1', '"secret"', ''], 'a cell of Bag in the answer is not of type dynamic'],
    ['a dynamic value is null', all, ['1', 'null', ''], 'a cell of Bag in the answer is not of type dynamic'],
    ['a dynamic value is packed with another', all, ['1', '[1,2]', ''], 'a cell of Bag in the answer is not of type dynamic'],
    ['a dynamic value is cut off', all, ['1', '["secr', ''], 'a cell of Bag in the answer is not of type dynamic'],
    ['a dynamic value came as it is', all, ['1', [1], ''], 'a cell of Bag in the answer is not of type dynamic'],
    ['evidence is no text', all, ['1', '[1]', 7], 'a cell of Domain in the answer is not a text'],
  ])('are a problem as a whole where %s', (_, names, row, problem) => {
    expect(decode(names, ['1', '[1]', ''], row)).toEqual({ kind: 'problem', problem });
  });
});
