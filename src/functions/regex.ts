import { RE2JS } from 're2js';
import { callable, overTexts, textAt, type Argument, type Evaluator, type Overload, type ScalarFunction } from './function';
import { toRe2, UnsupportedRegex } from './regex-syntax';
import type { Value } from '../value/types';

/** Functions of regular expressions. A pattern is a constant, so that a bad one is an error when the rule is compiled. */

const compiled = new Map<string, RE2JS>();
/** More patterns than the rules of one program have; then all are forgotten. */
const MAX_COMPILED = 1_000;

/** Throws UnsupportedRegex, or RE2JS's own syntax error. */
function compile(pattern: string): RE2JS {
  const found = compiled.get(pattern);
  if (found !== undefined) return found;
  const regex = RE2JS.compile(toRe2(pattern));
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(pattern, regex);
  return regex;
}

/** Why a regular expression cannot be run; undefined where it can. */
export function regexProblem(pattern: Value | undefined): string | undefined {
  if (typeof pattern !== 'string') return 'a regular expression that is not constant';
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof UnsupportedRegex) return `the regular expression ${pattern}, which has ${error.message}`;
    return `the regular expression ${pattern}, which RE2 refuses (${(error as Error).message})`;
  }
}

function constantRegex(arg: Argument | undefined): RE2JS {
  if (typeof arg?.constant !== 'string') throw new TypeError('a regular expression that is not constant');
  return compile(arg.constant);
}

/** The captured groups of a match, 0 the whole; '' for a group that took no part. */
type Groups = readonly string[];

const groupsOf = (matcher: ReturnType<RE2JS['matcher']>): Groups =>
  Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? '');

function firstMatch(regex: RE2JS, text: string): Groups | undefined {
  const matcher = regex.matcher(text);
  if (!matcher.find()) return undefined;
  return groupsOf(matcher);
}

/** Of a constant regular expression, for an operator that has one: how many groups it has, and its first match in a text. */
export const groupCount = (pattern: string): number => compile(pattern).groupCount();
export const matcherOf = (pattern: string): ((text: string) => Groups | undefined) => {
  const regex = compile(pattern);
  return (text) => firstMatch(regex, text);
};

/** Every match from left to right, none overlapping. */
function allMatches(regex: RE2JS, text: string): readonly { readonly start: number; readonly end: number; readonly groups: Groups }[] {
  const matcher = regex.matcher(text);
  const matches = [];
  while (matcher.find()) {
    matches.push({ start: matcher.start(), end: matcher.end(), groups: groupsOf(matcher) });
  }
  return matches;
}

/** `\0` to `\9` in a rewrite stand for groups, `\\` for a backslash. */
const REWRITE = /\\([^])/g;

function rewriteProblem(pattern: Value | undefined, rewrite: Value | undefined): string | undefined {
  const bad = regexProblem(pattern);
  if (bad !== undefined || typeof pattern !== 'string') return bad;
  if (typeof rewrite !== 'string') return 'a rewrite that is not constant';
  const groups = compile(pattern).groupCount();
  const stray = [...rewrite.matchAll(REWRITE)].find(
    ([, escaped = '']) => escaped !== '\\' && !(/\d/.test(escaped) && Number(escaped) <= groups),
  );
  return stray !== undefined || /(?:^|[^\\])(?:\\\\)*\\$/.test(rewrite)
    ? `the rewrite ${rewrite}, which names a group that the pattern lacks`
    : undefined;
}

function replaceAll(regex: RE2JS, rewrite: string, text: string): string {
  let output = '';
  let from = 0;
  for (const { start, end, groups } of allMatches(regex, text)) {
    output +=
      text.slice(from, start) +
      rewrite.replace(REWRITE, (_, escaped: string) => (escaped === '\\' ? '\\' : (groups[Number(escaped)] ?? '')));
    from = end;
  }
  return output + text.slice(from);
}

const replaceOverload = (pattern: number, rewrite: number, source: number): Overload => ({
  parameters: ['string', 'string', 'string'],
  result: 'string',
  refuses: (constants) => rewriteProblem(constants[pattern], constants[rewrite]),
  prepare: (args): Evaluator => {
    const regex = constantRegex(args[pattern]);
    const [template, text] = [args[rewrite]?.constant, textAt(args[source])];
    if (typeof template !== 'string') throw new TypeError('a rewrite that is not constant');
    return (row) => replaceAll(regex, template, text(row));
  },
});

function extract([pattern, group, source]: readonly Argument[]): Evaluator {
  const regex = constantRegex(pattern);
  const text = textAt(source);
  return (row) => {
    const wanted = group?.at(row);
    if (typeof wanted !== 'bigint') return '';
    return firstMatch(regex, text(row))?.[Number(wanted)] ?? '';
  };
}

/** One kind of character, as often as it comes. */
const RUN_OF_ONE_KIND = /^(?:\\(?:[pP]\{\^?\w+\}|[dDsSwWnrt]|[^A-Za-z0-9])|\[(?:\\[^]|\[:\^?\w+:\]|[^\]\\])+\]|[^\\[\](){}|^$*+?])[+*]$/;

