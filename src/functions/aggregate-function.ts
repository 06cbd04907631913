import type { RowValues, Signature } from './function';
import type { ScalarType, Value } from '../value/types';

/** One way of calling an aggregation function. */
export interface AggregateOverload extends Signature {
  /**
   * The value over a group: the argument values of each of its rows, of these types. Where the function is `ordered`, rows come in canonical
   * order, or in that of the input where the query has sorted it; else in any order.
   */
  readonly compute: (rows: readonly RowValues[], types: readonly ScalarType[]) => Value;
}

/** One aggregation function of Kusto, over the rows of one group. */
export interface AggregationFunction {
  readonly name: string;
  readonly meaning: string;
  readonly overloads: readonly AggregateOverload[];
  /** True where the value depends on the order of rows. */
  readonly ordered: boolean;
}

export function aggregation(name: string, meaning: string, overloads: readonly AggregateOverload[]): AggregationFunction {
  return { name, meaning, overloads, ordered: false };
}

export function orderedAggregation(name: string, meaning: string, overloads: readonly AggregateOverload[]): AggregationFunction {
  return { name, meaning, overloads, ordered: true };
}

/** The same over the rows where a further argument, at `index`, is true. */
export function conditional(name: string, { meaning, overloads, ordered }: AggregationFunction, index: number): AggregationFunction {
  const without = <T>(items: readonly T[]): readonly T[] => items.filter((_, each) => each !== index);
  const conditioned = overloads.map(({ parameters, result, refuses, compute }): AggregateOverload => {
    const overload: AggregateOverload = {
      parameters: [...parameters.slice(0, index), 'bool', ...parameters.slice(index)],
      result,
      compute: (rows, types) => compute(rows.filter((row) => row[index] === true).map(without), without(types)),
    };
    return refuses === undefined ? overload : { ...overload, refuses: (constants) => refuses(without(constants)) };
  });
  return { name, meaning: `over the rows where the condition is true: ${meaning}`, overloads: conditioned, ordered };
}

export type Present = NonNullable<Value>;

/** The values of the first argument that are not null. */
export const present = (rows: readonly RowValues[]): readonly Present[] =>
  rows.map(([value]) => value ?? null).filter((value) => value !== null);

/** Those that have an order: NaN has none. */
export const comparable = (rows: readonly RowValues[]): readonly Present[] => present(rows).filter((value) => !Number.isNaN(value));
