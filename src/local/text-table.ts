export interface TextColumn<T> {
  readonly title: string;
  readonly text: (item: T) => string;
  /** Default left. */
  readonly align?: 'left' | 'right';
}

/** One line an item; the first line names the columns, the second underlines them. */
export function textTable<T>(columns: readonly TextColumn<T>[], items: readonly T[]): string {
  const cells = [columns.map(({ title }) => title), ...items.map((item) => columns.map(({ text }) => text(item)))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  const pad = (cell: string, index: number): string =>
    columns[index]?.align === 'right' ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0);
  const [header = [], ...rest] = cells.map((line) => line.map(pad).join('  ').trimEnd());
  return [header, widths.map((width) => '─'.repeat(width)).join('  '), ...rest].join('\n');
}
