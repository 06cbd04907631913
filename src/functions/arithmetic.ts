import { strict, type Overload, type ScalarFunction } from './function';
import { instantFromTicks } from '../value/instant';
import type { ScalarType, Value } from '../value/types';

/** + - * / % over numbers and times. https://learn.microsoft.com/kusto/query/numerical-operators */

/** A datetime outside the years 1 to 9999 is null. */
export const toDatetime = (ticks: bigint): Value => instantFromTicks(ticks) ?? null;

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

/** 64 bits of two's complement: an overflow wraps, as the service's does. */
export const wrap = (integer: bigint): bigint => (integer < LONG_MIN || integer > LONG_MAX ? BigInt.asIntN(64, integer) : integer);

const divide = (left: bigint, right: bigint): Value => (right === 0n ? null : wrap(left / right));

/** Never negative: 0 <= left % right < |right|. */
function modulo(left: bigint, right: bigint): bigint | null {
  if (right === 0n) return null;
  const remainder = left % right;
  return remainder < 0n ? remainder + (right < 0n ? -right : right) : remainder;
}

function moduloReal(left: number, right: number): number {
  const remainder = left % right;
  return remainder < 0 ? remainder + Math.abs(right) : remainder;
}

type Rule = readonly [left: ScalarType, right: ScalarType, result: ScalarType, compute: (left: never, right: never) => Value];

const rules: Readonly<Record<string, { readonly meaning: string; readonly rules: readonly Rule[] }>> = {
  '+': {
    meaning: 'null where either side is null; int is computed as long; a datetime outside the years 1 to 9999 is null.',
    rules: [
      ['long', 'long', 'long', (left: bigint, right: bigint) => wrap(left + right)],
      ['real', 'real', 'real', (left: number, right: number) => left + right],
      ['datetime', 'timespan', 'datetime', (left: bigint, right: bigint) => toDatetime(left + right)],
      ['timespan', 'datetime', 'datetime', (left: bigint, right: bigint) => toDatetime(left + right)],
      ['timespan', 'timespan', 'timespan', (left: bigint, right: bigint) => wrap(left + right)],
    ],
  },
  '-': {
    meaning: 'null where either side is null; datetime - datetime is a timespan.',
    rules: [
      ['long', 'long', 'long', (left: bigint, right: bigint) => wrap(left - right)],
      ['real', 'real', 'real', (left: number, right: number) => left - right],
      ['datetime', 'timespan', 'datetime', (left: bigint, right: bigint) => toDatetime(left - right)],
      ['datetime', 'datetime', 'timespan', (left: bigint, right: bigint) => left - right],
      ['timespan', 'timespan', 'timespan', (left: bigint, right: bigint) => wrap(left - right)],
    ],
  },
  '*': {
    meaning: 'null where either side is null; a timespan is multiplied by whole numbers only.',
    rules: [
      ['long', 'long', 'long', (left: bigint, right: bigint) => wrap(left * right)],
      ['real', 'real', 'real', (left: number, right: number) => left * right],
      ['timespan', 'long', 'timespan', (left: bigint, right: bigint) => wrap(left * right)],
      ['long', 'timespan', 'timespan', (left: bigint, right: bigint) => wrap(left * right)],
    ],
  },
  '/': {
    meaning:
      'null where either side is null; whole numbers are cut towards 0, and give null for a divisor of 0; timespan / timespan is a real.',
    rules: [
      ['long', 'long', 'long', divide],
      ['real', 'real', 'real', (left: number, right: number) => left / right],
      ['timespan', 'timespan', 'real', (left: bigint, right: bigint) => Number(left) / Number(right)],
      ['timespan', 'long', 'timespan', divide],
    ],
  },
  '%': {
    meaning: 'null where either side is null; never negative: 0 <= a % b < |b|; null for a whole divisor of 0.',
    rules: [
      ['long', 'long', 'long', modulo],
      ['real', 'real', 'real', moduloReal],
    ],
  },
};

const operators = Object.entries(rules).map(([name, operator]): ScalarFunction => ({
  name,
  notation: 'infix',
  meaning: operator.meaning,
  overloads: operator.rules.map(([left, right, result, compute]): Overload => ({
    parameters: [left, right],
    result,
    prepare: strict((a, b) => (compute as (left: Value, right: Value) => Value)(a, b)),
  })),
}));

export const arithmeticFunctions: readonly ScalarFunction[] = [
  ...operators,
  {
    name: 'negate',
    notation: 'prefix',
    meaning: 'written -x; null for null.',
    overloads: [
      { parameters: ['long'], result: 'long', prepare: strict((value) => wrap(-(value as bigint))) },
      { parameters: ['real'], result: 'real', prepare: strict((value) => -(value as number)) },
      { parameters: ['timespan'], result: 'timespan', prepare: strict((value) => wrap(-(value as bigint))) },
    ],
  },
];
