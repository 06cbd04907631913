import { parseDocument, type Document } from 'yaml';
import type { TableSchema } from '../schema/schema';
import { parseInstant, type Instant } from '../value/instant';
import { scalarTypes, type Column, type ScalarType } from '../value/types';

/** A rule's test: rows in, rows and incidents out. YAML or JSON, one test a file. */

export interface TestTable {
  readonly schema: TableSchema;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export interface RuleTestFile {
  /** Path of a rule file, relative to the test's folder; or the query itself. */
  readonly subject: { readonly rule: string } | { readonly query: string };
  readonly now: Instant;
  readonly tables: ReadonlyMap<string, TestTable>;
  readonly columns: readonly Column[] | undefined;
  readonly rows: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly incidents: readonly Readonly<Record<string, unknown>>[] | undefined;
}

/** What is wrong with a test file; the message names the member and what it should be. */
export class InvalidTest extends Error {
  override readonly name = 'InvalidTest';
}

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function members(value: unknown, what: string, allowed?: readonly string[]): Members {
  if (value === undefined) throw new InvalidTest(`${what} is missing`);
  if (!isMembers(value)) throw new InvalidTest(`${what} is not a mapping`);
  const unknown = Object.keys(value).find((key) => allowed !== undefined && !allowed.includes(key));
  if (unknown !== undefined) throw new InvalidTest(`${what} has the unknown member ${unknown}; it may have ${allowed?.join(', ') ?? ''}`);
  return value;
}

function text(value: unknown, what: string): string {
  if (value === undefined) throw new InvalidTest(`${what} is missing`);
  if (typeof value !== 'string') throw new InvalidTest(`${what} is not a text`);
  return value;
}

function rowList(value: unknown, what: string): readonly Members[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new InvalidTest(`${what} is not a list`);
  return value.map((row, index) => members(row, `${what}[${index}]`));
}

function type(value: unknown, what: string): ScalarType {
  const found = scalarTypes.find((name) => name === value);
  if (found === undefined) throw new InvalidTest(`${what} is not a type of Kusto; use one of ${scalarTypes.join(', ')}`);
  return found;
}

function table(name: string, value: unknown, known: TableSchema | undefined): TestTable {
  const { columns, rows } = members(value, `tables.${name}`, ['columns', 'rows']);
  if (columns === undefined && known === undefined) {
    throw new InvalidTest(`tables.${name} has no columns, and no schema of that table is known: add columns: {Name: type, …}`);
  }
  const declared =
    columns === undefined
      ? (known?.columns ?? [])
      : Object.entries(members(columns, `tables.${name}.columns`)).map(([column, each]) => ({
          name: column,
          type: type(each, `tables.${name}.columns.${column}`),
        }));
  const schema: TableSchema = {
    name,
    source: [],
    eventTime: known?.eventTime,
    aliases: {},
    companions: known?.companions ?? {},
    callable: known?.callable ?? false,
    columns: declared,
    evidenceColumns: known?.evidenceColumns ?? [],
  };
  return { schema, rows: rowList(rows, `tables.${name}.rows`) ?? [] };
}

function expectedColumns(value: unknown): readonly Column[] | undefined {
  return rowList(value, 'expect.columns')?.map((column, index) => ({
    name: text(column['name'], `expect.columns[${index}].name`),
    type: type(column['type'], `expect.columns[${index}].type`),
  }));
}

function toJavaScript(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new InvalidTest(`its aliases cannot be followed: ${String(error)}`, { cause: error });
  }
}

/**
 * Reads a test file. `known` are the schemas of tables that a test need not describe. Whole numbers come as bigint, so that longs stay exact.
 * Throws InvalidTest.
 */
export function readRuleTest(source: string, known: ReadonlyMap<string, TableSchema>): RuleTestFile {
  const document = parseDocument(source, { intAsBigInt: true, prettyErrors: true, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) throw new InvalidTest(error.message.trim());
  const test = members(toJavaScript(document), 'the test', ['name', 'description', 'rule', 'query', 'now', 'tables', 'expect']);
  if ((test['rule'] === undefined) === (test['query'] === undefined))
    throw new InvalidTest('the test has not exactly one of rule and query');
  const now = parseInstant(text(test['now'], 'now'));
  if (now === undefined) throw new InvalidTest('now is not an ISO 8601 instant');
  const expect = members(test['expect'], 'expect', ['columns', 'rows', 'incidents']);
  if (Object.keys(expect).length === 0) throw new InvalidTest('expect is empty: expect columns, rows or incidents');
  return {
    subject: test['rule'] === undefined ? { query: text(test['query'], 'query') } : { rule: text(test['rule'], 'rule') },
    now,
    tables: new Map(
      Object.entries(members(test['tables'] ?? {}, 'tables')).map(([name, value]) => [name, table(name, value, known.get(name))]),
    ),
    columns: expectedColumns(expect['columns']),
    rows: rowList(expect['rows'], 'expect.rows'),
    incidents: rowList(expect['incidents'], 'expect.incidents'),
  };
}
