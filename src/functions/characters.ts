import { asArray } from './dynamic-value';
import { callable, overTexts, type Evaluator, type Overload, type ScalarFunction } from './function';
import type { Dynamic, Value } from '../value/types';

/** Functions of the characters of a text, and of numbers as their code points or digits. */

/** By code units, as everywhere here. */
function compareTexts(left: string, right: string): bigint {
  if (left === right) return 0n;
  return left < right ? -1n : 1n;
}

const codePoints = (text: string): readonly bigint[] => Array.from(text, (character) => BigInt(character.codePointAt(0) ?? 0));

/** The text of code points; '' where one of them is not one. */
function textOf(points: readonly Dynamic[]): string {
  const isPoint = (point: Dynamic): point is bigint =>
    typeof point === 'bigint' && point >= 0n && point <= 0x10ffffn && (point < 0xd800n || point > 0xdfffn);
  return points.every(isPoint) ? points.map((point) => String.fromCodePoint(Number(point))).join('') : '';
}

/** Two's complement of so many bits, with at least so many digits; negative numbers have all that their type has. */
const hexadecimal = (type: 'int' | 'long', bits: number): readonly Overload[] => {
  const digits = (value: Value, least: Value): string => {
    if (value === null || least === null) return '';
    const length = Math.min(Number(least), 16);
    return BigInt.asUintN(bits, BigInt(value as number | bigint))
      .toString(16)
      .padStart(length, '0');
  };
  const at =
    (evaluators: readonly Evaluator[]): Evaluator =>
    (row) => {
      const [value = null, least = 1n] = evaluators.map((evaluate) => evaluate(row));
      return digits(value, least);
    };
  const prepare: Overload['prepare'] = (args) => at(args.map((arg) => arg.at));
  return [
    { parameters: [type], result: 'string', prepare },
    { parameters: [type, 'long'], result: 'string', prepare },
  ];
};

export const characterFunctions: readonly ScalarFunction[] = [
  callable('strcmp', '-1, 0 or 1, by code units.', [
    { parameters: ['string', 'string'], result: 'long', prepare: overTexts((left = '', right = '') => compareTexts(left, right)) },
  ]),
  callable(
    'tohex',
    "two's complement of an int or a long, lower case, with zeros in front up to the second argument, 16 at most; '' for null.",
    [...hexadecimal('int', 32), ...hexadecimal('long', 64)],
  ),
  callable('unicode_codepoints_from_string', 'an array of the code points of the characters.', [
    { parameters: ['string'], result: 'dynamic', prepare: overTexts((text = '') => codePoints(text)) },
  ]),
  callable('unicode_codepoints_to_string', "the text of code points, alone or in arrays; '' where one of them is not one.", [
    {
      parameters: [['long', 'dynamic']],
      rest: ['long', 'dynamic'],
      result: 'string',
      prepare: (args) => (row) => textOf(args.flatMap((arg) => ((value) => asArray(value) ?? [value])(arg.at(row)))),
    },
  ]),
];
