import {
  conditional,
  aggregation,
  orderedAggregation,
  present,
  type AggregateOverload,
  type AggregationFunction,
} from './aggregate-function';
import { asArray, asBag, compareDynamic, dynamicKey, toDynamic } from './dynamic-value';
import type { RowValues } from './function';
import type { Dynamic, DynamicArray, ScalarType, Value } from '../value/types';

/** Lists, sets and bags of the values of a group. */

/** The documented greatest size of an array. */
const MAX_SIZE = 1_048_576;
/** That of the old forms makelist and makeset, where no size is given. */
const OLD_MAX_SIZE = 128;

type Collect = (values: DynamicArray) => DynamicArray;

/** With and without a greatest size. */
function collection(collect: Collect, defaultSize: number): readonly AggregateOverload[] {
  const compute = (rows: readonly RowValues[], types: readonly ScalarType[], size: number): Value =>
    collect(present(rows).map((value) => toDynamic(types[0] ?? 'dynamic', value))).slice(0, size);
  return [
    { parameters: ['any'], result: 'dynamic', compute: (rows, types) => compute(rows, types, defaultSize) },
    {
      parameters: ['any', 'long'],
      result: 'dynamic',
      refuses: ([, size]) => (typeof size === 'bigint' && size > 0n ? undefined : 'a greatest size that is not a positive constant'),
      compute: (rows, types) => compute(rows, types, Math.min(Number(rows[0]?.[1] ?? defaultSize), MAX_SIZE)),
    },
  ];
}

const listOf: Collect = (values) => values;

/** The elements of arrays are members of their own. In an order that no order of rows can change. */
const setOf: Collect = (values) => {
  const members = new Map(values.flatMap((value) => asArray(value) ?? [value]).map((value) => [dynamicKey(value), value] as const));
  return [...members.values()].sort(compareDynamic);
};

function bagOf(rows: readonly RowValues[]): Value {
  const merged = new Map<string, Dynamic>();
  for (const [bag] of rows) {
    for (const [key, item] of asBag(bag) ?? []) if (!merged.has(key)) merged.set(key, item);
  }
  return merged;
}

const inOrder = 'in canonical order of the rows, or in that of a sorted input';
const oldForm = (name: string): string => `the old form of ${name}, of ${OLD_MAX_SIZE} values at most where no size is given.`;

const makeList = orderedAggregation('make_list', `nulls are passed over; ${inOrder}.`, collection(listOf, MAX_SIZE));
const makeSet = aggregation(
  'make_set',
  'each value once, nulls passed over, arrays taken apart; in the order of array_sort_asc.',
  collection(setOf, MAX_SIZE),
);
const makeBag = orderedAggregation(
  'make_bag',
  'one bag of all; of a key in several rows the value of the least row counts; what is not a bag is passed over.',
  [{ parameters: ['dynamic'], result: 'dynamic', compute: bagOf }],
);

export const collectionAggregates: readonly AggregationFunction[] = [
  makeList,
  conditional('make_list_if', makeList, 1),
  orderedAggregation('make_list_with_nulls', `nulls too; ${inOrder}.`, [
    {
      parameters: ['any'],
      result: 'dynamic',
      compute: (rows, types) => rows.slice(0, MAX_SIZE).map(([value]) => toDynamic(types[0] ?? 'dynamic', value ?? null)),
    },
  ]),
  orderedAggregation('makelist', oldForm('make_list'), collection(listOf, OLD_MAX_SIZE)),
  makeSet,
  conditional('make_set_if', makeSet, 1),
  aggregation('makeset', oldForm('make_set'), collection(setOf, OLD_MAX_SIZE)),
  makeBag,
  conditional('make_bag_if', makeBag, 1),
];
