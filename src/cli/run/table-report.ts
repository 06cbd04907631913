import { rowProblems, RowReport, type RowProblemKind } from '../../local/row-report';
import type { Instant } from '../../value/instant';
import type { Column } from '../../value/types';

/** What was read of one table: how many rows, how many of them the rule can use, and everything that was not as the table says. */
export class TableReport {
  /** Lines and cells that are wrong, members that the table does not have. */
  readonly rows = new RowReport();
  /** Rows within the range that the rule's predicates let through. */
  kept = 0;
  outsideRange = 0;
  /** Of all rows, also those that are not kept. */
  firstEventTime: Instant | undefined;
  lastEventTime: Instant | undefined;
  private readonly columns: readonly Column[];
  /** By column: rows that have no such member, and rows where it is missing or null. */
  private readonly missing: number[];
  private readonly empty: number[];

  constructor(columns: readonly Column[]) {
    this.columns = columns;
    this.missing = columns.map(() => 0);
    this.empty = columns.map(() => 0);
  }

  /** Told of each cell that was read as empty; `cell` is as it stands in the row, undefined where the row has no such member. */
  addEmpty(index: number, cell: unknown): void {
    if (cell !== undefined && cell !== null) return;
    this.empty[index] = (this.empty[index] ?? 0) + 1;
    if (cell === undefined) this.missing[index] = (this.missing[index] ?? 0) + 1;
  }

  addEventTime(time: Instant): void {
    if (this.firstEventTime === undefined || time < this.firstEventTime) this.firstEventTime = time;
    if (this.lastEventTime === undefined || time > this.lastEventTime) this.lastEventTime = time;
  }

  /** Lines that were skipped, cells of a wrong type, and names of columns that only the table has, or only the files. A null is not a problem. */
  get problems(): number {
    const kinds = Object.keys(rowProblems) as RowProblemKind[];
    return kinds.reduce((sum, kind) => sum + this.rows.count(kind), 0) + this.rows.extraColumns.size + this.absent().length;
  }

  /** Columns that the rule reads and no row has. */
  private absent(): readonly string[] {
    const { rows } = this.rows;
    return this.columns.filter((_, index) => rows > 0 && this.missing[index] === rows).map(({ name }) => name);
  }

  /** For people; none where every row was as the table says. Holds no values of rows. */
  lines(): readonly string[] {
    const absent = this.absent();
    const empty = this.columns.flatMap(({ name }, index) => {
      const count = this.empty[index] ?? 0;
      return count === 0 || absent.includes(name) ? [] : [`${name} (${count})`];
    });
    return [
      ...this.rows.lines(),
      ...(absent.length === 0 ? [] : [`columns that the rule reads and no row has, read as empty: ${absent.join(', ')}`]),
      ...(empty.length === 0 ? [] : [`columns that are missing or null in some rows, read as empty: ${empty.join(', ')}`]),
    ];
  }
}
