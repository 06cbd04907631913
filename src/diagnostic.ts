/** A half-open range of UTF-16 offsets in one text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Severity = 'error' | 'warning' | 'information';

/** What the author of a file is told: where, what, and what to do. `line` and `column` count from 1. */
export interface Diagnostic {
  /** Stable: documented in docs/diagnostics.md, never used again for another meaning. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** What to do about it; a full sentence. */
  readonly hint: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Characters to underline, on that line. */
  readonly length: number;
}

/** What a code means, for the page that explains all of them. */
export interface CodeMeaning {
  readonly severity: Severity;
  /** What is wrong, in a few words; a message says it of one place. */
  readonly title: string;
  /** What to do about it, in general. */
  readonly hint: string;
}
