import { elementsOf } from './compare';
import { textAt, type Argument, type Overload, type ScalarFunction } from './function';
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
  has: {
    test: (text, needle) => hasTerm(text, needle, { start: true, end: true }),
    meaning: 'the whole term or terms, with no letter or digit beside them',
  },
  hasprefix: { test: (text, needle) => hasTerm(text, needle, { start: true, end: false }), meaning: 'a term begins so' },
  hassuffix: { test: (text, needle) => hasTerm(text, needle, { start: false, end: true }), meaning: 'a term ends so' },
  contains: { test: (text, needle) => text.includes(needle), meaning: 'anywhere' },
  startswith: { test: (text, needle) => text.startsWith(needle), meaning: 'the value begins so' },
  endswith: { test: (text, needle) => text.endsWith(needle), meaning: 'the value ends so' },
};

/** Prepares a test of a string against a string; a constant needle is folded once. A dynamic side stands for its tostring(). */
function prepareTest(test: StringTest, caseSensitive: boolean, wanted: boolean): Overload['prepare'] {
  const fold = (text: string): string => (caseSensitive ? text : text.toLowerCase());
  return ([left, right]) => {
    const [text, needle] = [textAt(left), textAt(right)];
    if (right?.constant !== undefined) {
      const folded = fold(formatValue(right.type, right.constant));
      return (row) => test(fold(text(row)), folded) === wanted;
    }
    return (row) => test(fold(text(row)), fold(needle(row))) === wanted;
  };
}

function stringOperator(name: string, meaning: string, prepare: Overload['prepare']): ScalarFunction {
  const overloads: readonly Overload[] = [
    { parameters: ['string', 'string'], result: 'bool', prepare },
    { parameters: ['dynamic', 'string'], result: 'bool', prepare },
    { parameters: ['string', 'dynamic'], result: 'bool', prepare },
  ];
  return { name, notation: 'infix', meaning, overloads };
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
  const folded = (item: Value): readonly string[] =>
    elementsOf(item).flatMap((element) => (element === null ? [] : [formatValue('dynamic', element).toLowerCase()]));
  const prepare = ([left, ...items]: readonly Argument[]) => {
    const text = textAt(left);
    const constants = items.map((item) => (item.constant === undefined ? undefined : folded(item.constant)));
    return (row: readonly Value[]): Value => {
      const subject = text(row).toLowerCase();
      const needles = items.flatMap((item, index) => constants[index] ?? folded(item.at(row)));
      return needles[quantifier]((needle) => test(subject, needle));
    };
  };
  const listed = ['string', 'dynamic'] as const;
  return {
    name,
    notation: 'list',
    meaning: `\`has\` for ${quantifier === 'some' ? 'at least one' : 'each'} of the list. A dynamic array in the list stands for its elements.`,
    overloads: [{ parameters: [listed, listed], rest: listed, result: 'bool', prepare }],
  };
}

export const stringOperators: readonly ScalarFunction[] = [
  ...containment,
  stringOperator('=~', 'the whole value, ignoring case.', prepareTest(equals, false, true)),
  stringOperator('!~', 'the opposite of =~.', prepareTest(equals, false, false)),
  listOperator('has_any', 'some'),
  listOperator('has_all', 'every'),
];
