import { strict, type Argument, type Evaluator, type Overload, type ScalarFunction } from './function';
import { isArray } from '../value/text';
import type { ScalarType, Tagged, Value } from '../value/types';

/** Types whose values can be ordered, each in its own way. */
const ordered = ['int', 'long', 'real', 'datetime', 'timespan', 'decimal'] as const satisfies readonly ScalarType[];
const equatable = [...ordered, 'string', 'bool', 'guid'] as const satisfies readonly ScalarType[];
/** Types that a value inside `dynamic` can be compared with as it stands. */
const comparableWithDynamic = ['string', 'long', 'real', 'bool'] as const satisfies readonly ScalarType[];

function compareDecimals(left: string, right: string): number {
  const scale = (text: string): number => text.split('.')[1]?.length ?? 0;
  const places = Math.max(scale(left), scale(right));
  const scaled = (text: string): bigint => BigInt(text.replace('.', '') + '0'.repeat(places - scale(text)));
  const [a, b] = [scaled(left), scaled(right)];
  return a < b ? -1 : Number(a > b);
}

/** Negative, 0 or positive, or NaN where a side is NaN; both of one ordered type and not null. Strings compare by UTF-16 code units. */
export function compareValues(left: NonNullable<Value>, right: NonNullable<Value>): number {
  if (typeof left === 'object' && typeof right === 'object') {
    return compareDecimals(String((left as Tagged).value), String((right as Tagged).value));
  }
  if (left < right) return -1;
  if (left > right) return 1;
  return left === right ? 0 : NaN;
}

/** Ordinal equality of two values of one scalar type; false where either is null. */
function equalValues(left: Value, right: Value): boolean {
  if (left === null || right === null) return false;
  return left === right || (typeof left === 'object' && typeof right === 'object' && compareValues(left, right) === 0);
}

const isNumber = (value: Value): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

/** Whether a value inside `dynamic` is this scalar: numbers by value, everything else of the same kind only; false where either is null. */
export function equalsDynamic(dynamic: Value, scalar: Value): boolean {
  if (dynamic === null || scalar === null) return false;
  // A long and a real that are numerically equal are equal for JavaScript's == alone.
  return isNumber(dynamic) && isNumber(scalar) ? dynamic == scalar : dynamic === scalar;
}

/** null for dynamic values that are not numbers: they have no order. */
const orderDynamic = (left: Value, right: Value, holds: (order: number) => boolean): Value =>
  isNumber(left) && isNumber(right) ? holds(left < right ? -1 : left > right ? 1 : left == right ? 0 : NaN) : null;

function comparison(name: string, holds: (order: number) => boolean): ScalarFunction {
  const dynamic = strict((left, right) => orderDynamic(left, right, holds));
  return {
    name,
    notation: 'infix',
    meaning: 'null where either side is null, and where a dynamic side is not a number.',
    overloads: [
      ...ordered.map((type): Overload => ({
        parameters: [type, type],
        result: 'bool',
        prepare: strict((left, right) => holds(compareValues(left, right))),
      })),
      { parameters: ['dynamic', ['long', 'real']], result: 'bool', prepare: dynamic },
      { parameters: [['long', 'real'], 'dynamic'], result: 'bool', prepare: dynamic },
    ],
  };
}

/**
 * A text that could stand for something else inside `dynamic`: '' for null, `5` for a number, `true` for a bool. Whether such a text equals
 * the value that it could stand for is not documented, so tostring() must say what is meant.
 */
