import { strict, type Overload, type ScalarFunction } from './function';
import { instantFromTicks } from '../value/instant';
import type { ScalarType, Value } from '../value/types';

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

/** A datetime outside the years 1 to 9999 is null. */
const toDatetime = (ticks: bigint): Value => instantFromTicks(ticks) ?? null;
/** 64 bits of two's complement: an overflow wraps, as the service's does. */
const wrap = (integer: bigint): bigint => (integer < LONG_MIN || integer > LONG_MAX ? BigInt.asIntN(64, integer) : integer);

type Arithmetic = readonly [left: ScalarType, right: ScalarType, result: ScalarType, compute: (left: never, right: never) => Value];

const plus: readonly Arithmetic[] = [
  ['long', 'long', 'long', (left: bigint, right: bigint) => wrap(left + right)],
  ['real', 'real', 'real', (left: number, right: number) => left + right],
  ['datetime', 'timespan', 'datetime', (left: bigint, right: bigint) => toDatetime(left + right)],
  ['timespan', 'datetime', 'datetime', (left: bigint, right: bigint) => toDatetime(left + right)],
  ['timespan', 'timespan', 'timespan', (left: bigint, right: bigint) => wrap(left + right)],
];

const minus: readonly Arithmetic[] = [
  ['long', 'long', 'long', (left: bigint, right: bigint) => wrap(left - right)],
  ['real', 'real', 'real', (left: number, right: number) => left - right],
  ['datetime', 'timespan', 'datetime', (left: bigint, right: bigint) => toDatetime(left - right)],
  ['datetime', 'datetime', 'timespan', (left: bigint, right: bigint) => left - right],
  ['timespan', 'timespan', 'timespan', (left: bigint, right: bigint) => wrap(left - right)],
];

const times: readonly Arithmetic[] = [
  ['long', 'long', 'long', (left: bigint, right: bigint) => wrap(left * right)],
  ['real', 'real', 'real', (left: number, right: number) => left * right],
  ['timespan', 'long', 'timespan', (left: bigint, right: bigint) => wrap(left * right)],
  ['long', 'timespan', 'timespan', (left: bigint, right: bigint) => wrap(left * right)],
];

function operator(name: string, meaning: string, table: readonly Arithmetic[]): ScalarFunction {
  return {
    name,
    notation: 'infix',
    meaning,
    overloads: table.map(
      ([left, right, result, compute]): Overload => ({
        parameters: [left, right],
        result,
        prepare: strict((a, b) => (compute as (left: Value, right: Value) => Value)(a, b)),
      }),
    ),
  };
}

/** The largest multiple of `size` not above `value`; null for a size of 0 or less. https://learn.microsoft.com/kusto/query/bin-function */
function binInteger(value: bigint, size: bigint): bigint | null {
  if (size <= 0n) return null;
  const remainder = value % size;
  return remainder < 0n ? value - remainder - size : value - remainder;
}

const binOf = (type: 'long' | 'timespan' | 'datetime', size: 'long' | 'timespan'): Overload => ({
  parameters: [type, size],
  result: type,
  prepare: strict((value, width) => binInteger(value as bigint, width as bigint)),
});

const bin: ScalarFunction = {
  name: 'bin',
  notation: 'call',
  meaning: 'the start of the bin, half-open; bins of datetimes count from 0001-01-01 UTC; null for a null value and for a size of 0 or less.',
  overloads: [
    binOf('datetime', 'timespan'),
    binOf('timespan', 'timespan'),
    binOf('long', 'long'),
    {
      parameters: ['real', 'real'],
      result: 'real',
      prepare: strict((value, size) => ((size as number) <= 0 ? null : Math.floor((value as number) / (size as number)) * (size as number))),
    },
  ],
};

export const timeFunctions: readonly ScalarFunction[] = [
  operator('+', 'null where either side is null; a datetime outside the years 1 to 9999 is null.', plus),
  operator('-', 'null where either side is null; datetime - datetime is a timespan.', minus),
  operator('*', 'null where either side is null.', times),
  {
    name: 'negate',
    notation: 'prefix',
    meaning: 'written -x; null for null.',
    overloads: [
      { parameters: ['long'], result: 'long', prepare: strict((value) => wrap(-(value as bigint))) },
      { parameters: ['real'], result: 'real', prepare: strict((value) => -(value as number)) },
      { parameters: ['timespan'], result: 'timespan', prepare: strict((value) => -(value as bigint)) },
    ],
  },
  bin,
  { ...bin, name: 'floor', meaning: 'the same as bin.' },
  {
    name: 'now',
    notation: 'call',
    meaning: 'one instant throughout an evaluation; an offset may be given.',
    usesNow: true,
    overloads: [
      { parameters: [], result: 'datetime', prepare: (_args, { now }) => () => now },
      {
        parameters: ['timespan'],
        result: 'datetime',
        prepare: (args, { now }) => strict((offset) => toDatetime(now + (offset as bigint)))(args, { now }),
      },
    ],
  },
  {
    name: 'ago',
    notation: 'call',
    meaning: 'now() less a timespan.',
    usesNow: true,
    overloads: [
      {
        parameters: ['timespan'],
        result: 'datetime',
        prepare: (args, { now }) => strict((span) => toDatetime(now - (span as bigint)))(args, { now }),
      },
    ],
  },
];
