import type { TablePlan } from '../plan/plan';
import { decodeCell } from '../value/decode';
import { parseJson } from '../value/json';
import { isArray } from '../value/text';
import type { ScalarType, Value } from '../value/types';
import type { SourceRow } from './rows';

/** A table as a workspace sends it, cells as JSON values in the order of its columns. */
export interface WireRows {
  readonly columns: readonly { readonly name: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

export type DecodedRows =
  | { readonly kind: 'rows'; readonly rows: readonly SourceRow[] }
  /** One sentence without row contents. */
  | { readonly kind: 'problem'; readonly problem: string };

/** The opposite of plan/pushdown's `onTheWire`: dynamic values come as the text of a one-element array. */
function decodeWireCell(type: ScalarType, cell: unknown): Value | undefined {
  if (type !== 'dynamic') return decodeCell(type, cell);
  if (typeof cell !== 'string') return undefined;
  const packed = parseJson(cell);
  return packed !== undefined && packed !== null && isArray(packed) && packed.length === 1 ? packed[0] : undefined;
}

/**
 * Types the rows of an answer to the table's pushdown query, whatever the order of its columns. An answer that lacks a column, or has a cell
 * that is not of its column's type, is a problem as a whole: half of it would be taken for all.
 */
export function decodeRows(table: TablePlan, { columns, rows }: WireRows): DecodedRows {
  const position = new Map(columns.map(({ name }, index) => [name, index]));
  const problem = (text: string): DecodedRows => ({ kind: 'problem', problem: text });
  const missing = [...table.columns.map(({ name }) => name), ...table.evidenceColumns].find((name) => !position.has(name));
  if (missing !== undefined) return problem(`the answer lacks the column ${missing} that was asked for`);
  const values = table.columns.map(({ name, type }) => ({ name, type, at: position.get(name) ?? 0 }));
  const evidence = table.evidenceColumns.map((name) => ({ name, at: position.get(name) ?? 0 }));

  const decoded: SourceRow[] = [];
  for (const row of rows) {
    const typed: Value[] = [];
    for (const { name, type, at } of values) {
      const value = decodeWireCell(type, row[at]);
      if (value === undefined) return problem(`a cell of ${name} in the answer is not of type ${type}`);
      typed.push(value);
    }
    const texts: string[] = [];
    for (const { name, at } of evidence) {
      const text = row[at] ?? '';
      if (typeof text !== 'string') return problem(`a cell of ${name} in the answer is not a text`);
      texts.push(text);
    }
    decoded.push({ table: table.name, values: typed, evidence: texts });
  }
  return { kind: 'rows', rows: decoded };
}