const AMBIGUOUS = /^(?:|true|false|null|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;

/** Why a comparison of a dynamic value with these constants, in which lists stand for their elements, cannot be run; undefined where it can. */
function ambiguousText(constants: readonly (Value | undefined)[]): string | undefined {
  const texts = constants.flatMap((constant) => (constant === undefined ? [] : elementsOf(constant)));
  const found = texts.filter((text) => typeof text === 'string').find((text) => AMBIGUOUS.test(text));
  return found === undefined ? undefined : `a dynamic value beside the text '${found}' (write tostring() around the dynamic value)`;
}

/** null == null is null, null == x is false, null != x is true. https://learn.microsoft.com/kusto/query/scalar-data-types/null-values */
function equality(name: string, wanted: boolean): ScalarFunction {
  const prepare =
    (equal: (left: Value, right: Value) => boolean): Overload['prepare'] =>
    ([left, right]) => {
      if (left === undefined || right === undefined) throw new TypeError(`${name} takes two arguments`);
      return (row) => {
        const [a, b] = [left.at(row), right.at(row)];
        return a === null && b === null ? null : equal(a, b) === wanted;
      };
    };
  return {
    name,
    notation: 'infix',
    meaning:
      'exact and case-sensitive; null only where both sides are null, a null and a value differ. A dynamic value equals a scalar of its own kind only, numbers by value.',
    overloads: [
      ...equatable.map((type): Overload => ({ parameters: [type, type], result: 'bool', prepare: prepare(equalValues) })),
      { parameters: ['dynamic', comparableWithDynamic], result: 'bool', refuses: ambiguousText, prepare: prepare(equalsDynamic) },
      {
        parameters: [comparableWithDynamic, 'dynamic'],
        result: 'bool',
        refuses: ambiguousText,
        prepare: prepare((left, right) => equalsDynamic(right, left)),
      },
    ],
  };
}

function range(name: string, wanted: boolean): ScalarFunction {
  const within = strict((value, low, high) => (compareValues(value, low) >= 0 && compareValues(value, high) <= 0) === wanted);
  return {
    name,
    notation: 'range',
    meaning:
      'both ends included; null where any of the three is null; datetime between (datetime .. timespan) counts the timespan from the lower end.',
    overloads: [
      ...ordered.map((type): Overload => ({ parameters: [type, type, type], result: 'bool', prepare: within })),
      {
        parameters: ['datetime', 'datetime', 'timespan'],
        result: 'bool',
        prepare: strict((value, low, length) => {
          const end = (low as bigint) + (length as bigint);
          return (value >= low && (value as bigint) <= end) === wanted;
        }),
      },
    ],
  };
}

/** The values that an item of a list stands for: a dynamic array for its elements, at any depth. */
export function elementsOf(item: Value): readonly Value[] {
  return isArray(item) ? item.flatMap(elementsOf) : [item];
}

/** A constant list of plain values is looked up in a set; any other one is gone through. */
function membership(name: string, wanted: boolean, fold: (value: Value) => Value): ScalarFunction {
  const prepare = ([subject, ...items]: readonly Argument[]): Evaluator => {
    if (subject === undefined) throw new TypeError(`${name} takes a value and a list`);
    const isDynamic = subject.type === 'dynamic' || items.some((item) => item.type === 'dynamic');
    const equal = isDynamic ? equalsDynamic : equalValues;
    const constants = items.flatMap((item): readonly (Value | undefined)[] =>
      item.constant === undefined ? [undefined] : elementsOf(item.constant),
    );
    const isPlain = (constant: Value | undefined): constant is string | number | bigint | boolean =>
      constant !== undefined && typeof constant !== 'object' && !(isDynamic && isNumber(constant)) && !Number.isNaN(constant);
    if (constants.every(isPlain)) {
      const set = new Set(constants.map(fold));
      return (row) => set.has(fold(subject.at(row))) === wanted;
    }
    return (row) => {
      const value = fold(subject.at(row));
      return items.some((item) => elementsOf(item.at(row)).some((element) => equal(value, fold(element)))) === wanted;
    };
  };
  const types = name.endsWith('~') ? (['string'] as const) : equatable;
  const withDynamic = comparableWithDynamic.filter((type) => type === 'string' || !name.endsWith('~'));
  return {
    name,
    notation: 'list',
    meaning: 'an `or` of equalities; a null value is in no list of values. A dynamic array in the list stands for its elements.',
    overloads: [
      ...types.map((type): Overload => ({ parameters: [type, type], rest: type, result: 'bool', prepare })),
      ...withDynamic.flatMap((type): readonly Overload[] => {
        const item = [type, 'dynamic'] as const;
        return [
          { parameters: ['dynamic', item], rest: item, result: 'bool', refuses: ambiguousText, prepare },
          { parameters: [type, item], rest: item, result: 'bool', prepare },
        ];
      }),
    ],
  };
}

const identity = (value: Value): Value => value;
const lower = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value);

export const comparisonFunctions: readonly ScalarFunction[] = [
  comparison('<', (order) => order < 0),
  comparison('<=', (order) => order <= 0),
  comparison('>', (order) => order > 0),
  comparison('>=', (order) => order >= 0),
  equality('==', true),
  equality('!=', false),
  range('between', true),
  range('!between', false),
  membership('in', true, identity),
  membership('!in', false, identity),
  membership('in~', true, lower),
  membership('!in~', false, lower),
];
