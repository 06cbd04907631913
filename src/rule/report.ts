import type { Diagnostic } from '../diagnostic';
import { fileCodes, type FileCode } from './codes';
import { Lines } from './lines';

/** A stretch of a file on one line; see Diagnostic. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** More than anybody reads; each of them is printed with its line of the file. */
const MAX_DIAGNOSTICS = 100;

/** Collects what there is to say about one file, in the order it is found. */
export class Report {
  readonly file: string;
  readonly lines: Lines;
  private readonly found: Diagnostic[] = [];

  /** `text` has no byte order mark. */
  constructor(file: string, text: string) {
    this.file = file;
    this.lines = new Lines(text);
  }

  /** The place of the offsets `[start, end)`, cut at the end of the first line; at least one character long. */
  place(start: number, end: number): Place {
    const { line, column } = this.lines.position(start);
    const rest = this.lines.line(line).length - column + 1;
    return { line, column, length: Math.max(1, Math.min(end - start, rest)) };
  }

  add(code: FileCode, place: Place, message: string, hint: string = fileCodes[code].hint): void {
    this.found.push({ code, severity: fileCodes[code].severity, message, hint, file: this.file, ...place });
  }

  /** In the order of the file. Of too many the first, and an error that says so (RULE031). */
  diagnostics(): readonly Diagnostic[] {
    const sorted = this.found.toSorted((a, b) => a.line - b.line || a.column - b.column);
    const next = sorted[MAX_DIAGNOSTICS];
    if (next === undefined) return sorted;
    const { severity, hint } = fileCodes.RULE031;
    const message = `${sorted.length - MAX_DIAGNOSTICS} more things are wrong from here on`;
    return [...sorted.slice(0, MAX_DIAGNOSTICS), { ...next, code: 'RULE031', severity, hint, message }];
  }
}
