import { noValue, scalarTypes, type ScalarType, type Value } from '../value/types';
import { wrap } from './arithmetic';
import type { RowValues, Signature } from './function';

/** One way of calling a window function. */
export interface WindowOverload extends Signature {
  /** The function's value for each row, from the argument values of each, both in the order of the rows. */
  readonly compute: (rows: readonly RowValues[]) => readonly Value[];
}

/** One window function of Kusto: it depends on the rows before and after, so the rows must stand in an order. */
export interface WindowFunction {
  readonly name: string;
  readonly meaning: string;
  readonly overloads: readonly WindowOverload[];
}

function numberRows(rows: readonly RowValues[]): readonly Value[] {
  let last = 0n;
  return rows.map(([start, restart], index) => {
    const first = typeof start === 'bigint' ? start : 1n;
    last = index === 0 || restart === true ? first : last + 1n;
    return last;
  });
}

const rowNumber: WindowFunction = {
  name: 'row_number',
  meaning: 'counts rows from 1, or from the first argument, anew where the second is true.',
  overloads: ([[], ['long'], ['long', 'bool']] as const).map((parameters) => ({
    parameters,
    result: 'long',
    refuses: (constants) => (constants.length > 0 && typeof constants[0] !== 'bigint' ? 'a start that is not a constant' : undefined),
    compute: numberRows,
  })),
};

/** The first argument's value so many rows before, or after; the third argument's where there is no such row. */
function neighbour(name: string, direction: -1 | 1): WindowFunction {
  const overload = (type: ScalarType, parameters: readonly ScalarType[]): WindowOverload => ({
    parameters,
    result: type,
    refuses: (constants) => {
      const [, offset] = constants;
      if (constants.length > 1 && (typeof offset !== 'bigint' || offset < 0n)) return 'an offset that is not a constant of zero or more';
      return constants.length > 2 && constants[2] === undefined ? 'a default that is not a constant' : undefined;
    },
    compute: (rows) =>
      rows.map(([, offset, otherwise], index) => {
        const found = rows[index + direction * (typeof offset === 'bigint' ? Number(offset) : 1)];
        return found === undefined ? (otherwise ?? noValue(type)) : (found[0] ?? noValue(type));
      }),
  });
  return {
    name,
    meaning: `the value in the row ${direction === -1 ? 'before' : 'after'}, or so many away; the default, else null or '', where there is none.`,
    overloads: scalarTypes.flatMap((type) => [
      overload(type, [type]),
      overload(type, [type, 'long']),
      overload(type, [type, 'long', type]),
    ]),
  };
}

/** Sums from row to row, from `zero` at the first and where the second argument is true; a null adds nothing. */
const cumulate =
  <T extends bigint | number>(zero: T, add: (sum: T, term: T) => T) =>
  (rows: readonly RowValues[]): readonly Value[] => {
    let sum = zero;
    return rows.map(([term, restart]) => {
      const before = restart === true ? zero : sum;
      sum = term === null || term === undefined ? before : add(before, term as T);
      return sum;
    });
  };

function cumulativeOverloads(type: 'long' | 'real', compute: WindowOverload['compute']): readonly WindowOverload[] {
  return [
    { parameters: [type], result: type, compute },
    { parameters: [type, 'bool'], result: type, compute },
  ];
}

const cumulativeSum: WindowFunction = {
  name: 'row_cumsum',
  meaning: 'the sum of the rows so far, this one included, from 0 again where the second argument is true; a null adds nothing.',
  overloads: [
    ...cumulativeOverloads(
      'long',
      cumulate<bigint>(0n, (sum, term) => wrap(sum + term)),
    ),
    ...cumulativeOverloads(
      'real',
      cumulate<number>(0, (sum, term) => sum + term),
    ),
  ],
};

/** The rank of each row: it changes where the term is another than in the row before. `next` gives it of the last rank and the row's number. */
function rank(name: string, meaning: string, next: (last: bigint, rowNumber: bigint) => bigint): WindowFunction {
  const compute = (rows: readonly RowValues[]): readonly Value[] => {
    let [last, rowNumber] = [0n, 0n];
    return rows.map(([term, restart], index) => {
      if (restart === true) [last, rowNumber] = [0n, 0n];
      rowNumber += 1n;
      if (rowNumber === 1n || term !== rows[index - 1]?.[0]) last = next(last, rowNumber);
      return last;
    });
  };
  return {
    name,
    meaning: `${meaning}; from 1 again where the second argument is true.`,
    overloads: rankable.flatMap((type) =>
      ([[type], [type, 'bool']] as const).map((parameters) => ({ parameters, result: 'long' as const, compute })),
    ),
  };
}

/** Types of which two values are equal where JavaScript's are. */
const rankable = ['string', 'long', 'int', 'datetime', 'timespan', 'bool', 'guid'] as const;

const denseRank = rank(
  'row_rank_dense',
  'counts, from 1, how often the value has been another than in the row before',
  (last) => last + 1n,
);
const leastRank = rank(
  'row_rank_min',
  'the number of the first of the rows with this value that follow one another',
  (_, rowNumber) => rowNumber,
);

/** Every window function that we run, by its Kusto name. */
export const windowFunctions: ReadonlyMap<string, WindowFunction> = new Map(
  [rowNumber, cumulativeSum, denseRank, leastRank, neighbour('prev', -1), neighbour('next', 1)].map((each) => [each.name, each]),
);
