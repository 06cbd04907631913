/**
 * Kusto's regular expressions (https://learn.microsoft.com/kusto/query/regex) in the syntax of RE2, which runs them in linear time.
 * The two differ in the classes \d \s \w, which are Unicode's in Kusto, and in constructs that only one of them has: these are refused.
 */

/** What a pattern has that cannot be carried over. */
export class UnsupportedRegex extends Error {
  override readonly name = 'UnsupportedRegex';
}

const SPACES = '\\t-\\r \\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}';
const NOT_SPACES =
  '\\x{0}-\\x{8}\\x{e}-\\x{1f}!-\\x{84}\\x{86}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{10ffff}';
const WORD = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

/** The ranges of all characters that are, or are not, word characters. */
function wordRanges(wanted: boolean): string {
  const ranges: string[] = [];
  let start: number | undefined;
  for (let code = 0; code <= 0x110000; code += 1) {
    const inside = code < 0x110000 && WORD.test(String.fromCodePoint(code)) === wanted;
    if (inside) start ??= code;
    else if (start !== undefined) {
      ranges.push(`\\x{${start.toString(16)}}-\\x{${(code - 1).toString(16)}}`);
      start = undefined;
    }
  }
  return ranges.join('');
}

const known = new Map<string, string>();

/** A Perl class as the inside of a bracket; the word classes are computed on first use, for they take a while. */
function perlClass(letter: string): string | undefined {
  switch (letter) {
    case 'd':
      return '\\p{Nd}';
    case 'D':
      return '\\P{Nd}';
    case 's':
      return SPACES;
    case 'S':
      return NOT_SPACES;
    case 'w':
    case 'W': {
      const ranges = known.get(letter) ?? wordRanges(letter === 'w');
      known.set(letter, ranges);
      return ranges;
    }
    default:
      return undefined;
  }
}

/** Letters after a backslash that mean the same in both; \b and \B look at ASCII letters, digits and _ only. */
const SHARED_ESCAPES = 'aftnrvAzbB';
const ESCAPE = /\\(?:(x\{[0-9a-f]+\}|x[0-9a-f]{2}|[pP]\{\^?\w+\}|[pP][A-Z])|([^]))/iy;
/** A character by its number: octal, which begins with 0 or has three digits, for it would be a group's number else; or hexadecimal. */
const CHARACTER = /\\(?:(0[0-7]{0,2}|[1-3][0-7]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|[uU]\{([0-9a-fA-F]{1,6})\})/y;
const POSIX_CLASS = /\[:\^?[a-z]+:\]/y;
const QUANTIFIER = /\{\d+(?:,\d*)?\}/y;
const GROUP = /\(\?(?:P?<[A-Za-z_]\w*>|[imsU]*(?:-[imsU]+)?[:)])/y;

class Translator {
  private readonly pattern: string;
  private at = 0;
  private output = '';

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  translate(): string {
    while (this.at < this.pattern.length) {
      const character = this.pattern[this.at];
      if (character === '\\') this.escape(false);
      else if (character === '[') this.bracket();
      else if (character === '(' && this.pattern[this.at + 1] === '?')
        this.copy(GROUP, 'a group or flag other than (?:…), (?<name>…) and the flags i, m, s and U');
      else if (character === '{') this.copy(QUANTIFIER, 'a { that is not a repetition (write \\{)');
      else this.take(1);
    }
    return this.output;
  }

  private take(length: number): void {
    this.output += this.pattern.slice(this.at, this.at + length);
    this.at += length;
  }

  private match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.at;
    return expression.exec(this.pattern);
  }

  private copy(expression: RegExp, otherwise: string): void {
    const match = this.match(expression);
    if (match === null) throw new UnsupportedRegex(otherwise);
    this.take(match[0].length);
  }

  /** Whether there was one. */
  private character(): boolean {
    const match = this.match(CHARACTER);
    if (match === null) return false;
    const [whole, octal, four, eight, braced] = match;
    const code = octal === undefined ? parseInt(four ?? eight ?? braced ?? '', 16) : parseInt(octal, 8);
    if (code > 0x10ffff) throw new UnsupportedRegex(`the escape ${whole}`);
    this.at += whole.length;
    this.output += `\\x{${code.toString(16)}}`;
    return true;
  }

  private escape(inBracket: boolean): void {
    if (this.character()) return;
    const match = this.match(ESCAPE);
    if (match === null) throw new UnsupportedRegex('a \\ at its end');
    const [whole, code, letter = ''] = match;
    this.at += whole.length;
    const perl = code === undefined ? perlClass(letter) : undefined;
    if (perl !== undefined) {
      this.output += inBracket ? perl : `[${perl}]`;
      return;
    }
    const punctuation = /^[!-/:-@[-`{-~ ]$/.test(letter) && letter !== '<' && letter !== '>';
    const shared = SHARED_ESCAPES.includes(letter) && letter !== '' && !(inBracket && 'AzbB'.includes(letter));
    const half = letter === 'b' && this.pattern[this.at] === '{';
    if (code === undefined && ((!punctuation && !shared) || half)) throw new UnsupportedRegex(`the escape ${whole}`);
    this.output += whole;
  }

  private bracket(): void {
    this.take(1);
    if (this.pattern[this.at] === '^') this.take(1);
    if (this.pattern[this.at] === ']') this.take(1);
    for (;;) {
      const character = this.pattern[this.at];
      if (character === undefined) throw new UnsupportedRegex('a [ without its ]');
      const next = this.pattern[this.at + 1];
      if (character === '\\') this.escape(true);
      else if (character === '[') this.copy(POSIX_CLASS, 'a [ inside brackets (write \\[)');
      else if ('&-~'.includes(character) && character === next) throw new UnsupportedRegex(`${character}${character} inside brackets`);
      else this.take(1);
      if (character === ']') return;
    }
  }
}

/** The pattern in RE2's syntax. Throws UnsupportedRegex. */
export function toRe2(pattern: string): string {
  return new Translator(pattern).translate();
}
