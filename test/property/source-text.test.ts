import fc from 'fast-check';
import '@kusto/language-service-next/bridge.min.js';
import '@kusto/language-service-next/Kusto.Language.Bridge.min.js';
import { sourceMistakes } from '../../src/hunt/source-text';
import { renderSource } from '../../src/hunt/sources';
import { instant } from '../../src/value/instant';

const seed = 20_260_310;

/** As much of Microsoft's lexer as is used here. */
interface LexedToken {
  readonly Text: string;
  readonly Trivia: string | null;
  GetNextToken(): LexedToken | null;
}

interface Lexer {
  readonly Language: { readonly KustoCode: { Parse(text: string): { readonly Syntax: { GetFirstToken(): LexedToken | null } } } };
}

function lex(text: string): readonly LexedToken[] {
  const { Kusto } = globalThis as unknown as { readonly Kusto: Lexer };
  const tokens: LexedToken[] = [];
  let token = Kusto.Language.KustoCode.Parse(text).Syntax.GetFirstToken();
  while (token !== null) {
    if (token.Text !== '') tokens.push(token);
    token = token.GetNextToken();
  }
  return tokens;
}

const piece = fc.constantFrom(
  ...["'", '"', '@', '\\', '```', '~~~', 'h', 'H', '|', ';', '//', '#', '(', ')', '[', ']', '{', '}', '{start}', '\n', '\r', ' ', '\u2028'],
  ...[
    ' | extend ',
    'A = ',
    'dynamic(',
    'datetime(',
    " long(')|'",
    'guid (',
    'x',
    '1',
    '_',
    '=~',
    "''",
    '""',
    "\\'",
    '\\"',
    '\\\\',
    '\\n',
    "'a'",
    '"b"',
    'é',
  ],
);
const source = fc.array(piece, { maxLength: 12 }).map((pieces) => `T${pieces.join('')}`);
const right = source.filter((text) => sourceMistakes(text).length === 0);

const range = { start: instant('2026-03-10T10:00:00Z'), end: instant('2026-03-10T11:00:00Z') };

describe('a source without mistakes', () => {
  it('only extends and swallows nothing of what is appended, as Microsoft reads it', () => {
    fc.assert(
      fc.property(right, (text) => {
        const tokens = lex(`${renderSource(new Map([['T', text]]), 'T', range)}\n| appended`);
        const texts = tokens.map((token) => token.Text);
        expect(texts.slice(-2)).toEqual(['|', 'appended']);
        const behindBars = texts.filter((_, index) => texts[index - 1] === '|');
        expect(behindBars.slice(0, -1).every((operator) => operator === 'extend')).toBe(true);
        expect(texts).not.toContain(';');
        expect(texts.some((token) => token.startsWith('#'))).toBe(false);
        expect(tokens.some((token) => (token.Trivia ?? '').includes('//'))).toBe(false);
      }),
      { seed, numRuns: 1_000 },
    );
  });
});
