/** The text, or its two ends with … between them where it is longer than `length` characters. */
export function cutMiddle(text: string, length: number): string {
  if (text.length <= length) return text;
  const half = (length - 1) / 2;
  return `${text.slice(0, Math.ceil(half)).trimEnd()}…${text.slice(text.length - Math.floor(half)).trimStart()}`;
}
