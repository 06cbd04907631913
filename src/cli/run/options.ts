import { InvalidArgumentError } from 'commander';
import { MAX_SOURCE_ROWS } from '../../engine/budget';
import { parseGuid } from '../../value/decode';
import { parseInstant, type Instant } from '../../value/instant';
import { UsageError } from '../io';
import { NO_WORKSPACE } from '../rule-test';

/** A file with rows of a table. */
export interface TableFile {
  readonly table: string;
  readonly file: string;
}

export interface RunOptions {
  readonly table: readonly TableFile[];
  readonly workspace: string;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly now?: Instant;
  readonly out?: string;
  readonly format: 'ndjson' | 'table';
  /** The rows of the result instead of incidents. */
  readonly results: boolean;
  readonly schema: readonly string[];
  readonly maxRows: number;
  readonly strict: boolean;
}

/** What holds where nothing is given. */
export const defaults = {
  table: [],
  workspace: NO_WORKSPACE,
  format: 'ndjson',
  results: false,
  schema: [],
  maxRows: MAX_SOURCE_ROWS,
  strict: false,
} as const satisfies RunOptions;

export function parseTable(text: string, before: readonly TableFile[] = []): readonly TableFile[] {
  const [, table, file] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (table === undefined || file === undefined)
    throw new InvalidArgumentError('Write NAME=FILE, for example imProcessCreate=events.ndjson.');
  return [...before, { table, file }];
}

export function parseTime(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === undefined) throw new InvalidArgumentError('Write ISO 8601, for example 2026-03-10T10:00:00Z or 2026-03-10.');
  return instant;
}

export function parseWorkspace(text: string): string {
  const guid = parseGuid(text);
  if (guid === undefined) throw new InvalidArgumentError('Write the id of the workspace, a GUID.');
  return guid;
}

export function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count === 0) throw new InvalidArgumentError('Write a whole number above 0.');
  return count;
}

/** Throws UsageError where `--from` is not before `--to`. */
export function checkRange({ from, to }: { readonly from?: Instant; readonly to?: Instant }): void {
  if (from !== undefined && to !== undefined && from >= to)
    throw new UsageError('--from is not before --to; the range is half-open, [from, to)');
}

/** Throws UsageError where a table that the rule reads has no file, or a file is for a table that the rule does not read. */
export function checkTables(files: readonly TableFile[], read: readonly string[]): void {
  const given = new Set(files.map(({ table }) => table));
  const missing = read.filter((name) => !given.has(name)).map((name) => `the rule reads ${name}: add --table ${name}=FILE.ndjson`);
  const stray = [...given]
    .filter((name) => !read.includes(name))
    .map((name) => `--table ${name}=… is not read by the rule, which reads ${read.join(', ')}: leave it out, or correct its name`);
  if (missing.length + stray.length > 0) throw new UsageError([...missing, ...stray].join('\nerror: '));
}
