import { RE2JS } from 're2js';
import { toRe2, UnsupportedRegex } from '../../../src/functions/regex-syntax';

const matches = (pattern: string, text: string): boolean => RE2JS.compile(toRe2(pattern)).matcher(text).find();

/** What each class means by the documentation, in JavaScript's terms. */
const classes: readonly (readonly [pattern: string, meaning: RegExp])[] = [
  ['\\d', /\p{Nd}/u],
  ['\\D', /\P{Nd}/u],
  ['\\s', /\p{White_Space}/u],
  ['\\S', /\P{White_Space}/u],
  ['\\w', /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u],
  ['\\W', /[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u],
];

describe.each(classes)('%s', (pattern, meaning) => {
  const samples = Array.from({ length: 0x3100 }, (_, code) => String.fromCodePoint(code));

  it.each([pattern, `[${pattern}]`, `[q${pattern}]`])('written %s is the Unicode class', (written) => {
    const regex = RE2JS.compile(`^(?:${toRe2(written)})$`);
    const differing = samples.filter((text) => text !== 'q' && text !== '\n' && regex.matcher(text).find() !== meaning.test(text));
    expect(differing).toEqual([]);
  });
});

it.each([
  ['[^\\W_]+', 'ab', true],
  ['^[^\\W_]+$', 'a_b', false],
  ['[\\s\\S]', '\n', true],
  ['a\\.b', 'a.b', true],
  ['^a\\0b$', 'a\0b', true],
  ['^\\00[\\101-\\103]$', '\0B', true],
  ['^\\u00e9[\\u{1F600}]\\U0000007a$', 'é😀z', true],
  ['\\[x\\]', '[x]', true],
  ['[]x]', ']', true],
  ['[[:alpha:]]+', 'abc', true],
  ['(?P<n>a)(?<m>b)', 'ab', true],
  ['x{2,3}', 'xx', true],
  ['^.$', '\n', false],
  ['(?s)^.$', '\n', true],
  ['(?m)^b$', 'a\nb\nc', true],
  ['b$', 'b\n', false],
  ['\\bnet\\b', 'the net.', true],
  ['\\bnet\\b', 'internet', false],
  ['\\x41\\x{42}', 'AB', true],
  ['\\p{Greek}', 'λ', true],
])('%s on %j: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

it.each([
  '[a[b]]',
  '[a&&b]',
  '[a--b]',
  '[a~~b]',
  'a{',
  'a{x}',
  'a{,3}',
  '(?x)a',
  '(?=a)',
  '(?!a)',
  '(?<=a)',
  '\\<a',
  '\\b{start}',
  '\\1',
  '\\u00',
  '\\u{110000}',
  '\\12',
  '(a)\\10',
  '\\Qa\\E',
  '\\C',
  'a\\',
  '[a',
])('%s is refused', (pattern) => {
  expect(() => toRe2(pattern)).toThrow(UnsupportedRegex);
});
