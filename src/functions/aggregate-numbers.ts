import {
  aggregation,
  comparable,
  conditional,
  present,
  type AggregateOverload,
  type AggregationFunction,
  type Present,
} from './aggregate-function';
import { compareValues } from './compare';
import type { ScalarType, Value } from '../value/types';

/** Sums, averages, spreads and percentiles. */

function over(parameter: ScalarType, result: ScalarType, compute: (values: readonly Present[]) => Value): AggregateOverload {
  return { parameters: [parameter], result, compute: (rows) => compute(present(rows)) };
}

const total = (values: readonly Present[]): bigint => values.reduce<bigint>((sum, value) => sum + (value as bigint), 0n);
const sumLongs = (values: readonly Present[]): bigint => BigInt.asIntN(64, total(values));

/** In rising order, for the sum of reals depends on the order of its terms. */
const sumReals = (values: readonly Present[]): number =>
  [...(values as readonly number[])].sort((a, b) => a - b).reduce((sum, value) => sum + value, 0);

/** Summed beyond 64 bits, which do not hold the sum of datetimes. */
const meanTicks = (values: readonly Present[]): Value => (values.length === 0 ? null : total(values) / BigInt(values.length));

const sum = aggregation('sum', 'nulls are passed over; 0 for none; int is summed as long, reals in rising order.', [
  over('long', 'long', sumLongs),
  over('real', 'real', sumReals),
  over('timespan', 'timespan', sumLongs),
]);

const avg = aggregation('avg', 'nulls are passed over; for none NaN among numbers, null among times.', [
  over('long', 'real', (values) => Number(total(values)) / values.length),
  over('real', 'real', (values) => sumReals(values) / values.length),
  over('timespan', 'timespan', meanTicks),
  over('datetime', 'datetime', meanTicks),
]);

function variance(values: readonly Present[], sample: boolean): number {
  const numbers = values.map(Number);
  const divisor = numbers.length - Number(sample);
  if (divisor <= 0) return 0;
  const mean = sumReals(numbers) / numbers.length;
  return sumReals(numbers.map((value) => (value - mean) ** 2)) / divisor;
}

function spread(name: string, sample: boolean, compute: (squares: number) => number): AggregationFunction {
  const measure = (values: readonly Present[]): number => compute(variance(values, sample));
  return aggregation(name, sample ? 'of a sample; 0 for less than two values.' : 'of a whole population; 0 for no value.', [
    over('long', 'real', measure),
    over('real', 'real', measure),
  ]);
}

const identity = (squares: number): number => squares;
const stdev = spread('stdev', true, Math.sqrt);
const sampleVariance = spread('variance', true, identity);

/** The smallest value that at least so many percent of all values do not exceed. */
function nearestRank(values: readonly Present[], percent: number): Value {
  const sorted = [...values].sort(compareValues);
  // Multiplied first: 55 / 100 * 100 is a little more than 55 among doubles.
  const rank = Math.ceil((percent * sorted.length) / 100);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1] ?? null;
}

const percentile = (['long', 'real', 'datetime', 'timespan'] as const).map((type): AggregateOverload => ({
  parameters: [type, 'real'],
  result: type,
  refuses: ([, percent]) =>
    typeof percent === 'number' && percent >= 0 && percent <= 100 ? undefined : 'a percentile that is not a constant from 0 to 100',
  compute: (rows) => nearestRank(comparable(rows), Number(rows[0]?.[1] ?? 0)),
}));

export const numberAggregates: readonly AggregationFunction[] = [
  sum,
  conditional('sumif', sum, 1),
  avg,
  conditional('avgif', avg, 1),
  stdev,
  conditional('stdevif', stdev, 1),
  spread('stdevp', false, Math.sqrt),
  sampleVariance,
  conditional('varianceif', sampleVariance, 1),
  spread('variancep', false, identity),
  aggregation('percentile', 'the nearest rank, exact, where the service estimates; nulls are passed over.', percentile),
];
