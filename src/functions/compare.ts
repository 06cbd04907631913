import { strict, type Argument, type Evaluator, type Overload, type ScalarFunction } from './function';
import type { ScalarType, Tagged, Value } from '../value/types';

/** Types whose values can be ordered, each in its own way. */
const ordered: readonly ScalarType[] = ['int', 'long', 'real', 'datetime', 'timespan', 'string', 'decimal'];
const equatable: readonly ScalarType[] = [...ordered, 'bool', 'guid'];

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
export function equalValues(left: Value, right: Value): boolean {
  if (left === null || right === null) return false;
  return left === right || (typeof left === 'object' && typeof right === 'object' && compareValues(left, right) === 0);
}

function overloads(types: readonly ScalarType[], prepare: Overload['prepare']): Overload[] {
  return types.map((type) => ({ parameters: [type, type], result: 'bool', prepare }));
}

function comparison(name: string, holds: (order: number) => boolean): ScalarFunction {
  return {
    name,
    notation: 'infix',
    meaning: 'null where either side is null; strings by code units.',
    overloads: overloads(ordered, strict((left, right) => holds(compareValues(left, right)))),
  };
}

/** null == null is null, null == x is false, null != x is true. https://learn.microsoft.com/kusto/query/scalar-data-types/null-values */
function equality(name: string, wanted: boolean): ScalarFunction {
  const prepare: Overload['prepare'] = ([left, right]) => {
    if (left === undefined || right === undefined) throw new TypeError(`${name} takes two arguments`);
    return (row) => {
      const [a, b] = [left.at(row), right.at(row)];
      return a === null && b === null ? null : equalValues(a, b) === wanted;
    };
  };
  return {
    name,
    notation: 'infix',
    meaning: 'exact and case-sensitive; null only where both sides are null, a null and a value differ.',
    overloads: overloads(equatable, prepare),
  };
}

function range(name: string, wanted: boolean): ScalarFunction {
  const within = strict((value, low, high) => (compareValues(value, low) >= 0 && compareValues(value, high) <= 0) === wanted);
  const types = ordered.filter((type) => type !== 'string');
  return {
    name,
    notation: 'range',
    meaning: 'both ends included; null where any of the three is null; datetime between (datetime .. timespan) counts the timespan from the lower end.',
    overloads: [
      ...types.map((type): Overload => ({ parameters: [type, type, type], result: 'bool', prepare: within })),
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

/** A constant list is looked up in a set; any other one is gone through. */
function membership(name: string, wanted: boolean, fold: (value: Value) => Value): ScalarFunction {
  const prepare = ([subject, ...items]: readonly Argument[]): Evaluator => {
    if (subject === undefined) throw new TypeError(`${name} takes a value and a list`);
    const constants = items.map((item) => item.constant);
    if (constants.every((constant) => constant !== undefined && typeof constant !== 'object')) {
      const set = new Set(constants.map(fold));
      return (row) => set.has(fold(subject.at(row))) === wanted;
    }
    return (row) => {
      const value = fold(subject.at(row));
      return items.some((item) => equalValues(value, fold(item.at(row)))) === wanted;
    };
  };
  const types: readonly ScalarType[] = name.endsWith('~') ? ['string'] : equatable;
  return {
    name,
    notation: 'list',
    meaning: 'an `or` of equalities; a null value is in no list of values.',
    overloads: types.map((type): Overload => ({ parameters: [type, type], rest: type, result: 'bool', prepare })),
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
