/** What can be wrong with a line, and what becomes of it. */
export const rowProblems = {
  'too-long': 'longer than 8 MB: line skipped',
  'not-utf8': 'not UTF-8: line skipped',
  'not-json': 'not JSON: line skipped',
  'not-object': 'not a JSON object: line skipped',
  'event-time': 'no event time: row skipped',
  cell: "a cell that is not of its column's type: read as empty",
} as const;

export type RowProblemKind = keyof typeof rowProblems;

export interface RowProblem {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly kind: RowProblemKind;
  /** Of an event time or a cell. */
  readonly column?: string;
  /** What is wrong, without the value. */
  readonly detail: string;
}

const MAX_EXAMPLES = 3;
const MAX_NAMES = 100;

/** Counts what was read of row files, and keeps the first places of each kind of problem, so that it stays small whatever it is told. */
export class RowReport {
  private rowCount = 0;
  private readonly problems = new Map<RowProblemKind, { count: number; readonly examples: RowProblem[] }>();
  private readonly extra = new Map<string, number>();
  private extraNotNamed = 0;

  /** Rows that were given on, also those with an empty cell in place of a wrong one. */
  get rows(): number {
    return this.rowCount;
  }

  addRow(): void {
    this.rowCount += 1;
  }

  addProblem(problem: RowProblem): void {
    const entry = this.problems.get(problem.kind) ?? { count: 0, examples: [] };
    entry.count += 1;
    if (entry.examples.length < MAX_EXAMPLES) entry.examples.push(problem);
    this.problems.set(problem.kind, entry);
  }

  /** A member of a row that its table does not have. */
  addExtraColumn(name: string): void {
    if (this.extra.has(name) || this.extra.size < MAX_NAMES) this.extra.set(name, (this.extra.get(name) ?? 0) + 1);
    else this.extraNotNamed += 1;
  }

  count(kind: RowProblemKind): number {
    return this.problems.get(kind)?.count ?? 0;
  }

  /** The first few of a kind, in the order in which they were found. */
  examples(kind: RowProblemKind): readonly RowProblem[] {
    return this.problems.get(kind)?.examples ?? [];
  }

  /** Rows by the name of the member that its table does not have; the first 100 names. */
  get extraColumns(): ReadonlyMap<string, number> {
    return this.extra;
  }

  /** Lines for people; none where there is nothing to say. Holds no values of rows. */
  lines(): readonly string[] {
    const problems = [...this.problems].flatMap(([kind, { count, examples }]) => [
      `${count} × ${rowProblems[kind]}`,
      ...examples.map(({ file, line, column, detail }) => `  ${file}:${line}: ${column === undefined ? '' : `${column}: `}${detail}`),
      ...(count > examples.length ? [`  and ${count - examples.length} more`] : []),
    ]);
    const names = [...this.extra].map(([name, count]) => `${name} (${count})`);
    const more = this.extraNotNamed > 0 ? ` and more under other names (${this.extraNotNamed})` : '';
    return names.length === 0 ? problems : [...problems, `columns that the table does not have, not read: ${names.join(', ')}${more}`];
  }
}
