import { callable, strict, type ScalarFunction } from './function';
import type { Value } from '../value/types';

/** Functions of the 64 bits of a long. */

const infix = (name: string, meaning: string, compute: (left: bigint, right: bigint) => bigint | null): ScalarFunction =>
  callable(name, meaning, [
    {
      parameters: ['long', 'long'],
      result: 'long',
      prepare: strict((left, right): Value => {
        const result = compute(left as bigint, right as bigint);
        return result === null ? null : BigInt.asIntN(64, result);
      }),
    },
  ]);

const shift = (count: bigint): bigint | null => (count < 0n ? null : count % 64n);

export const bitFunctions: readonly ScalarFunction[] = [
  infix('binary_and', 'bit by bit.', (left, right) => left & right),
  infix('binary_or', 'bit by bit.', (left, right) => left | right),
  infix('binary_xor', 'bit by bit.', (left, right) => left ^ right),
  infix('binary_shift_left', 'by the count modulo 64; null for a negative count.', (value, count) => {
    const places = shift(count);
    return places === null ? null : value << places;
  }),
  infix('binary_shift_right', 'by the count modulo 64, keeping the sign; null for a negative count.', (value, count) => {
    const places = shift(count);
    return places === null ? null : value >> places;
  }),
  callable('binary_not', 'bit by bit.', [{ parameters: ['long'], result: 'long', prepare: strict((value) => ~(value as bigint)) }]),
];
