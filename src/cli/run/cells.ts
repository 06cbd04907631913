import { parseJson } from '../../value/json';
import { isBag } from '../../value/text';

/** A row before its cells are typed: column → cell. */
export interface Cells {
  /** Undefined where the row has no such member. */
  get(name: string): unknown;
  keys(): Iterable<string>;
}

/** What JSON.parse made, without the cost of a Map of all its members. */
class ObjectCells implements Cells {
  private readonly object: Readonly<Record<string, unknown>>;

  constructor(object: object) {
    this.object = object as Readonly<Record<string, unknown>>;
  }

  get(name: string): unknown {
    return Object.hasOwn(this.object, name) ? this.object[name] : undefined;
  }

  keys(): Iterable<string> {
    return Object.keys(this.object);
  }
}

// An integer of so many digits may be beyond what JSON.parse keeps. The first pattern is quick, and most lines do not have it.
const MANY_DIGITS = /\d{16}/;
const LONG_INTEGER = /[[,:\s]-?\d{16}/;

/** Whether JSON.parse reads the line's integers as they stand. Where it may not, the exact and slower reader must. */
export function isPlain(text: string): boolean {
  return !MANY_DIGITS.test(text) || !LONG_INTEGER.test(text);
}

/** The row of one line, or why the line is not a row. `exact` keeps longs and dynamic values as they are written, and takes longer. */
export function parseCells(text: string, exact: boolean): Cells | 'not-json' | 'not-object' {
  if (exact) {
    const read = parseJson(text);
    if (read === undefined) return 'not-json';
    return isBag(read) ? read : 'not-object';
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // JSON.parse has one reason to throw.
    return 'not-json';
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? new ObjectCells(value) : 'not-object';
}
