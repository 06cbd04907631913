import type { ScalarType, Value } from '../value/types';

/** One aggregation function of Kusto, over the rows of one group. */
export interface AggregationFunction {
  readonly name: string;
  readonly meaning: string;
  readonly parameters: readonly (ScalarType | 'any')[];
  readonly result: ScalarType;
  /** The argument values of each row of the group, in no particular order. */
  readonly compute: (rows: readonly (readonly Value[])[]) => Value;
}

const count: AggregationFunction = {
  name: 'count',
  meaning: 'the number of rows, also of those with nulls.',
  parameters: [],
  result: 'long',
  compute: (rows) => BigInt(rows.length),
};

/** Every aggregation function that we run, by its Kusto name. */
export const aggregationFunctions: ReadonlyMap<string, AggregationFunction> = new Map([count].map((entry) => [entry.name, entry]));
