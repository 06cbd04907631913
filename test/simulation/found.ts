import type { EvidenceRow } from '../../src/incident/incident';
import type { Instant } from '../../src/value/instant';

/** What the simulated rules find in the rows of one bin. */

/** What makes an incident. */
export interface Found {
  readonly results: readonly string[];
  readonly evidence: readonly Cells[];
}

/** A row as the programs see it. */
export interface Cells {
  readonly table: string;
  readonly at: Instant;
  readonly host: string;
  readonly account: string;
  readonly note: string;
}

export function pairs(rows: readonly Cells[], fits: (exported: Cells, removed: Cells) => boolean): Found | undefined {
  const results = new Set<string>();
  const evidence = new Set<Cells>();
  for (const exported of rows) {
    if (exported.table !== 'Exports') continue;
    for (const removed of rows) {
      if (removed.table !== 'Removals' || !fits(exported, removed)) continue;
      results.add(`${exported.note} ${removed.note}`);
      evidence.add(exported).add(removed);
    }
  }
  return results.size === 0 ? undefined : { results: [...results].sort(), evidence: [...evidence] };
}

export function few(rows: readonly Cells[], most: number): Found | undefined {
  return rows.length > most ? undefined : { results: rows.map(({ note }) => note).sort(), evidence: rows };
}

export function many(rows: readonly Cells[], least: number): Found | undefined {
  const accounts = new Set(rows.map(({ account }) => account));
  return accounts.size < least ? undefined : { results: accountsAndNotes(rows), evidence: rows };
}

/** Removals that have one on the other side of the edge, by another account where it takes several. */
export function across(before: readonly Cells[], after: readonly Cells[], least: number): Found | undefined {
  const partnered = (rows: readonly Cells[], others: readonly Cells[]): readonly Cells[] =>
    rows.filter(({ account }) => others.some((other) => least === 1 || other.account !== account));
  const evidence = [...partnered(before, after), ...partnered(after, before)];
  return evidence.length === 0 ? undefined : { results: accountsAndNotes(evidence), evidence };
}

function accountsAndNotes(rows: readonly Cells[]): readonly string[] {
  return [...new Set(rows.map(({ account, note }) => `${account} ${note}`))].sort();
}

/** Each distinct row once, in order of time. */
export function evidenceRows(rows: readonly Cells[]): readonly EvidenceRow[] {
  const counts = new Map<string, { readonly row: Cells; copies: number }>();
  for (const row of rows) {
    const key = `${row.at} ${row.table} ${row.host} ${row.account} ${row.note}`;
    const count = counts.get(key) ?? { row, copies: 0 };
    count.copies += 1;
    counts.set(key, count);
  }
  return [...counts]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { row, copies }]) => {
      const { table, at, host, account, note } = row;
      return { table, scans: [table === 'Exports' ? 0 : 1], copies, columns: { at: at.toString(), host, account, note } };
    });
}
