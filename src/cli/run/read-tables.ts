import { rowFilter } from '../../engine/evaluate';
import type { SourceRow } from '../../engine/rows';
import { readLines, type Line } from '../../local/ndjson';
import type { Schemas } from '../../plan/compile-rule';
import type { Plan } from '../../plan/plan';
import type { Instant } from '../../value/instant';
import { grouped } from '../../value/counted';
import { InputError, type Io } from '../io';
import { whyNoRow } from './no-row';
import type { TableFile } from './options';
import { Progress, textSize } from './progress';
import { RowReader } from './row-reader';
import type { Rows } from './rule-run';
import type { TableReport } from './table-report';

export interface ReadRequest {
  readonly plan: Plan;
  readonly schemas: Schemas;
  /** Several files of one table are read one after the other. */
  readonly files: readonly TableFile[];
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  readonly now: Instant;
  /** Rows to hold at most. */
  readonly maxRows: number;
}

export interface TablesRead {
  readonly rows: Rows;
  /** By table. */
  readonly reports: ReadonlyMap<string, TableReport>;
}

/** Bytes to read of all files; undefined where one of them does not tell. */
async function totalSize(files: readonly TableFile[]): Promise<number | undefined> {
  const sizes = await Promise.all(files.map(({ file }) => textSize(file)));
  return sizes.includes(undefined) ? undefined : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

/**
 * Reads the files line by line and holds the rows that the plan can use. Rejects with InputError where there are more than `maxRows` of them, or
 * a file cannot be read to its end, or has lines of which none is a row.
 */
export async function readTables({ plan, schemas, files, from, to, now, maxRows }: ReadRequest, io: Io): Promise<TablesRead> {
  const readers = new Map(
    plan.tables.map((table) => [
      table.name,
      new RowReader({ table, schema: schemas.get(table.name), passes: rowFilter(table, { now }), from, to }),
    ]),
  );
  const rows = new Map(plan.tables.map(({ name }): [string, SourceRow[]] => [name, []]));
  const progress = new Progress(io, await totalSize(files));
  let held = 0;
  try {
    for (const { table, file } of files) {
      const [reader, tableRows] = [readers.get(table), rows.get(table)];
      if (reader === undefined || tableRows === undefined) continue;
      const rowsBefore = reader.report.rows.rows;
      let first: Line | undefined;
      for await (const line of readLines(file)) {
        io.signal.throwIfAborted();
        progress.addLine(line);
        first ??= line;
        const row = reader.row(file, line);
        if (row === undefined) continue;
        held += 1;
        if (held > maxRows) throw tooMany(maxRows);
        tableRows.push(row);
      }
      if (first !== undefined && reader.report.rows.rows === rowsBefore) {
        throw new InputError(`no line of ${file} is a row of ${table}: ${whyNoRow(first, reader.eventTime)}. Nothing was written`);
      }
    }
  } catch (error) {
    throw readFailure(error);
  } finally {
    progress.end();
  }
  return { rows, reports: new Map([...readers].map(([name, { report }]) => [name, report])) };
}

/** A file that cannot be read to its end, as an InputError; any other error as it is. readLines gives the system's error as the cause. */
function readFailure(error: unknown): unknown {
  const isReadFailure = error instanceof Error && !(error instanceof InputError) && error.cause !== undefined;
  return isReadFailure ? new InputError(`${error.message}. Nothing was written`, { cause: error }) : error;
}

function tooMany(maxRows: number): InputError {
  return new InputError(
    `more than ${grouped(maxRows)} rows pass the rule's row-wise predicates, and no more are held in memory: ` +
      'run over a shorter range with --from and --to, or narrow the predicates that stand directly behind the tables. Nothing was written',
  );
}
