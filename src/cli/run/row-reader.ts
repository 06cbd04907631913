import type { SourceRow } from '../../engine/rows';
import type { Line } from '../../local/ndjson';
import type { RowProblemKind } from '../../local/row-report';
import { collectColumns } from '../../plan/columns';
import type { TablePlan } from '../../plan/plan';
import type { TableSchema } from '../../schema/schema';
import { decodeCell, decodeDynamic } from '../../value/decode';
import type { Instant } from '../../value/instant';
import { formatValue } from '../../value/text';
import { noValue, type Value } from '../../value/types';
import { isPlain, parseCells, type Cells } from './cells';
import { TableReport } from './table-report';

/** Columns of every table, which its schema may leave out. Source: https://learn.microsoft.com/azure/azure-monitor/logs/log-standard-columns */
const STANDARD_COLUMNS = [
  'TenantId',
  'TimeGenerated',
  '_TimeReceived',
  'Type',
  '_ItemId',
  '_ResourceId',
  '_SubscriptionId',
  '_IsBillable',
  '_BilledSize',
  'SourceSystem',
];

export interface RowReaderOptions {
  readonly table: TablePlan;
  readonly schema: TableSchema | undefined;
  /** The rule's row-wise predicates; undefined where it may use every row. */
  readonly passes: ((values: readonly Value[]) => boolean) | undefined;
  /** Of the event time, half-open; an end may be open. */
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
}

/**
 * Makes source rows of the lines of one table's files. Only rows that the rule can use come out, and only their evidence is read, for most
 * rows are of no use to it. Nothing is dropped silently: a line that is not a row, and a row without an event time, are reported; a cell that is not of
 * its column's type is reported and read as empty, like one that is missing or null.
 */
export class RowReader {
  readonly report: TableReport;
  private readonly options: RowReaderOptions;
  private readonly known: ReadonlySet<string>;
  private readonly eventTimeIndex: number;
  private readonly hasDynamic: boolean;
  private readonly filtersDynamic: boolean;

  constructor(options: RowReaderOptions) {
    const { table, schema } = options;
    this.options = options;
    this.report = new TableReport(table.columns);
    const columns = [...(schema?.columns ?? []), ...table.columns].map(({ name }) => name);
    this.known = new Set([...columns, ...table.evidenceColumns, ...(schema?.evidenceColumns ?? []), ...STANDARD_COLUMNS]);
    this.eventTimeIndex = table.columns.findIndex(({ name }) => name === table.eventTime);
    const filtered = table.predicate === undefined ? new Set<string>() : collectColumns(table.predicate, new Set());
    this.hasDynamic = table.columns.some(({ type }) => type === 'dynamic');
    this.filtersDynamic = table.columns.some(({ name, type }) => type === 'dynamic' && filtered.has(name));
  }

  /** Name of the column. */
  get eventTime(): string | undefined {
    return this.eventTimeIndex === -1 ? undefined : this.options.table.eventTime;
  }

  /** The row of a line; undefined where the line is not a row, or not one that the rule can use. */
  row(file: string, line: Line): SourceRow | undefined {
    const problem = (kind: RowProblemKind, detail: string, column?: string): undefined => {
      this.report.rows.addProblem({ file, line: line.number, kind, detail, ...(column === undefined ? {} : { column }) });
    };
    if ('problem' in line) return problem(line.problem, line.problem === 'too-long' ? 'longer than 8 MB' : 'not UTF-8');
    const exact = this.filtersDynamic || !isPlain(line.text);
    const cells = parseCells(line.text, exact);
    if (cells === 'not-json') return problem(cells, 'not JSON');
    if (cells === 'not-object') return problem(cells, 'not a JSON object; write one object a line, without a list around them');

    const { table, passes } = this.options;
    const wrong: number[] = [];
    const values = this.values(cells, exact, wrong);
    const eventTime = values[this.eventTimeIndex];
    if (this.eventTimeIndex !== -1 && typeof eventTime !== 'bigint') {
      return problem('event-time', wrong.includes(this.eventTimeIndex) ? 'not a datetime' : 'missing or null', table.eventTime);
    }
    this.report.rows.addRow();
    for (const index of wrong) problem('cell', `not a ${table.columns[index]?.type ?? ''}`, table.columns[index]?.name);
    for (const name of cells.keys()) if (!this.known.has(name)) this.report.rows.addExtraColumn(name);
    table.columns.forEach(({ name }, index) => {
      const value = values[index];
      if (value === '' || value === null) this.report.addEmpty(index, this.cell(cells, name));
    });
    if (typeof eventTime === 'bigint' && !this.inRange(eventTime as Instant)) return undefined;
    if (passes !== undefined && !passes(values)) return undefined;
    const row = this.sourceRow(line.text, cells, values, exact);
    if (row === undefined) return problem('not-json', 'nested too deeply');
    this.report.kept += 1;
    return row;
  }

  private inRange(time: Instant): boolean {
    const { from, to } = this.options;
    this.report.addEventTime(time);
    const inside = (from === undefined || time >= from) && (to === undefined || time < to);
    if (!inside) this.report.outsideRange += 1;
    return inside;
  }

  private sourceRow(text: string, cells: Cells, values: readonly Value[], exact: boolean): SourceRow | undefined {
    const { name: table, evidenceColumns } = this.options.table;
    const evidence = evidenceColumns.map((column) => formatValue('dynamic', decodeDynamic(cells.get(column)) ?? null));
    if (exact || !this.hasDynamic) return { table, values, evidence };
    const exactCells = parseCells(text, true);
    return typeof exactCells === 'string' ? undefined : { table, values: this.values(exactCells, true, []), evidence };
  }

  /** Defender's exports have Timestamp, Log Analytics' may have only TimeGenerated; a workspace reads the one for the other too. */
  private cell(cells: Cells, name: string): unknown {
    const cell = cells.get(name);
    const isEventTime = name === 'Timestamp' && name === this.options.table.eventTime;
    return cell === undefined && isEventTime ? cells.get('TimeGenerated') : cell;
  }

  /** In the order of the columns; the indices of cells that are not of their column's type go into `wrong`. A dynamic cell is exact or null. */
  private values(cells: Cells, exact: boolean, wrong: number[]): readonly Value[] {
    return this.options.table.columns.map(({ name, type }, index): Value => {
      const cell = this.cell(cells, name);
      // As the exact reader has it: decodeCell would make longs of whole reals.
      if (type === 'dynamic') return exact ? ((cell ?? null) as Value) : null;
      const value = decodeCell(type, cell);
      if (value !== undefined) return value;
      wrong.push(index);
      return noValue(type);
    });
  }
}