/**
 * Whether trim() gives the same whether one match at each end is removed or all are. By the words of their pages trim() removes "all matches",
 * trim_start() and trim_end() "the match". Whether the service makes that difference is not documented; here all three remove one match.
 */
export const trimsAlike = (pattern: string): boolean => RUN_OF_ONE_KIND.test(pattern);

function trim(name: string, meaning: string, ends: { readonly start: boolean; readonly end: boolean }): ScalarFunction {
  return callable(name, meaning, [
    {
      parameters: ['string', 'string'],
      result: 'string',
      refuses: ([pattern]) => regexProblem(pattern),
      prepare: ([pattern, source]) => {
        if (typeof pattern?.constant !== 'string') throw new TypeError('a regular expression that is not constant');
        const [atStart, atEnd] = [compile(`^(?:${pattern.constant})`), compile(`(?:${pattern.constant})$`)];
        const text = textAt(source);
        return (row) => {
          let trimmed = text(row);
          if (ends.start) trimmed = trimmed.slice(firstMatch(atStart, trimmed)?.[0]?.length ?? 0);
          const last = ends.end ? firstMatch(atEnd, trimmed)?.[0] : undefined;
          return last === undefined ? trimmed : trimmed.slice(0, trimmed.length - last.length);
        };
      },
    },
  ]);
}

/** Of each match the captured groups: one string for one group, an array for several. */
const extractAll: Overload = {
  parameters: ['string', 'string'],
  result: 'dynamic',
  refuses: ([pattern]) => {
    const bad = regexProblem(pattern);
    if (bad !== undefined || typeof pattern !== 'string') return bad;
    return compile(pattern).groupCount() === 0 ? 'a regular expression without a group' : undefined;
  },
  prepare: ([pattern, source]) => {
    const regex = constantRegex(pattern);
    const text = textAt(source);
    return (row) => {
      const found = allMatches(regex, text(row)).map(({ groups }) => (groups.length === 2 ? (groups[1] ?? '') : groups.slice(1)));
      return found.length === 0 ? null : found;
    };
  },
};

const matches = (parameter: 'string' | 'dynamic'): Overload => ({
  parameters: [parameter, 'string'],
  result: 'bool',
  refuses: ([, pattern]) => regexProblem(pattern),
  prepare: ([source, pattern]) => {
    const regex = constantRegex(pattern);
    const text = textAt(source);
    return (row) => regex.matcher(text(row)).find();
  },
});

/** How often `needle` occurs, overlapping occurrences counted. */
function countOf(text: string, needle: string): bigint {
  if (needle === '') return 0n;
  let count = 0n;
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) count += 1n;
  return count;
}

const asciiBoundary = '\\b looks at ASCII letters, digits and _ only.';

export const regexFunctions: readonly ScalarFunction[] = [
  {
    name: 'matches regex',
    notation: 'infix',
    meaning: `whether the pattern matches anywhere; case-sensitive unless it says (?i). ${asciiBoundary}`,
    overloads: [matches('string'), matches('dynamic')],
  },
  callable('extract', `the group of the first match, 0 the whole; '' for none. ${asciiBoundary}`, [
    { parameters: ['string', 'long', 'string'], result: 'string', refuses: ([pattern]) => regexProblem(pattern), prepare: extract },
  ]),
  callable('extract_all', `an array of every match: its group, or an array of its groups; null for no match. ${asciiBoundary}`, [
    extractAll,
  ]),
  callable('replace_regex', 'every match, none overlapping; \\1 in the rewrite is a group, \\0 the whole.', [replaceOverload(1, 2, 0)]),
  callable('replace', 'the old form of replace_regex: pattern, rewrite, text.', [replaceOverload(0, 1, 2)]),
  callable(
    'countof',
    'the number of occurrences of a plain string, overlapping ones counted; with "regex" of a pattern, none overlapping.',
    [
      { parameters: ['string', 'string'], result: 'long', prepare: overTexts((text = '', needle = '') => countOf(text, needle)) },
      {
        parameters: ['string', 'string', 'string'],
        result: 'long',
        refuses: ([, pattern, kind]) =>
          kind === 'regex' ? regexProblem(pattern) : kind === 'normal' ? undefined : 'a kind other than "normal" and "regex"',
        prepare: ([source, pattern, kind]) => {
          if (kind?.constant === 'normal') {
            const [whole, needle] = [textAt(source), textAt(pattern)];
            return (row) => countOf(whole(row), needle(row));
          }
          const regex = constantRegex(pattern);
          const text = textAt(source);
          return (row) => BigInt(allMatches(regex, text(row)).length);
        },
      },
    ],
  ),
  trim('trim', 'without the match at the start and the match at the end, one alone of each.', {
    start: true,
    end: true,
  }),
  trim('trim_start', 'without the match at the start, one alone.', { start: true, end: false }),
  trim('trim_end', 'without the match at the end, one alone.', { start: false, end: true }),
];
