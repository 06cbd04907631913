import type { Dynamic } from './types';

/**
 * JSON as Kusto's `dynamic` reads it: an integer that fits a long stays exact (bigint), any other number is a real, a property bag keeps
 * its order and any key; of a key that occurs twice the last value counts. JSON.parse can do none of the three.
 */

const MAX_DEPTH = 512;
const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

const WHITESPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
// The escapes are checked by JSON.parse; this only finds the closing quote.
const STRING = /"(?:[^"\\]|\\[^])*"/y;

export class JsonReader {
  protected readonly text: string;
  protected at = 0;
  /** What may stand between values. */
  protected readonly blank: RegExp = WHITESPACE;

  constructor(text: string) {
    this.text = text;
  }

  document(): Dynamic {
    const value = this.value(0);
    this.match(this.blank);
    if (this.at !== this.text.length) throw new SyntaxError('text after the value');
    return value;
  }

  protected match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match !== null) this.at = pattern.lastIndex;
    return match;
  }

  protected take(token: string): boolean {
    this.match(this.blank);
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw new SyntaxError(`'${token}' missing at ${this.at}`);
  }

  protected string(): string {
    this.match(this.blank);
    const match = this.match(STRING);
    if (match === null) throw new SyntaxError(`no string at ${this.at}`);
    return JSON.parse(match[0]) as string;
  }

  private value(depth: number): Dynamic {
    if (depth > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH}`);
    if (this.take('null')) return null;
    if (this.take('true')) return true;
    if (this.take('false')) return false;
    if (this.take('[')) return this.array(depth);
    if (this.take('{')) return this.bag(depth);
    return this.scalar();
  }

  /** A string or a number. */
  protected scalar(): Dynamic {
    return this.text[this.at] === '"' ? this.string() : this.number();
  }

  private number(): Dynamic {
    const match = this.match(NUMBER);
    if (match === null || match[0] === '') throw new SyntaxError(`no value at ${this.at}`);
    if (match[1] === undefined && match[2] === undefined) {
      const long = BigInt(match[0]);
      if (long >= LONG_MIN && long <= LONG_MAX) return long;
    }
    return Number(match[0]);
  }

  private array(depth: number): Dynamic {
    const items: Dynamic[] = [];
    if (this.take(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.take(','));
    this.expect(']');
    return items;
  }

  private bag(depth: number): Dynamic {
    const slots = new Map<string, Dynamic>();
    if (this.take('}')) return slots;
    do {
      const key = this.string();
      this.expect(':');
      slots.set(key, this.value(depth + 1));
    } while (this.take(','));
    this.expect('}');
    return slots;
  }
}

/** The value of a JSON text, or undefined where it is not JSON or is nested deeper than 512. */
export function parseJson(text: string): Dynamic | undefined {
  try {
    return new JsonReader(text).document();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
