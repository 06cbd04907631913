import { asArray, toDynamic } from './dynamic-value';
import { callable, nullable, strict, type EvaluationContext, type Overload, type ScalarFunction } from './function';
import type { Dynamic, DynamicArray } from '../value/types';
import { TICKS_PER_HOUR } from '../value/instant';

/** Functions that make arrays, rotate them, or add up their elements. */

/** As documented, longer ones are cut. https://learn.microsoft.com/kusto/query/range-function */
const MAX_ELEMENTS = 1_048_576;

/** The number of values from `start` to `stop`, both included, in steps above zero. */
function lengthOf(start: bigint, stop: bigint, step: bigint): number {
  const length = stop < start ? 0n : (stop - start) / step + 1n;
  return length < MAX_ELEMENTS ? Number(length) : MAX_ELEMENTS;
}

const DEFAULT_MAX_ELEMENTS = 5_000_000;

/** The elements made so far in an evaluation. */
const made = new WeakMap<EvaluationContext, number>();

/** Counts what is made before it is: a short text can ask for a long array. Throws RangeError beyond what the evaluation allows. */
function count(context: EvaluationContext, elements: number): void {
  const { maxElements = DEFAULT_MAX_ELEMENTS } = context;
  const sum = (made.get(context) ?? 0) + elements;
  if (sum > maxElements) throw new RangeError(`more than ${maxElements} elements are made`);
  made.set(context, sum);
}

function rangeOf(type: 'long' | 'datetime' | 'timespan', defaultStep: bigint): readonly Overload[] {
  const prepare: Overload['prepare'] = (args, context) =>
    strict((start, stop, step = defaultStep) => {
      const length = lengthOf(start as bigint, stop as bigint, step as bigint);
      count(context, length);
      return Array.from({ length }, (_, index) => toDynamic(type, (start as bigint) + BigInt(index) * (step as bigint)));
    })(args, context);
  return [
    { parameters: [type, type], result: 'dynamic', prepare },
    {
      parameters: [type, type, type === 'long' ? 'long' : 'timespan'],
      result: 'dynamic',
      refuses: ([, , step]) => (typeof step === 'bigint' && step > 0n ? undefined : 'a step that is not a constant above zero'),
      prepare,
    },
  ];
}

function rotate(name: string, direction: 'left' | 'right'): ScalarFunction {
  const turned = (items: DynamicArray, count: bigint): DynamicArray => {
    if (items.length === 0) return items;
    const left = Number(BigInt.asIntN(64, direction === 'left' ? count : -count) % BigInt(items.length));
    return [...items.slice(left), ...items.slice(0, left)];
  };
  return callable(
    name,
    `the elements turned so many places to the ${direction}, or the other way where negative; null for what is not an array.`,
    [
      {
        parameters: ['dynamic', 'long'],
        result: 'dynamic',
        prepare: nullable((array, count) => {
          const items = asArray(array ?? null);
          return items === undefined || typeof count !== 'bigint' ? null : turned(items, count);
        }),
      },
    ],
  );
}

/** The arrays side by side, as long as the longest, null where one has no element. */
function zipped(arrays: readonly DynamicArray[]): DynamicArray {
  const length = Math.max(0, ...arrays.map((array) => array.length));
  return Array.from({ length }, (_, index) => arrays.map((array) => array[index] ?? null));
}

/** Of a key that occurs twice the last value counts, as in bag_pack(). */
function bagOf(keys: DynamicArray, values: DynamicArray): Dynamic {
  return new Map(keys.flatMap((key, index) => (typeof key === 'string' ? [[key, values[index] ?? null] as const] : [])));
}

/** For each condition the element of one array or the other; what is not an array stands for each of its elements. */
function chosen(conditions: DynamicArray, whenTrue: Dynamic, whenFalse: Dynamic): DynamicArray {
  const at = (from: Dynamic, index: number): Dynamic => ((items) => (items === undefined ? from : (items[index] ?? null)))(asArray(from));
  return conditions.map((condition, index) => {
    if (typeof condition !== 'boolean' && !isNumber(condition)) return null;
    return at(condition === false || condition === 0 || condition === 0n ? whenFalse : whenTrue, index);
  });
}

const isNumber = (item: Dynamic): item is number | bigint => typeof item === 'number' || typeof item === 'bigint';

export const arrayFunctions: readonly ScalarFunction[] = [
  callable('range', 'an array from a value to another, the end included where a step hits it; 1,048,576 elements at most; not of reals.', [
    ...rangeOf('long', 1n),
    ...rangeOf('datetime', TICKS_PER_HOUR),
    ...rangeOf('timespan', TICKS_PER_HOUR),
  ]),
  callable('repeat', 'an array of one value so many times, a constant of at most 1,000; null for less than zero.', [
    {
      parameters: [['bool', 'long', 'int', 'real', 'datetime', 'string', 'timespan'], 'long'],
      result: 'dynamic',
      refuses: ([, count]) =>
        typeof count === 'bigint' && count <= 1000n ? undefined : 'a count that is not a constant, or more than 1,000',
      prepare:
        ([value, times], context) =>
        (row) => {
          const length = times?.at(row) ?? null;
          if (value === undefined || typeof length !== 'bigint' || length < 0n) return null;
          count(context, Number(length));
          return Array.from({ length: Number(length) }, () => toDynamic(value.type, value.at(row)));
        },
    },
  ]),
  callable('array_sum', 'a real; null where an element is not a number, and for what is not an array.', [
    {
      parameters: ['dynamic'],
      result: 'real',
      prepare: nullable((array) => {
        const items = asArray(array ?? null);
        return items?.every(isNumber) === true ? items.reduce<number>((sum, item) => sum + Number(item), 0) : null;
      }),
    },
  ]),
  callable(
    'zip',
    'an array of arrays: the first elements of all, the second …, null where one is shorter; null where one is not an array.',
    [
      {
        parameters: ['dynamic', 'dynamic'],
        rest: 'dynamic',
        result: 'dynamic',
        prepare: (args) => (row) => {
          const arrays = args.map((arg) => asArray(arg.at(row)));
          return arrays.every((each) => each !== undefined) ? zipped(arrays) : null;
        },
      },
    ],
  ),
  callable(
    'bag_zip',
    'a bag of keys and values, null for a missing value; keys that are not strings are left out; null where one is not an array.',
    [
      {
        parameters: ['dynamic', 'dynamic'],
        result: 'dynamic',
        prepare: nullable((first, second) => {
          const [keys, values] = [asArray(first), asArray(second)];
          return keys === undefined || values === undefined ? null : bagOf(keys, values);
        }),
      },
    ],
  ),
  ...['array_iff', 'array_iif'].map((name) =>
    callable(
      name,
      'for each bool or number of the first array, 0 as false, an element of the second or the third; null for any other, and where there is none.',
      [
        {
          parameters: ['dynamic', 'any', 'any'],
          result: 'dynamic',
          prepare: (args) => (row) => {
            const [conditions, whenTrue = null, whenFalse = null] = args.map((arg) => toDynamic(arg.type, arg.at(row)));
            const items = asArray(conditions);
            return items === undefined ? null : chosen(items, whenTrue, whenFalse);
          },
        },
      ],
    ),
  ),
  rotate('array_rotate_left', 'left'),
  rotate('array_rotate_right', 'right'),
];
