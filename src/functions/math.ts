import { wrap } from './arithmetic';
import { callable, nullable, strict, type Overload, type ScalarFunction } from './function';
import type { ScalarType, Value } from '../value/types';

/** The largest multiple of `size` not above `value`; null for a size of 0 or less. https://learn.microsoft.com/kusto/query/bin-function */
export function binInteger(value: bigint, size: bigint): bigint | null {
  if (size <= 0n) return null;
  const remainder = value % size;
  return wrap(remainder < 0n ? value - remainder - size : value - remainder);
}

const binReal = (value: number, size: number): number | null => (size <= 0 ? null : Math.floor(value / size) * size);

const binOf = (type: 'long' | 'timespan' | 'datetime', size: 'long' | 'timespan'): Overload => ({
  parameters: [type, size],
  result: type,
  prepare: strict((value, width) => binInteger(value as bigint, width as bigint)),
});

const binOverloads: readonly Overload[] = [
  binOf('datetime', 'timespan'),
  binOf('timespan', 'timespan'),
  binOf('long', 'long'),
  { parameters: ['real', 'real'], result: 'real', prepare: strict((value, size) => binReal(value as number, size as number)) },
];

const binAtOf = (type: 'long' | 'timespan' | 'datetime', size: 'long' | 'timespan'): Overload => ({
  parameters: [type, size, type],
  result: type,
  prepare: strict((value, width, fixed) => {
    const offset = binInteger(wrap((value as bigint) - (fixed as bigint)), width as bigint);
    return offset === null ? null : wrap(offset + (fixed as bigint));
  }),
});

/** Halves go away from 0, as in the documented example round(2.15, 1) = 2.2: the decimal text is rounded, not the binary value. */
function round(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value;
  const shift = (real: number, places: number): number => {
    const [mantissa = '0', exponent = '0'] = real.toString().split('e');
    return Number(`${mantissa}e${Number(exponent) + places}`);
  };
  const shifted = shift(Math.abs(value), digits);
  // No double beyond has so many digits behind its point.
  if (!Number.isFinite(shifted)) return value;
  const rounded = shift(Math.round(shifted), -digits);
  return value < 0 ? -rounded : rounded;
}

const real = (name: string, meaning: string, compute: (value: number) => number): ScalarFunction =>
  callable(name, meaning, [{ parameters: ['real'], result: 'real', prepare: strict((value) => notANumber(compute(value as number))) }]);

/** Functions of reals give null where the result is not a number, as log(-1). */
const notANumber = (value: number): Value => (Number.isNaN(value) ? null : value);

const magnitude = (type: ScalarType): Overload => ({
  parameters: [type],
  result: type,
  prepare: strict((value) => (typeof value === 'bigint' ? (value < 0n ? wrap(-value) : value) : Math.abs(value as number))),
});

/** isnan() and its kin: null is not a number, so it is of no kind. */
const kind = (name: string, holds: (value: number) => boolean): ScalarFunction =>
  callable(name, 'false for null.', [
    { parameters: ['real'], result: 'bool', prepare: nullable((value) => typeof value === 'number' && holds(value)) },
  ]);

const same = (type: ScalarType): Overload => ({ parameters: [type], result: type, prepare: strict((value) => value) });

export const mathFunctions: readonly ScalarFunction[] = [
  callable(
    'bin',
    'the start of the bin, half-open; bins of datetimes count from 0001-01-01 UTC; null for a null value and for a size of 0 or less.',
    binOverloads,
  ),
  callable('floor', 'the same as bin.', binOverloads),
  callable('bin_at', 'as bin, but bins count from the third argument.', [
    binAtOf('datetime', 'timespan'),
    binAtOf('timespan', 'timespan'),
    binAtOf('long', 'long'),
  ]),
  callable('ceiling', 'the smallest whole number not below.', [
    same('long'),
    { parameters: ['real'], result: 'real', prepare: strict((value) => Math.ceil(value as number)) },
  ]),
  callable('round', 'halves go away from 0; the digits may be negative.', [
    same('long'),
    { parameters: ['real'], result: 'real', prepare: strict((value) => round(value as number, 0)) },
    { parameters: ['real', 'long'], result: 'real', prepare: strict((value, digits) => round(value as number, Number(digits))) },
  ]),
  callable('abs', 'null for null.', [magnitude('long'), magnitude('real'), magnitude('timespan')]),
  callable('sign', '-1, 0 or 1, a real.', [
    { parameters: ['real'], result: 'real', prepare: strict((value) => Math.sign(value as number)) },
  ]),
  kind('isnan', Number.isNaN),
  kind('isinf', (value) => value === Infinity || value === -Infinity),
  kind('isfinite', Number.isFinite),
  real('sqrt', 'null for a negative number.', Math.sqrt),
  real('exp', 'e to the power of the argument.', Math.exp),
  real('exp2', '2 to the power of the argument.', (value) => 2 ** value),
  real('exp10', '10 to the power of the argument.', (value) => 10 ** value),
  callable('pow', 'the first to the power of the second.', [
    { parameters: ['real', 'real'], result: 'real', prepare: strict((base, exponent) => (base as number) ** (exponent as number)) },
  ]),
  ...(['log', 'log2', 'log10'] as const).map((name) => real(name, 'null for a negative number.', (value) => Math[name](value))),
];
