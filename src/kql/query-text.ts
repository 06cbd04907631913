/** A string literal in any of its forms, or a comment to the end of its line. */
const STRING_OR_COMMENT = /```[^]*?```|~~~[^]*?~~~|@'(?:[^']|'')*'|@"(?:[^"]|"")*"|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*/g;

/** How deep brackets of any kind stand in one another, strings and comments left out. */
export function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const bracket of text.replace(STRING_OR_COMMENT, '').match(/[([{)\]}]/g) ?? []) {
    depth = Math.max(0, depth + ('([{'.includes(bracket) ? 1 : -1));
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** The text with a blank in the place of each comment. What looks like a comment inside a string stays. */
export function withoutComments(text: string): string {
  return text.replace(STRING_OR_COMMENT, (found) => (found.startsWith('//') ? ' ' : found));
}
