import { callable, nullable, overTexts, textAt, type Overload, type ParameterType, type ScalarFunction } from './function';
import { formatValue, isArray } from '../value/text';
import { noValue, type ScalarType, type Value } from '../value/types';

/** Functions of strings. A character is a Unicode code point. Most cast whatever they are given by tostring(). */

const characters = (text: string): readonly string[] => Array.from(text);

/** Character by character: one whose upper case is several, such as ß, stays. */
const upper = (text: string): string =>
  /^[\0-\x7f]*$/.test(text)
    ? text.toUpperCase()
    : characters(text)
        .map((character) => (character.toUpperCase().length === character.length ? character.toUpperCase() : character))
        .join('');

/** strlen without the array: surrogate pairs count once. */
function length(text: string): bigint {
  let count = 0;
  for (const _ of text) count += 1;
  return BigInt(count);
}

function substring(text: string, start: bigint, count: bigint | undefined): string {
  const all = characters(text);
  const from = start < 0n ? Math.max(0, all.length + Number(start)) : Number(start);
  return all.slice(from, count === undefined ? undefined : from + Math.max(0, Number(count))).join('');
}

/** The index in characters of the n-th occurrence that lies whole within `span` characters from `start`; -1 for none, null where a number is out of range. */
function indexOf(text: string, needle: string, start: bigint, span: bigint, occurrence: bigint): Value {
  if (span < -1n || occurrence < 1n) return null;
  const all = characters(text);
  const wanted = characters(needle);
  const from = start < 0n ? Math.max(0, all.length + Number(start)) : Number(start);
  const end = span === -1n ? all.length : Math.min(all.length, from + Number(span));
  let left = occurrence;
  for (let at = from; at + wanted.length <= end; at += 1) {
    if (wanted.every((character, index) => all[at + index] === character)) left -= 1n;
    if (left === 0n) return BigInt(at);
  }
  return -1n;
}

/** Each character of the search list becomes the one at its place in the replacement list, whose last character stands for all that follow. */
function translate(search: string, replacement: string, text: string): string {
  const [from, to] = [characters(search), characters(replacement)];
  return characters(text)
    .map((character) => {
      const index = from.indexOf(character);
      return index === -1 ? character : (to[index] ?? to[to.length - 1] ?? '');
    })
    .join('');
}

/** Arrays of strings and other scalars; null elements add nothing. */
function joinArray(array: Value, delimiter: string): string {
  return array !== null && isArray(array) ? array.map((item) => formatValue('dynamic', item)).join(delimiter) : '';
}

const ofText = (result: ScalarType, compute: (text: string) => Value, parameter: ParameterType = 'any'): readonly Overload[] => [
  { parameters: [parameter], result, prepare: overTexts(compute) },
];

const numbers = (row: readonly Value[], args: readonly { readonly at: (row: readonly Value[]) => Value }[]): readonly (bigint | null)[] =>
  args.map((arg) => arg.at(row) as bigint | null);

/** substring(text, start [, length]) and indexof(text, needle [, start [, length [, occurrence]]]): null for a null number. */
function withNumbers(
  texts: number,
  count: number,
  result: ScalarType,
  compute: (texts: readonly string[], given: readonly bigint[]) => Value,
): Overload {
  return {
    parameters: [...Array.from({ length: texts }, () => 'any' as const), ...Array.from({ length: count }, () => 'long' as const)],
    result,
    prepare: (args) => {
      const textArgs = args.slice(0, texts).map(textAt);
      const numberArgs = args.slice(texts);
      return (row) => {
        const given = numbers(row, numberArgs);
        if (!given.every((number) => number !== null)) return noValue(result);
        return compute(
          textArgs.map((text) => text(row)),
          given,
        );
      };
    },
  };
}

