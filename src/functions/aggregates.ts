import { collectionAggregates } from './aggregate-collections';
import {
  aggregation,
  comparable,
  conditional,
  orderedAggregation,
  present,
  type AggregateOverload,
  type AggregationFunction,
} from './aggregate-function';
import { numberAggregates } from './aggregate-numbers';
import { compareValues } from './compare';
import { dynamicKey, toDynamic } from './dynamic-value';
import type { RowValues } from './function';
import { noValue, scalarTypes, type ScalarType, type Value } from '../value/types';

const count = aggregation('count', 'the number of rows, also of those with nulls.', [
  { parameters: [], result: 'long', compute: (rows) => BigInt(rows.length) },
]);

/** Kusto does not say which dynamic values are the same. */
const countable = scalarTypes.filter((type) => type !== 'dynamic');

const distinct = (rows: readonly RowValues[], types: readonly ScalarType[]): Value =>
  BigInt(new Set(present(rows).map((value) => dynamicKey(toDynamic(types[0] ?? 'string', value)))).size);

const dcount = aggregation('dcount', 'exact, where the service estimates; nulls are passed over.', [
  { parameters: [countable], result: 'long', compute: distinct },
  { parameters: [countable, 'long'], result: 'long', compute: distinct },
]);

const countDistinct = aggregation('count_distinct', 'nulls are passed over.', [
  { parameters: [countable], result: 'long', compute: distinct },
]);

const orderable = ['int', 'long', 'real', 'string', 'datetime', 'timespan'] as const satisfies readonly ScalarType[];

type Wins = (order: number) => boolean;
const isLess: Wins = (order) => order < 0;
const isGreater: Wins = (order) => order > 0;

function extreme(name: string, wins: Wins): AggregationFunction {
  return aggregation(
    name,
    "nulls are passed over; null, or '', for none.",
    orderable.map((type) => ({
      parameters: [type],
      result: type,
      compute: (rows) => {
        const [first, ...rest] = comparable(rows);
        return first === undefined ? noValue(type) : rest.reduce((best, value) => (wins(compareValues(value, best)) ? value : best), first);
      },
    })),
  );
}

/** The row whose first argument is greatest or least, the first of equals; rows without one only where there is no other. */
function extremeRow(rows: readonly RowValues[], wins: Wins): RowValues | undefined {
  const hasValue = ([value]: RowValues): boolean => value !== undefined && value !== null && !Number.isNaN(value);
  return rows.reduce<RowValues | undefined>((best, row) => {
    if (best === undefined) return row;
    if (!hasValue(row) || !hasValue(best)) return hasValue(row) ? row : best;
    return wins(compareValues(row[0] ?? 0, best[0] ?? 0)) ? row : best;
  }, undefined);
}

function argument(name: string, most: string, wins: Wins): AggregationFunction {
  const overloads = orderable.flatMap((by) => [
    { parameters: [by], result: by, compute: (rows) => extremeRow(rows, wins)?.[0] ?? noValue(by) } satisfies AggregateOverload,
    ...scalarTypes.map((type): AggregateOverload => ({
      parameters: [by, type],
      result: type,
      compute: (rows) => extremeRow(rows, wins)?.[1] ?? noValue(type),
    })),
  ]);
  const meaning = `further arguments where the first is ${most}, of one row; of equals the least row in canonical order counts; a null only where there is nothing else.`;
  return orderedAggregation(name, meaning, overloads);
}

const valueOf = (choose: (rows: readonly RowValues[]) => RowValues | undefined): readonly AggregateOverload[] =>
  scalarTypes.map((type) => ({ parameters: [type], result: type, compute: (rows) => choose(rows)?.[0] ?? noValue(type) }));

const takeAny = orderedAggregation(
  'take_any',
  'of the least row, in canonical order, whose value is neither null nor empty; else null or empty.',
  valueOf((rows) => rows.find(([value]) => value !== null && value !== '')),
);

/** What take_any of several columns becomes: they are to come of one row, whatever it has. */
const ofLeastRow = orderedAggregation(
  'row_any',
  'take_any of several columns: the values of the least row in canonical order.',
  valueOf((rows) => rows[0]),
);

const min = extreme('min', isLess);
const max = extreme('max', isGreater);

/** Every aggregation function that we run, by its Kusto name. Whatever is not here is refused when a rule is compiled. */
export const aggregationFunctions: ReadonlyMap<string, AggregationFunction> = new Map(
  [
    count,
    conditional('countif', count, 0),
    dcount,
    conditional('dcountif', dcount, 1),
    countDistinct,
    conditional('count_distinctif', countDistinct, 1),
    min,
    conditional('minif', min, 1),
    max,
    conditional('maxif', max, 1),
    argument('arg_max', 'greatest', isGreater),
    argument('arg_min', 'least', isLess),
    takeAny,
    conditional('take_anyif', takeAny, 1),
    { ...takeAny, name: 'any', meaning: 'the old form of take_any.' },
    conditional('anyif', takeAny, 1),
    ofLeastRow,
    ...numberAggregates,
    ...collectionAggregates,
  ].map((entry) => [entry.name, entry]),
);
