import { isDeepStrictEqual } from 'node:util';
import type { Evaluation } from '../engine/rows';
import { decodeCell } from '../value/decode';
import { formatInstant, parseInstant } from '../value/instant';
import { formatJson, formatValue, isArray, isBag } from '../value/text';
import type { Column, Dynamic, ScalarType, Value } from '../value/types';
import { InvalidTest, type RuleTestFile } from './rule-test-file';

const REAL_TOLERANCE = 1e-12;
const SHOWN = 10;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z$/;

function formatInstantText(text: string): string {
  const parsed = parseInstant(text);
  return parsed === undefined ? text : formatInstant(parsed);
}

/**
 * Bags in order of their keys, whole reals as longs, instants in one form, whose text in a test may leave out trailing zeros: what a test
 * means to be equal is then equal as text.
 */
function canonicalDynamic(value: Dynamic): Dynamic {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === 'string') return INSTANT.test(value) ? formatInstantText(value) : value;
  if (value === null || typeof value !== 'object') return value;
  if (isArray(value)) return value.map(canonicalDynamic);
  if (!isBag(value)) return value;
  return new Map([...value].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, canonicalDynamic(item)]));
}

function show(type: ScalarType, value: Value): string {
  if (value === null) return 'null';
  if (type === 'dynamic') return formatJson(canonicalDynamic(value));
  return type === 'string' ? JSON.stringify(value) : formatValue(type, value);
}

function close(left: Value, right: Value): boolean {
  if (typeof left !== 'number' || typeof right !== 'number') return left === right;
  return Object.is(left, right) || Math.abs(left - right) <= REAL_TOLERANCE * Math.max(Math.abs(left), Math.abs(right));
}

interface Row {
  readonly values: readonly Value[];
  /** All cells but the reals. */
  readonly key: string;
}

function toRow(columns: readonly Column[], values: readonly Value[]): Row {
  const cells = values.map((value, index) => show(columns[index]?.type ?? 'string', value));
  return { values, key: cells.filter((_, index) => columns[index]?.type !== 'real').join('\u0000') };
}

function matches(columns: readonly Column[], left: Row, right: Row): boolean {
  return (
    left.key === right.key &&
    columns.every(({ type }, index) => type !== 'real' || close(left.values[index] ?? null, right.values[index] ?? null))
  );
}

function format(columns: readonly Column[], { values }: Row): string {
  return `{ ${columns.map(({ name, type }, index) => `${name}: ${show(type, values[index] ?? null)}`).join(', ')} }`;
}

/** Takes out of `rows` each row that has a partner in `others`, one for one; gives back what is left of both. */
function unmatched(columns: readonly Column[], rows: readonly Row[], others: readonly Row[]): readonly [readonly Row[], readonly Row[]] {
  const byKey = new Map<string, Row[]>();
  for (const other of others) {
    const same = byKey.get(other.key);
    if (same === undefined) byKey.set(other.key, [other]);
    else same.push(other);
  }
  const left = rows.filter((row) => {
    const candidates = byKey.get(row.key) ?? [];
    const at = candidates.findIndex((candidate) => matches(columns, row, candidate));
    if (at !== -1) candidates.splice(at, 1);
    return at === -1;
  });
  return [left, [...byKey.values()].flat()];
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const more = lines.length > SHOWN ? [`    … and ${lines.length - SHOWN} more`] : [];
  return [[`${title} (${lines.length}):`, ...lines.slice(0, SHOWN).map((line) => `    ${line}`), ...more].join('\n')];
}

const signature = (columns: readonly Column[]): string => columns.map(({ name, type }) => `${name}: ${type}`).join(', ');

function compareColumns({ columns }: RuleTestFile, evaluation: Evaluation): readonly string[] {
  if (columns === undefined || signature(columns) === signature(evaluation.columns)) return [];
  return [`columns differ:\n    expected ${signature(columns)}\n    actual   ${signature(evaluation.columns)}`];
}

/** Columns whole and in order, where they are expected; rows as a multiset, whole, in any order. */
export function compareRows(test: RuleTestFile, evaluation: Evaluation): readonly string[] {
  const columnFailures = compareColumns(test, evaluation);
  if (test.rows === undefined || columnFailures.length > 0) return columnFailures;
  const { columns } = evaluation;
  const expected = test.rows.map((row, index) => {
    const stray = Object.keys(row).find((name) => !columns.some((column) => column.name === name));
    if (stray !== undefined)
      throw new InvalidTest(`expect.rows[${index}].${stray}: the result has no such column; it has ${signature(columns)}`);
    const values = columns.map(({ name, type }) => {
      const value = decodeCell(type, row[name]);
      if (value === undefined) throw new InvalidTest(`expect.rows[${index}].${name}: not a ${type}`);
      return value;
    });
    return toRow(columns, values);
  });
  const actual = evaluation.rows.map(({ values }) => toRow(columns, values));
  const [missing, surplus] = unmatched(columns, expected, actual);
  return [
    ...listed(
      'expected rows that did not come',
      missing.map((row) => format(columns, row)),
    ),
    ...listed(
      'rows that were not expected',
      surplus.map((row) => format(columns, row)),
    ),
  ];
}

/** Whether `actual` has every member that `expected` lists, with the same value; lists are compared whole, members inside them likewise. */
function covers(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(expected)) {
    return Array.isArray(actual) && actual.length === expected.length && expected.every((item, index) => covers(actual[index], item));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return false;
    return Object.entries(expected).every(([key, value]) => covers((actual as Readonly<Record<string, unknown>>)[key], value));
  }
  // The test's whole numbers are bigint, those of a message are numbers.
  if (typeof expected === 'bigint') return Number.isInteger(actual) && BigInt(actual as number) === expected;
  return isDeepStrictEqual(actual, expected);
}

/** Incidents one for one: each expected one is found by the members it lists, and none is left over. */
export function compareIncidentLists(expected: readonly unknown[], actual: readonly unknown[]): readonly string[] {
  const left = [...actual];
  const missing = expected.filter((wanted) => {
    const at = left.findIndex((incident) => covers(incident, wanted));
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  const text = (value: unknown): string => JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? Number(each) : each));
  const brief = (value: unknown): string => {
    const { id, bin, entities, missingEntities } = value as Readonly<Record<string, unknown>>;
    return text({ id, bin, entities, missingEntities });
  };
  return [
    ...listed('expected incidents that did not come', missing.map(text)),
    ...listed('incidents that were not expected', left.map(brief)),
  ];
}
