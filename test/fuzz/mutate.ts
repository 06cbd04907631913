import * as fc from 'fast-check';

/** What a mutation puts in: what YAML and KQL are made of, and what tends to be forgotten. */
const fragments: readonly string[] = [
  ...[
    '|',
    '||',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    ';',
    '=',
    '==',
    '=~',
    '!',
    '-',
    '--',
    '.',
    '..',
    '*',
    ':',
    '?',
    '&a',
    '*a',
    '#',
    '//',
    '`',
    '~',
  ],
  ...[
    '"',
    "'",
    '@"',
    "@'",
    '```',
    '~~~',
    '\\',
    '\n',
    '\n\n',
    '\r\n',
    '\t',
    ' ',
    '\0',
    '\ufeff',
    '\u2028',
    '\ud800',
    'é',
    '漢',
    '\u{1f600}',
  ],
  ...[
    'where',
    'extend',
    'project',
    'summarize',
    'by',
    'join',
    'kind=',
    'leftanti',
    'on',
    'union',
    'let x = ',
    'mv-expand',
    'parse',
    'with',
    'top',
    'sort by',
  ],
  ...[
    'has',
    'has_any',
    'in~',
    'between',
    'and',
    'or',
    'not',
    'matches regex',
    'count()',
    'make_set',
    'bin(',
    'ago(',
    'now()',
    'toscalar(',
    'datatable(',
    'dynamic(',
  ],
  ...[
    '0',
    '-1',
    '1e308',
    '9223372036854775808',
    '1h',
    '0s',
    'true',
    'null',
    'datetime(2026-03-10)',
    'time(1.00:00:00)',
    '$left',
    '$right',
    'TimeGenerated',
  ],
  ...['---', '- ', '? ', '| ', '> ', '!!str ', '%YAML', '{{x}}', 'query: |\n', 'id: ', 'entityMappings:', 'severity: High', '<<: '],
];

interface Mutation {
  readonly kind: 'delete' | 'repeat' | 'insert' | 'move';
  readonly at: number;
  readonly length: number;
  readonly to: number;
  readonly text: string;
}

/** Places and lengths as shares of the text, so that a shorter text takes the same mutation. */
const share = fc.double({ min: 0, max: 1, noNaN: true });
const shortShare = fc.oneof({ weight: 4, arbitrary: fc.double({ min: 0, max: 0.02, noNaN: true }) }, share);

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom<Mutation['kind'][]>('delete', 'repeat', 'insert', 'insert', 'move'),
  at: share,
  length: shortShare,
  to: share,
  text: fc.constantFrom(...fragments),
});

function mutate(before: string, { kind, at, length, to, text }: Mutation): string {
  const start = Math.floor(at * before.length);
  const end = start + Math.ceil(length * before.length);
  const piece = before.slice(start, end);
  const rest = before.slice(0, start) + before.slice(end);
  const target = Math.floor(to * rest.length);
  switch (kind) {
    case 'insert':
      return before.slice(0, start) + text + before.slice(start);
    case 'delete':
      return rest;
    case 'repeat':
      return before.slice(0, end) + piece + before.slice(end);
    case 'move':
      return rest.slice(0, target) + piece + rest.slice(target);
  }
}

/** One of the texts after one to four mutations. */
export function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(mutation, { minLength: 1, maxLength: 4 }))
    .map(([text, mutations]) => mutations.reduce(mutate, text));
}
