import type { SourceRow } from '../engine/rows';
import type { TablePlan } from '../plan/plan';
import { decodeCell, decodeDynamic } from '../value/decode';
import { parseJson } from '../value/json';
import { formatValue, isBag } from '../value/text';
import type { Column, Dynamic, Value } from '../value/types';
import { readLines, type Line } from './ndjson';
import type { RowProblem, RowReport } from './row-report';

/** A row as JSON: column → cell. A dynamic column's cell is a Dynamic; another may be what JSON.parse gives. */
export type JsonRow = ReadonlyMap<string, unknown>;

/** What of a table is to be read. */
export type RowShape = Pick<TablePlan, 'name' | 'columns' | 'eventTime' | 'evidenceColumns'> & {
  /** All columns that the table has; a row's other members are reported. Default: those that are read. */
  readonly known?: ReadonlySet<string>;
};

// Longer integers are beyond what JSON.parse keeps.
const LONG_INTEGER = /\d{16}/;

/**
 * The row of one line, or why it is none. Longs and dynamic values are exact: `exact` says that there are dynamic columns, which need a
 * slower reader.
 */
export function parseRow(text: string, exact: boolean): JsonRow | 'not-json' | 'not-object' {
  if (exact || LONG_INTEGER.test(text)) {
    const value = parseJson(text);
    if (value === undefined) return 'not-json';
    return isBag(value) ? value : 'not-object';
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // JSON.parse has one reason to throw.
    return 'not-json';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not-object';
  return new Map(Object.entries(value));
}

/** Values in the order of the columns, and the columns whose cell was not of their type. */
export interface DecodedRow {
  readonly values: readonly Value[];
  readonly wrong: readonly Column[];
}

/** A cell that is missing or null, or not of its column's type, is null, '' in a string column; one of another type is named too. */
export function decodeRow(row: JsonRow, columns: readonly Column[]): DecodedRow {
  const wrong: Column[] = [];
  const values = columns.map((column): Value => {
    const cell = row.get(column.name);
    // As it was read: decodeCell would make longs of whole reals.
    if (column.type === 'dynamic') return (cell ?? null) as Dynamic;
    const value = decodeCell(column.type, cell);
    if (value !== undefined) return value;
    wrong.push(column);
    return column.type === 'string' ? '' : null;
  });
  return { values, wrong };
}

/** Defender's exports have Timestamp, Log Analytics' may have only TimeGenerated; a workspace reads the one for the other too. */
function withEventTime(row: JsonRow, eventTime: string | undefined): JsonRow {
  if (eventTime !== 'Timestamp' || row.has('Timestamp') || !row.has('TimeGenerated')) return row;
  return new Map([...row, ['Timestamp', row.get('TimeGenerated')]]);
}

/**
 * The rows of one file of lines, each a JSON object, in order. Nothing is dropped silently: a line that is no row and a row without an
 * event time are skipped and reported; a cell that is not of its column's type is reported and read as empty. Rejects where the file cannot
 * be read to its end.
 */
export async function* readRows(file: string, shape: RowShape, report: RowReport): AsyncGenerator<SourceRow> {
  const exact = shape.columns.some(({ type }) => type === 'dynamic');
  const known = shape.known ?? new Set([...shape.columns.map(({ name }) => name), ...shape.evidenceColumns]);
  for await (const line of readLines(file)) {
    const row = readRow(file, line, shape, exact, known, report);
    if (row === undefined) continue;
    report.addRow();
    yield row;
  }
}

function readRow(
  file: string,
  line: Line,
  { name: table, columns, eventTime, evidenceColumns }: RowShape,
  exact: boolean,
  known: ReadonlySet<string>,
  report: RowReport,
): SourceRow | undefined {
  const problem = (kind: RowProblem['kind'], detail: string, column?: string): undefined => {
    report.addProblem({ file, line: line.number, kind, detail, ...(column === undefined ? {} : { column }) });
  };
  if ('problem' in line) return problem(line.problem, line.problem === 'too-long' ? 'longer than 8 MB' : 'not UTF-8');
  const parsed = parseRow(line.text, exact);
  if (parsed === 'not-json') return problem(parsed, 'not JSON');
  if (parsed === 'not-object') return problem(parsed, 'not a JSON object; write one object a line, without a list around them');

  const row = withEventTime(parsed, eventTime);
  const { values, wrong } = decodeRow(row, columns);
  const at = columns.findIndex(({ name }) => name === eventTime);
  if (eventTime !== undefined && at >= 0 && values[at] === null) {
    const given = wrong.some(({ name }) => name === eventTime);
    return problem('event-time', given ? 'not a datetime' : 'missing or null', eventTime);
  }
  for (const column of wrong) problem('cell', `not a ${column.type}`, column.name);
  for (const name of parsed.keys()) if (!known.has(name)) report.addExtraColumn(name);
  const evidence = evidenceColumns.map((name) => formatValue('dynamic', decodeDynamic(row.get(name)) ?? null));
  return { table, values, evidence };
}
