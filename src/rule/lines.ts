/** Where something stands in a text. Both count from 1; a column is a UTF-16 unit. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A text by lines. A line ends with LF or CRLF; its text has neither. */
export class Lines {
  readonly text: string;
  private readonly starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  /** The place of a UTF-16 offset; one past the end is the end. */
  position(offset: number): Position {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.min(offset, this.text.length) - (this.starts[low] ?? 0) + 1 };
  }

  /** The text of a line, counted from 1; '' where there is none. */
  line(number: number): string {
    const start = this.starts[number - 1];
    if (start === undefined) return '';
    return this.text.slice(start, (this.starts[number] ?? this.text.length + 1) - 1).replace(/\r$/, '');
  }
}

const BOM = /^\uFEFF/;

/** The text without a byte order mark; lines and columns are counted in it. */
export function withoutBom(text: string): string {
  return text.replace(BOM, '');
}
