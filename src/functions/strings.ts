import { nullable, strict, type Argument, type Overload, type ScalarFunction } from './function';
import { formatValue } from '../value/text';
import type { Value } from '../value/types';

/**
 * String operators. Case is ignored by the whole string's lower case, and every Unicode letter and digit belongs to a term: Kusto promises
 * both for ASCII only and leaves the rest open. The wider reading is taken, so that nothing that the workspace lets through is lost here.
 */

type StringTest = (text: string, needle: string) => boolean;

const ALPHANUMERIC = /[\p{L}\p{N}]/u;

/** Whether the character that ends right before `index` is alphanumeric; a surrogate pair is one character. */
function alphanumericBefore(text: string, index: number): boolean {
  if (index === 0) return false;
  const low = text.charCodeAt(index - 1);
  const start = low >= 0xdc00 && low <= 0xdfff && index > 1 ? index - 2 : index - 1;
  return ALPHANUMERIC.test(text.slice(start, index));
}

function alphanumericAt(text: string, index: number): boolean {
  const code = text.codePointAt(index);
  return code !== undefined && ALPHANUMERIC.test(String.fromCodePoint(code));
}

interface Edges {
  readonly start: boolean;
  readonly end: boolean;
}

/** Whether the needle occurs with no alphanumeric neighbour at those of its edges that are bound and alphanumeric themselves. */
function hasTerm(text: string, needle: string, bound: Edges): boolean {
  const bindStart = bound.start && alphanumericAt(needle, 0);
  const bindEnd = bound.end && alphanumericBefore(needle, needle.length);
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) {
    const end = at + needle.length;
    if (!(bindStart && alphanumericBefore(text, at)) && !(bindEnd && alphanumericAt(text, end))) return true;
    if (needle === '') return false;
  }
  return false;
}

const tests: Readonly<Record<string, { readonly test: StringTest; readonly meaning: string }>> = {
  has: { test: (text, needle) => hasTerm(text, needle, { start: true, end: true }), meaning: 'the whole term or terms, with no letter or digit beside them' },
  hasprefix: { test: (text, needle) => hasTerm(text, needle, { start: true, end: false }), meaning: 'a term begins so' },
  hassuffix: { test: (text, needle) => hasTerm(text, needle, { start: false, end: true }), meaning: 'a term ends so' },
  contains: { test: (text, needle) => text.includes(needle), meaning: 'anywhere' },
  startswith: { test: (text, needle) => text.startsWith(needle), meaning: 'the value begins so' },
  endswith: { test: (text, needle) => text.endsWith(needle), meaning: 'the value ends so' },
};

/** Prepares a test of a string against a string; a constant needle is folded once. */
function prepareTest(test: StringTest, caseSensitive: boolean, wanted: boolean): Overload['prepare'] {
  const fold = (text: Value): string => (caseSensitive ? (text as string) : (text as string).toLowerCase());
  return ([text, needle]) => {
    if (text === undefined || needle === undefined) throw new TypeError('a string operator takes two arguments');
    if (needle.constant !== undefined) {
      const folded = fold(needle.constant);
      return (row) => test(fold(text.at(row)), folded) === wanted;
    }
    return (row) => test(fold(text.at(row)), fold(needle.at(row))) === wanted;
  };
}

function stringOperator(name: string, meaning: string, prepare: Overload['prepare']): ScalarFunction {
  return { name, notation: 'infix', meaning, overloads: [{ parameters: ['string', 'string'], result: 'bool', prepare }] };
}

const containment = Object.entries(tests).flatMap(([name, { test, meaning }]) => [
  stringOperator(name, `${meaning}, ignoring case.`, prepareTest(test, false, true)),
  stringOperator(`!${name}`, `the opposite of ${name}.`, prepareTest(test, false, false)),
  stringOperator(`${name}_cs`, `${meaning}, case-sensitive.`, prepareTest(test, true, true)),
  stringOperator(`!${name}_cs`, `the opposite of ${name}_cs.`, prepareTest(test, true, false)),
]);

const equals: StringTest = (text, other) => text === other;

function listOperator(name: string, quantifier: 'some' | 'every'): ScalarFunction {
  const test: StringTest = (text, needle) => hasTerm(text, needle, { start: true, end: true });
  const prepare = ([text, ...needles]: readonly Argument[]) => {
    if (text === undefined) throw new TypeError(`${name} takes a string and a list`);
    const folded = needles.map((needle) => (typeof needle.constant === 'string' ? needle.constant.toLowerCase() : undefined));
    return (row: readonly Value[]): Value => {
      const subject = (text.at(row) as string).toLowerCase();
      return needles[quantifier]((needle, index) => test(subject, folded[index] ?? (needle.at(row) as string).toLowerCase()));
    };
  };
  return {
    name,
    notation: 'list',
    meaning: `\`has\` for ${quantifier === 'some' ? 'at least one' : 'each'} of the list.`,
    overloads: [{ parameters: ['string', 'string'], rest: 'string', result: 'bool', prepare }],
  };
}

/** The list is concatenated as tostring() of each; null adds nothing. */
const strcat: Overload = {
  parameters: ['any'],
  rest: 'any',
  result: 'string',
  prepare: (args) => (row) => args.map((arg) => formatValue(arg.type, arg.at(row))).join(''),
};

function textFunction(name: string, meaning: string, compute: (text: string) => Value, result: Overload['result']): ScalarFunction {
  return {
    name,
    notation: 'call',
    meaning,
    overloads: [{ parameters: ['string'], result, prepare: strict((text) => compute(text as string)) }],
  };
}

export const stringFunctions: readonly ScalarFunction[] = [
  ...containment,
  stringOperator('=~', 'the whole value, ignoring case.', prepareTest(equals, false, true)),
  stringOperator('!~', 'the opposite of =~.', prepareTest(equals, false, false)),
  listOperator('has_any', 'some'),
  listOperator('has_all', 'every'),
  { name: 'strcat', notation: 'call', meaning: 'tostring() of each argument, one after the other; null adds nothing.', overloads: [strcat] },
  textFunction('tolower', 'the lower case of every character.', (text) => text.toLowerCase(), 'string'),
  textFunction('toupper', 'the upper case of every character.', (text) => text.toUpperCase(), 'string'),
  textFunction('isempty', "true for '' (a string is never null).", (text) => text === '', 'bool'),
  textFunction('isnotempty', "false for '' (a string is never null).", (text) => text !== '', 'bool'),
  {
    name: 'tostring',
    notation: 'call',
    meaning: "'' for null; a datetime with seven fraction digits; an array or a bag as compact JSON.",
    overloads: [
      {
        parameters: ['any'],
        result: 'string',
        prepare: (args) => (row) => args.map((arg) => formatValue(arg.type, arg.at(row))).join(''),
      },
    ],
  },
  {
    name: 'isnull',
    notation: 'call',
    meaning: 'always false for a string, which is never null.',
    overloads: [{ parameters: ['any'], result: 'bool', prepare: nullable((value) => value === null) }],
  },
  {
    name: 'isnotnull',
    notation: 'call',
    meaning: 'the opposite of isnull.',
    overloads: [{ parameters: ['any'], result: 'bool', prepare: nullable((value) => value !== null) }],
  },
];
