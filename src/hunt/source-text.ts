/**
 * The KQL with which a table is read, as tokens: enough to check, without a parser, that it closes all that it opens and only extends,
 * so that what a query appends to it means what it says. Where Kusto's own lexer takes a form that this one does not know, it is a mistake.
 * https://learn.microsoft.com/kusto/query/scalar-data-types/string
 */

type TokenKind = 'space' | 'comment' | 'string' | 'literal' | 'name' | 'placeholder' | 'other';

export interface SourceToken {
  readonly kind: TokenKind;
  readonly text: string;
  /** UTF-16 offset in the text. */
  readonly offset: number;
}

export interface SourceMistake {
  readonly offset: number;
  /** What stands there: the end of a sentence. */
  readonly found: string;
  readonly remedy: string;
}

const ESCAPE = String.raw`\\(?:['"\\abfnrtv]|[0-7]{1,3}|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8})`;

const QUOTED = [
  String.raw`@'(?:[^'\r\n]|'')*'`,
  String.raw`@"(?:[^"\r\n]|"")*"`,
  String.raw`'(?:[^'\\\r\n]|${ESCAPE})*'`,
  String.raw`"(?:[^"\\\r\n]|${ESCAPE})*"`,
  '```[^]*?```',
  '~~~[^]*?~~~',
];

/** Names that, with a `(` right behind, begin a literal in which quotes and bars are plain characters. */
const LITERAL_NAMES = 'bool|date|datetime|decimal|double|guid|int|int32|int64|long|real|time|timespan|uint32|uint64';

const FORMS: readonly (readonly [kind: TokenKind, form: RegExp])[] = [
  ['space', /\s+/y],
  ['comment', /\/\/|#/y],
  ['string', new RegExp(`[hH]?(?:${QUOTED.join('|')})`, 'y')],
  ['literal', new RegExp(String.raw`(?:${LITERAL_NAMES})\([\w .:+-]*\)`, 'y')],
  ['name', /[A-Za-z_$][\w$]*/y],
  ['placeholder', /\{\w*\}?/y],
];

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The tokens of a text; joined they are the text. Braces inside `dynamic(…)` are JSON's, so there are no placeholders there. */
export function sourceTokens(text: string): readonly SourceToken[] {
  const tokens: SourceToken[] = [];
  let dynamicDepth = 0;
  let previous = '';
  for (let offset = 0; offset < text.length; offset += tokens.at(-1)?.text.length ?? 1) {
    const token = tokenAt(text, offset, dynamicDepth > 0);
    if (token.text === '(' && (dynamicDepth > 0 || previous === 'dynamic')) dynamicDepth += 1;
    if (token.text === ')' && dynamicDepth > 0) dynamicDepth -= 1;
    if (token.kind !== 'space') previous = token.text;
    tokens.push(token);
  }
  return tokens;
}

function tokenAt(text: string, offset: number, inDynamic: boolean): SourceToken {
  for (const [kind, form] of FORMS) {
    if (kind === 'placeholder' && inDynamic) continue;
    form.lastIndex = offset;
    const match = form.exec(text);
    if (match !== null) return { kind, text: match[0], offset };
  }
  return { kind: 'other', text: text.charAt(offset), offset };
}

/** Everything wrong with a text, in its order. */
export function sourceMistakes(text: string): readonly SourceMistake[] {
  const tokens = sourceTokens(text).filter((token) => token.kind !== 'space');
  const [first] = tokens;
  const head = first?.kind === 'name' || first?.text === '[';
  const start = head ? [] : [{ offset: first?.offset ?? 0, found: 'no table', remedy: "Begin with a table's name or a function call." }];
  const each = tokens.flatMap((token, index) => mistakeAt(text, token, tokens[index + 1]) ?? []);
  return [...start, ...each, ...bracketMistakes(tokens)].sort((a, b) => a.offset - b.offset);
}

function mistakeAt(text: string, token: SourceToken, next: SourceToken | undefined): SourceMistake | undefined {
  const { offset, kind } = token;
  if (kind === 'comment') return { offset, found: `'${token.text}'`, remedy: 'Leave comments and directives out.' };
  if (kind === 'placeholder' && !isPlaceholder(token)) {
    return {
      offset,
      found: 'braces around something other than start or end',
      remedy: 'Write {start} or {end}; put JSON into dynamic(…).',
    };
  }
  if (kind === 'name' && next?.text === '(' && next.offset === offset + token.text.length && isLiteralName(token.text)) {
    return { offset, found: `${token.text}(…) with more than a plain value in it`, remedy: 'Write the value without quotes.' };
  }
  if (kind !== 'other') return undefined;
  if (token.text === ';') return { offset, found: "a ';'", remedy: 'Write one expression.' };
  if (token.text === '|' && next?.text !== 'extend') {
    return { offset, found: "a '|' without extend", remedy: 'Put only extend operators behind the table or the function call.' };
  }
  if (/^(?:['"]|```|~~~)/.test(text.slice(offset))) {
    return { offset, found: 'a string that is not closed, or has an unknown escape', remedy: 'Close it, and double its backslashes.' };
  }
  return undefined;
}

function bracketMistakes(tokens: readonly SourceToken[]): readonly SourceMistake[] {
  const open: SourceToken[] = [];
  for (const token of tokens.filter(({ kind }) => kind === 'other')) {
    if (token.text in CLOSING) open.push(token);
    else if (Object.values(CLOSING).includes(token.text)) {
      const opening = open.pop();
      if (opening === undefined || CLOSING[opening.text] !== token.text) {
        return [{ offset: token.offset, found: `a '${token.text}' that closes nothing`, remedy: 'Pair the brackets.' }];
      }
    }
  }
  return open.map(({ offset, text }) => ({ offset, found: `a '${text}' that is not closed`, remedy: 'Pair the brackets.' }));
}

export function isPlaceholder(token: SourceToken): boolean {
  return token.kind === 'placeholder' && (token.text === '{start}' || token.text === '{end}');
}

function isLiteralName(name: string): boolean {
  return LITERAL_NAMES.split('|').includes(name);
}
