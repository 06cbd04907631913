import { noValue, scalarTypes, type ScalarType, type Value } from '../value/types';
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

/** The first argument as it is in the row so many before, or after; the third where there is no such row. */
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

/** Every window function that we run, by its Kusto name. */
export const windowFunctions: ReadonlyMap<string, WindowFunction> = new Map(
  [rowNumber, neighbour('prev', -1), neighbour('next', 1)].map((each) => [each.name, each]),
);
