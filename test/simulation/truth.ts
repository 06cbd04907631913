import { formatInstant } from '../../src/value/instant';
import type { HistoryRow } from './history';
import { EXCLUDED_HOST } from './rules';

/**
 * The incidents of a whole history, evaluated at once: id -> content. Written without bins, ranges or ticks: a row's bin is read off the
 * text of its event time, all widths dividing a day.
 */
export type Truth = ReadonlyMap<string, TrueIncident>;

export interface TrueIncident {
  /** Start of the rule's own bin, `yyyy-MM-ddTHH:mm`. */
  readonly bin: string;
  readonly content: string;
}

export interface TruthOfPlan {
  readonly rule: string;
  readonly minutes: number;
  readonly by: (row: HistoryRow) => readonly string[];
  readonly content: (rows: readonly HistoryRow[]) => TrueContent;
}

interface TrueContent {
  /** None where it is no incident. */
  readonly results: readonly string[];
  /** The rows behind them. */
  readonly rows: readonly HistoryRow[];
}

const host = (row: HistoryRow): readonly string[] => [row.host];
const hostAndAccount = (row: HistoryRow): readonly string[] => [row.host, row.account];

export const truths: Readonly<Record<string, TruthOfPlan>> = {
  'pair-1': { rule: 'pair', minutes: 15, by: hostAndAccount, content: (rows) => exportsThenRemovals(rows, false) },
  'pair-2': { rule: 'pair', minutes: 15, by: hostAndAccount, content: (rows) => exportsThenRemovals(rows, true) },
  'few-1': { rule: 'few', minutes: 360, by: host, content: (rows) => atMost(2, of('Exports', rows)) },
  'few-2': { rule: 'few', minutes: 360, by: host, content: (rows) => atMost(1, of('Exports', rows)) },
  'many-1': { rule: 'many', minutes: 240, by: host, content: (rows) => severalAccounts(2, of('Removals', rows)) },
  'many-2': { rule: 'many', minutes: 240, by: host, content: (rows) => severalAccounts(1, of('Removals', rows)) },
  'many-4': { rule: 'many', minutes: 240, by: host, content: (rows) => severalAccounts(2, of('Removals', rows)) },
  'many-5': { rule: 'many', minutes: 240, by: host, content: (rows) => ofAtMost(3, of('Removals', rows)) },
  'many-6': { rule: 'many', minutes: 240, by: host, content: (rows) => severalAccounts(3, of('Removals', rows)) },
  'many-3': { rule: 'many', minutes: 180, by: host, content: (rows) => severalAccounts(2, of('Removals', rows)) },
};

export function truthOf(hash: string, rows: readonly HistoryRow[]): Truth {
  const plan = truths[hash];
  if (plan === undefined) throw new RangeError(`there is no truth of ${hash}`);
  const groups: Record<string, HistoryRow[]> = {};
  for (const row of rows) {
    if (row.host === EXCLUDED_HOST) continue;
    (groups[idOf(plan, row, binTextOf(row, plan.minutes))] ??= []).push(row);
  }
  const found = Object.entries(groups).map(([id, group]) => {
    const [first] = group;
    return [id, { bin: first === undefined ? '' : binTextOf(first, plan.minutes), content: textOf(plan.content(group)) }] as const;
  });
  return new Map(found.filter(([, { content }]) => content !== ''));
}

/** Of the incident of a row in a bin that starts then. */
export function idOf({ rule, minutes, by }: TruthOfPlan, row: HistoryRow, bin: string): string {
  return [rule, row.workspace, bin.replace(':', ''), `${minutes}m`, ...by(row)].join('.');
}

export function binTextOf({ at }: Pick<HistoryRow, 'at'>, minutes: number): string {
  const text = formatInstant(at);
  const minute = Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16));
  const start = minute - (minute % minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${text.slice(0, 10)}T${two(Math.trunc(start / 60))}:${two(start % 60)}`;
}

function of(table: string, rows: readonly HistoryRow[]): readonly HistoryRow[] {
  return rows.filter((row) => row.table === table);
}

function exportsThenRemovals(rows: readonly HistoryRow[], inOrder: boolean): TrueContent {
  const both = of('Exports', rows).flatMap((left) => of('Removals', rows).map((right) => [left, right] as const));
  const fitting = both.filter(([left, right]) => !inOrder || right.at >= left.at);
  return { results: distinct(fitting.map(([left, right]) => `${left.note} ${right.note}`)), rows: fitting.flat() };
}

function atMost(most: number, rows: readonly HistoryRow[]): TrueContent {
  return rows.length <= most ? { results: rows.map(({ note }) => note).sort(), rows } : { results: [], rows };
}

function ofAtMost(most: number, rows: readonly HistoryRow[]): TrueContent {
  return rows.length <= most ? severalAccounts(2, rows) : { results: [], rows };
}

function severalAccounts(least: number, rows: readonly HistoryRow[]): TrueContent {
  const accounts = distinct(rows.map(({ account }) => account));
  return { results: accounts.length >= least ? distinct(rows.map(({ account, note }) => `${account} ${note}`)) : [], rows };
}

/** As the content of a message: first the results, then the rows behind them; nothing where there are no results. */
export function textOf({ results, rows }: TrueContent): string {
  return results.length === 0 ? '' : [...results, ...distinct(rows.map(rowText))].join('\n');
}

function rowText({ table, at, host, account, note }: HistoryRow): string {
  return `${table} ${at} ${host} ${account} ${note}`;
}

export function distinct(texts: readonly string[]): readonly string[] {
  return texts.filter((each, index) => texts.indexOf(each) === index).sort();
}
