import type { Diagnostic } from '../diagnostic';
import { Lines, withoutBom } from './lines';

const MAX_WIDTH = 140;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /\p{M}|\p{Cf}/u;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** As many blanks as the text is wide in a terminal; tabs stay tabs, so that they are as wide as in the line above. */
function blank(text: string): string {
  return [...text].map((char) => (char === '\t' ? char : ' '.repeat(width(char)))).join('');
}

function width(text: string): number {
  return [...text].reduce((sum, char) => sum + (NO_WIDTH.test(char) ? 0 : WIDE.test(char) ? 2 : 1), 0);
}

/** The part of a line to show, and where the underlined part is in it. A long line is cut around that part. */
function excerpt(line: string, column: number, length: number): { shown: string; before: string; marked: string } {
  const at = column - 1;
  const from = line.length <= MAX_WIDTH ? 0 : Math.max(0, Math.min(at - 40, line.length - MAX_WIDTH));
  const to = Math.min(line.length, from + MAX_WIDTH);
  const [lead, tail] = [from > 0 ? '…' : '', to < line.length ? '…' : ''];
  return {
    shown: lead + line.slice(from, to) + tail,
    before: lead + line.slice(from, at),
    marked: line.slice(at, Math.min(at + length, to)),
  };
}

/**
 * A diagnostic for people, without a line break at its end: `file:line:column: error CODE: message`, the line of the file it is about,
 * carets under the place, and the hint. `text` is the file's. Control characters of the line are shown as U+FFFD.
 */
export function formatDiagnostic(diagnostic: Diagnostic, text: string): string {
  const { file, line, column, severity, code, message, hint, length } = diagnostic;
  const source = new Lines(withoutBom(text)).line(line).replace(CONTROL, '\ufffd');
  const { shown, before, marked } = excerpt(source, column, length);
  const carets = '^'.repeat(Math.max(1, width(marked.replaceAll('\t', ' '))));
  return [`${file}:${line}:${column}: ${severity} ${code}: ${message}`, `  ${shown}`, `  ${blank(before)}${carets}`, `  hint: ${hint}`]
    .map((part) => part.trimEnd())
    .join('\n');
}
