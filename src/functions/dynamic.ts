import { equalsDynamic } from './compare';
import { asArray, asBag, compareDynamic, dynamicKey, dynamicRank, toDynamic } from './dynamic-value';
import { callable, nullable, textAt, type Overload, type ScalarFunction } from './function';
import { parseJson } from '../value/json';
import type { Dynamic, DynamicArray, ScalarType, Value } from '../value/types';

/** Functions of dynamic values. What is not an array, or not a bag, where one is due gives null. */

/** A text that is not JSON stands for itself; '' is null. */
function parse(text: string): Dynamic {
  if (text.trim() === '') return null;
  const value = parseJson(text);
  return value === undefined ? text : value;
}

const dynamic = (compute: (...values: Value[]) => Value, count: number, result: ScalarType = 'dynamic'): Overload => ({
  parameters: Array.from({ length: count }, () => 'dynamic' as const),
  result,
  prepare: nullable(compute),
});

function element(array: Value, index: Value): Value {
  const items = asArray(array);
  if (items === undefined || typeof index !== 'bigint') return null;
  return items.at(Number(index)) ?? null;
}

const access: ScalarFunction = {
  name: 'element',
  notation: 'index',
  meaning: 'written a.b, a["b"] or a[0]: null where there is no such slot or element; a negative index counts from the end.',
  overloads: [
    { parameters: ['dynamic', 'string'], result: 'dynamic', prepare: nullable((bag, key) => asBag(bag)?.get(key as string) ?? null) },
    { parameters: ['dynamic', 'long'], result: 'dynamic', prepare: nullable((array, index) => element(array ?? null, index ?? null)) },
  ],
};

function slice(array: Value, start: Value, end: Value): Value {
  const items = asArray(array);
  if (items === undefined || typeof start !== 'bigint' || typeof end !== 'bigint') return null;
  const place = (index: bigint): number => (index < 0n ? items.length + Number(index) : Number(index));
  return items.slice(Math.max(0, place(start)), Math.max(0, place(end) + 1));
}

/** The order of the kinds is the same in both directions. */
const sort = (name: string, direction: 1 | -1): ScalarFunction =>
  callable(name, 'numbers before strings before all else, also when descending; strings by code units, nulls last; one array.', [
    dynamic(
      (array) =>
        asArray(array)?.toSorted((left, right) => dynamicRank(left) - dynamicRank(right) || direction * compareDynamic(left, right)) ??
        null,
      1,
    ),
  ]);

/** Each value once, in the order of first appearance. */
function distinct(items: DynamicArray): DynamicArray {
  const seen = new Set<string>();
  return items.filter((item) => seen.size !== seen.add(dynamicKey(item)).size);
}

function setFunction(
  name: string,
  meaning: string,
  combine: (first: DynamicArray, others: readonly DynamicArray[]) => DynamicArray,
): ScalarFunction {
  return callable(name, `${meaning} Each value once, in the order of first appearance.`, [
    {
      parameters: ['dynamic', 'dynamic'],
      rest: 'dynamic',
      result: 'dynamic',
      prepare: (args) => (row) => {
        const arrays = args.map((arg) => asArray(arg.at(row)));
        const [first, ...others] = arrays;
        return first === undefined || !others.every((each) => each !== undefined) ? null : distinct(combine(first, others));
      },
    },
  ]);
}

const keysOf = (array: DynamicArray): ReadonlySet<string> => new Set(array.map(dynamicKey));

/** Types that can be looked for in an array. */
const sought = ['string', 'long', 'real', 'bool'] as const;

const find = (compute: (items: DynamicArray, value: Value) => Value, result: ScalarType): Overload => ({
  parameters: ['dynamic', sought],
  result,
  prepare: nullable((array, value) => {
    const items = asArray(array);
    return items === undefined ? null : compute(items, value ?? null);
  }),
});