export const textFunctions: readonly ScalarFunction[] = [
  callable('strcat', 'tostring() of each argument, one after the other; null adds nothing.', [
    { parameters: ['any'], rest: 'any', result: 'string', prepare: overTexts((...texts) => texts.join('')) },
  ]),
  callable('strcat_delim', 'tostring() of each further argument, with the first between them.', [
    {
      parameters: ['any', 'any', 'any'],
      rest: 'any',
      result: 'string',
      prepare: overTexts((delimiter = '', ...texts) => texts.join(delimiter)),
    },
  ]),
  callable('strcat_array', "tostring() of each element, with the second argument between them; '' for what is not an array.", [
    {
      parameters: ['dynamic', 'any'],
      result: 'string',
      prepare: ([array, delimiter]) => {
        const between = textAt(delimiter);
        return (row) => joinArray(array?.at(row) ?? null, between(row));
      },
    },
  ]),
  callable(
    'tolower',
    'the lower case of every character.',
    ofText('string', (text) => text.toLowerCase()),
  ),
  callable('toupper', 'the upper case of every character.', ofText('string', upper)),
  callable(
    'reverse',
    'the characters of tostring() backwards.',
    ofText('string', (text) => characters(text).toReversed().join('')),
  ),
  callable('strlen', 'the number of characters; of a dynamic value those of tostring().', ofText('long', length, ['string', 'dynamic'])),
  callable(
    'isempty',
    "true for '' and for null.",
    ofText('bool', (text) => text === ''),
  ),
  callable(
    'isnotempty',
    "false for '' and for null.",
    ofText('bool', (text) => text !== ''),
  ),
  callable('isnull', 'always false for a string, which is never null.', [
    { parameters: ['any'], result: 'bool', prepare: nullable((value) => value === null) },
  ]),
  callable('isnotnull', 'the opposite of isnull.', [{ parameters: ['any'], result: 'bool', prepare: nullable((value) => value !== null) }]),
  callable(
    'isascii',
    'whether every character is within 7 bits.',
    ofText('bool', (text) => /^[\0-\x7f]*$/.test(text), 'string'),
  ),
  callable('substring', 'from a place counted from 0, or from the end where negative; to the end, or so many characters.', [
    withNumbers(1, 1, 'string', ([text = ''], [start = 0n]) => substring(text, start, undefined)),
    withNumbers(1, 2, 'string', ([text = ''], [start = 0n, count]) => substring(text, start, count)),
  ]),
  callable(
    'indexof',
    'the place of the first occurrence, counted from 0; -1 for none. Further arguments: where to start (from the end where negative), how many characters to look at (-1 for all), which occurrence.',
    [0, 1, 2, 3].map((count) => ({
      ...withNumbers(2, count, 'long', ([text = '', needle = ''], [start = 0n, span = -1n, occurrence = 1n]) =>
        indexOf(text, needle, start, span, occurrence),
      ),
      refuses: ([, , , span, occurrence]) =>
        occurrence === undefined || occurrence === 1n || span === -1n ? undefined : 'both a length and an occurrence',
    })),
  ),
  callable('replace_string', 'every occurrence, from left to right, none overlapping; case-sensitive.', [
    {
      parameters: ['string', 'string', 'string'],
      result: 'string',
      prepare: overTexts((text = '', lookup = '', rewrite = '') => (lookup === '' ? text : text.replaceAll(lookup, () => rewrite))),
    },
  ]),
  callable(
    'translate',
    'each character of the first list becomes the one at its place in the second, whose last one stands for all that follow.',
    [
      {
        parameters: ['string', 'string', 'string'],
        result: 'string',
        prepare: overTexts((from = '', to = '', text = '') => translate(from, to, text)),
      },
    ],
  ),
  callable('split', 'an array of the parts between delimiters; with an index, an array of that part alone, empty where there is none.', [
    {
      parameters: ['any', 'string'],
      result: 'dynamic',
      refuses: ([, delimiter]) => emptyDelimiter(delimiter),
      prepare: overTexts((text = '', delimiter = '') => text.split(delimiter)),
    },
    {
      parameters: ['any', 'string', 'long'],
      result: 'dynamic',
      refuses: ([, delimiter]) => emptyDelimiter(delimiter),
      prepare: ([source, delimiter, wanted]) => {
        const [text, between] = [textAt(source), textAt(delimiter)];
        return (row) => {
          const index = wanted?.at(row);
          const part = typeof index === 'bigint' && index >= 0n ? text(row).split(between(row))[Number(index)] : undefined;
          return part === undefined ? [] : [part];
        };
      },
    },
  ]),
];

const emptyDelimiter = (delimiter: Value | undefined): string | undefined =>
  delimiter === undefined ? 'a delimiter that is not constant' : delimiter === '' ? 'an empty delimiter' : undefined;
