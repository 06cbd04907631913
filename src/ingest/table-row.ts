import table from '../../infra/sentinel/table-columns.json';
import { cutText } from '../incident/cut';
import type { IncidentMessage } from '../incident/message';
import { formatInstant, type Instant } from '../value/instant';
import type { TableRow } from './ports';
import { readMessage } from './read-message';

/** Where a column's value comes from, and what it must be; infra/sentinel/table-columns.json, which the template makes the table of. */
interface TableColumn {
  readonly name: string;
  readonly type: string;
  /** `sent`, `message.PATH`, `host.NAME` or `account.NAME`. */
  readonly from: string;
}

/** Bytes of UTF-8 that the service keeps of a field. https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits#logs-ingestion-api */
export const FIELD_LIMIT = 64 * 1024;

const INT_MAX = 2 ** 31 - 1;

/** A message that is valid and yet does not fit into the table. The message says why, without contents. */
export class RowProblem extends Error {
  override readonly name = 'RowProblem';
}

function memberAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined), value);
}

function sourceOf(message: IncidentMessage, sentAt: Instant, from: string): unknown {
  const [root, ...path] = from.split('.');
  switch (root) {
    case 'sent':
      return formatInstant(sentAt);
    case 'message':
      return memberAt(message, path);
    default:
      return memberAt(
        message.entities.find((entity) => entity['Type'] === root),
        path,
      );
  }
}

/** A dynamic value whose JSON is over the limit stands as that JSON's text, cut. */
function dynamicField(name: string, value: unknown): unknown {
  let json: string;
  try {
    json = JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) throw new RowProblem(`${name} is nested too deeply`);
    throw error;
  }
  return Buffer.byteLength(json) > FIELD_LIMIT ? cutText(json, FIELD_LIMIT) : value;
}

function field({ name, type }: TableColumn, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (type === 'dynamic') return dynamicField(name, value);
  if (type === 'int' && !(Number.isInteger(value) && Math.abs(value as number) <= INT_MAX)) {
    throw new RowProblem(`${name} is not a whole number of 32 bits`);
  }
  return typeof value === 'string' ? cutText(value, FIELD_LIMIT) : value;
}

/** The row of an event's body, delivered at `sentAt`; or why there is none, without contents. */
export function rowOfBody(body: unknown, sentAt: Instant): { readonly row: TableRow } | { readonly reason: string } {
  const read = readMessage(body);
  if ('reason' in read) return read;
  try {
    return { row: tableRow(read.message, sentAt) };
  } catch (error) {
    if (error instanceof RowProblem) return { reason: `it does not fit into the table: ${error.message}` };
    throw error;
  }
}

/**
 * The row of one delivery of a message. A text over 64 KB loses its middle to a mark, where the service would cut it without one.
 * Throws RowProblem.
 */
export function tableRow(message: IncidentMessage, sentAt: Instant): TableRow {
  return Object.fromEntries(
    table.columns.flatMap((column: TableColumn) => {
      const value = field(column, sourceOf(message, sentAt, column.from));
      return value === undefined ? [] : [[column.name, value]];
    }),
  );
}