const pack: Overload = {
  pairs: ['string', 'any'],
  parameters: ['string', 'any'],
  result: 'dynamic',
  prepare: (args) => (row) => {
    const bag = new Map<string, Dynamic>();
    for (let index = 0; index + 1 < args.length; index += 2) {
      const [key, value] = [args[index], args[index + 1]];
      if (key !== undefined && value !== undefined) bag.set(key.at(row) as string, toDynamic(value.type, value.at(row)));
    }
    return bag;
  },
};

const parseOverloads: readonly Overload[] = [
  {
    parameters: ['string'],
    result: 'dynamic',
    prepare: ([source]) =>
      (
        (text) => (row) =>
          parse(text(row))
      )(textAt(source)),
  },
  dynamic((value) => value ?? null, 1),
];

export const dynamicFunctions: readonly ScalarFunction[] = [
  access,
  callable('parse_json', "a text that is not JSON stays a string; null for ''.", parseOverloads),
  callable('todynamic', 'the same as parse_json.', parseOverloads),
  callable('pack_array', 'a dynamic array; each element keeps its type, null stays null.', [
    { parameters: [], rest: 'any', result: 'dynamic', prepare: (args) => (row) => args.map((arg) => toDynamic(arg.type, arg.at(row))) },
  ]),
  ...['bag_pack', 'pack', 'pack_dictionary'].map((name) =>
    callable(name, 'a bag of key, value, key, value, …; of a key that occurs twice the last value counts.', [pack]),
  ),
  callable('array_length', 'null for what is not an array.', [
    dynamic((array) => ((items) => (items === undefined ? null : BigInt(items.length)))(asArray(array)), 1, 'long'),
  ]),
  callable('array_concat', 'null where an argument is not an array.', [
    {
      parameters: ['dynamic'],
      rest: 'dynamic',
      result: 'dynamic',
      prepare: (args) => (row) => {
        const arrays = args.map((arg) => asArray(arg.at(row)));
        return arrays.every((each) => each !== undefined) ? arrays.flat() : null;
      },
    },
  ]),
  callable('array_slice', 'both ends included; a negative end counts from the end of the array.', [
    {
      parameters: ['dynamic', 'long', 'long'],
      result: 'dynamic',
      prepare: nullable((array, start, end) => slice(array ?? null, start ?? null, end ?? null)),
    },
  ]),
  callable('array_reverse', 'null for what is not an array.', [dynamic((array) => asArray(array)?.toReversed() ?? null, 1)]),
  sort('array_sort_asc', 1),
  sort('array_sort_desc', -1),
  callable('array_index_of', 'the first place, counted from 0, of an equal element; -1 for none.', [
    find((items, value) => BigInt(items.findIndex((item) => equalsDynamic(item, value))), 'long'),
  ]),
  callable('set_has_element', 'whether an element is equal.', [
    find((items, value) => items.some((item) => equalsDynamic(item, value)), 'bool'),
  ]),
  setFunction('set_union', 'The values of any of the arrays.', (first, others) => [first, ...others].flat()),
  setFunction('set_intersect', 'The values that are in all of the arrays.', (first, others) => {
    const keys = others.map(keysOf);
    return first.filter((item) => keys.every((each) => each.has(dynamicKey(item))));
  }),
  setFunction('set_difference', 'The values of the first array that are in none of the others.', (first, others) => {
    const keys = others.map(keysOf);
    return first.filter((item) => !keys.some((each) => each.has(dynamicKey(item))));
  }),
  callable('bag_keys', "the bag's own keys, in its order.", [
    dynamic((bag) => ((slots) => (slots === undefined ? null : [...slots.keys()]))(asBag(bag)), 1),
  ]),
  callable('bag_has_key', 'whether the bag has that key; null for what is not a bag.', [
    {
      parameters: ['dynamic', 'string'],
      result: 'bool',
      refuses: ([, key]) => (typeof key !== 'string' || key.startsWith('$') ? 'a key that is not constant or is a path' : undefined),
      prepare: nullable((bag, key) => asBag(bag)?.has(key as string) ?? null),
    },
  ]),
];
