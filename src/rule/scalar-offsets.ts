import type { Scalar } from 'yaml';

/**
 * For each UTF-16 unit of a scalar's value, and for its end, the offset in the YAML text that it comes from.
 * The value is what the YAML reader made of the text; this walks both side by side. Where they part, which no known text does, the rest is
 * put at the last place that was certain.
 */
export function scalarOffsets(text: string, scalar: Scalar): readonly number[] {
  const value = String(scalar.value);
  const [start, end] = scalar.range ?? [0, 0];
  switch (scalar.type) {
    case 'BLOCK_LITERAL':
      return literalOffsets(text, value, start, end);
    case 'QUOTE_DOUBLE':
    case 'QUOTE_SINGLE':
      return flowOffsets(text, value, start + 1, end - 1, scalar.type);
    case 'PLAIN':
      return flowOffsets(text, value, start, end, scalar.type);
    default:
      return foldedOffsets(text, value, start, end);
  }
}

/** A literal block: every line of the value is the end of its own line in the file, behind the indentation. */
function literalOffsets(text: string, value: string, start: number, end: number): readonly number[] {
  const offsets: number[] = [];
  let lineStart = text.indexOf('\n', start) + 1;
  for (const line of value.split('\n')) {
    const newline = text.indexOf('\n', lineStart);
    const stop = newline === -1 || newline >= end ? end : newline;
    const lineEnd = text[stop - 1] === '\r' && stop > lineStart ? stop - 1 : stop;
    const first = Math.max(lineStart, lineEnd - line.length);
    for (let at = 0; at <= line.length; at++) offsets.push(Math.min(first + at, lineEnd));
    lineStart = Math.min(stop + 1, end);
  }
  return offsets;
}

/** A folded block: what is not white space is the same in value and file, in the same order. */
function foldedOffsets(text: string, value: string, start: number, end: number): readonly number[] {
  const offsets: number[] = [];
  let at = text.indexOf('\n', start) + 1;
  for (const unit of value) {
    const found = /\s/.test(unit) ? at : text.indexOf(unit, at);
    if (found !== -1 && found < end) at = found;
    for (let part = 0; part < unit.length; part++) offsets.push(Math.min(at + part, end));
    if (text.startsWith(unit, at)) at += unit.length;
  }
  offsets.push(Math.min(at, end));
  return offsets;
}

const LINE_BREAKS = /[ \t]*(?:\r?\n[ \t]*)+/y;
const ESCAPED_LINE_BREAK = /\\\r?\n[ \t]*/y;
const ESCAPE = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Quoted and plain scalars: one line break between words is a space, each further one a line break; quotes and escapes are undone. */
function flowOffsets(
  text: string,
  value: string,
  start: number,
  end: number,
  type: 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE',
): readonly number[] {
  const offsets: number[] = [];
  let at = start;
  while (at < end && offsets.length < value.length) {
    const breaks = matchAt(LINE_BREAKS, text, at);
    const escapedBreak = type === 'QUOTE_DOUBLE' ? matchAt(ESCAPED_LINE_BREAK, text, at) : undefined;
    const escape = type === 'QUOTE_DOUBLE' ? matchAt(ESCAPE, text, at) : undefined;
    if (breaks !== undefined) {
      const count = breaks.split('\n').length - 1;
      for (let unit = 0; unit < Math.max(1, count - 1); unit++) offsets.push(at);
      at += breaks.length;
    } else if (escapedBreak !== undefined) {
      at += escapedBreak.length;
    } else if (escape !== undefined) {
      offsets.push(at);
      if (/^\\U000[1-9a-f]|^\\U0010/i.test(escape)) offsets.push(at);
      at += escape.length;
    } else {
      offsets.push(at);
      at += type === 'QUOTE_SINGLE' && text.startsWith("''", at) ? 2 : 1;
    }
  }
  while (offsets.length <= value.length) offsets.push(Math.min(at, end));
  return offsets;
}
