import { createHash } from 'node:crypto';
import type { IncidentMessage } from '../../src/incident/message';
import { addTicks, formatInstant, TICKS_PER_HOUR, type Instant } from '../../src/value/instant';
import type { ProcessRow } from './rows';

/**
 * The incidents of all rows at once, written without the program's bins, plans and engine: id -> content. A row's hour is read off the text
 * of its event time.
 */
export type Truth = ReadonlyMap<string, string>;

interface TrueRule {
  readonly id: string;
  readonly table: ProcessRow['table'];
  readonly monotone: boolean;
  /** What an incident says of the rows of one account on one host in one hour; undefined where they make none. */
  readonly content: (rows: readonly ProcessRow[]) => Content | undefined;
}

/** The result rows, as the texts that tell them apart, and the event times of the rows behind them. */
interface Content {
  readonly results: readonly string[];
  readonly rows: readonly string[];
}

/** By rule id. */
export const trueRules: readonly TrueRule[] = [
  { id: '4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87', table: '_Im_ProcessCreate', monotone: true, content: exportedAndCoveredUp },
  { id: '5d1c7b7e-51f0-4d0e-9a39-3f0f6a6c2a11', table: 'SecurityEvent', monotone: false, content: fewProcesses },
];

export function truthOf(rows: readonly ProcessRow[]): Truth {
  const found = new Map<string, string>();
  for (const rule of trueRules) {
    const groups: Record<string, ProcessRow[]> = {};
    for (const row of rows) if (row.table === rule.table) (groups[incidentId(rule, row)] ??= []).push(row);
    for (const [id, group] of Object.entries(groups)) {
      const content = rule.content(group);
      if (content !== undefined) found.set(id, textOf(content));
    }
  }
  return found;
}

/**
 * Exports and removals that the edge of an hour parts, each within half an hour of it, where neither hour has the two itself:
 * workspace, half an hour before the edge, host, account. The first edge is that after the first hour.
 */
export function truthOfParted(rows: readonly ProcessRow[], coveredFrom: Instant): ReadonlySet<string> {
  const mailbox = rows.filter(({ table }) => table === '_Im_ProcessCreate');
  const half = TICKS_PER_HOUR / 2n;
  const found = new Set<string>();
  for (const { workspace, host, account, at } of mailbox) {
    const shifted = addTicks(at, -((at + half) % TICKS_PER_HOUR));
    const edge = addTicks(shifted, half);
    if (edge <= coveredFrom) continue;
    const near = mailbox.filter((row) => row.workspace === workspace && row.host === host && row.account === account);
    const within = (from: Instant, to: Instant): readonly ProcessRow[] => near.filter((row) => row.at >= from && row.at < to);
    const hasBoth = [within(addTicks(edge, -TICKS_PER_HOUR), edge), within(edge, addTicks(edge, TICKS_PER_HOUR))].some(
      (hour) => exportedAndCoveredUp(hour) !== undefined,
    );
    const around = within(shifted, addTicks(edge, half));
    const commands = new Set(around.map(({ command }) => command).filter((command) => command.includes('New-')));
    const removals = around.filter(({ command }) => command.includes('Remove-'));
    const isParted = [...commands].some((command) => {
      const behind = [...around.filter((row) => row.command === command), ...removals];
      return behind.some((row) => row.at < edge) && behind.some((row) => row.at >= edge);
    });
    if (!hasBoth && removals.length > 0 && isParted) found.add([workspace, formatInstant(shifted), host, account].join(' '));
  }
  return found;
}

/** What a message says, as the truth says it. */
export function contentOf({ rule, evidence }: IncidentMessage): string {
  const column = rule.id === trueRules[0]?.id ? 'CommandLine' : 'Count';
  return textOf({
    results: evidence.results.map((result) => String(result[column])),
    rows: evidence.rows.map(({ columns }) => String(columns['TimeGenerated'])),
  });
}

function exportedAndCoveredUp(rows: readonly ProcessRow[]): Content | undefined {
  const exports = rows.filter(({ command }) => command.includes('New-MailboxExportRequest'));
  const removals = rows.filter(({ command }) => command.includes('Remove-MailboxExportRequest'));
  if (exports.length === 0 || removals.length === 0) return undefined;
  return { results: exports.map(({ command }) => command), rows: [...exports, ...removals].map(({ at }) => formatInstant(at)) };
}

function fewProcesses(rows: readonly ProcessRow[]): Content | undefined {
  return rows.length > 2 ? undefined : { results: [String(rows.length)], rows: rows.map(({ at }) => formatInstant(at)) };
}

function textOf({ results, rows }: Content): string {
  return [...new Set(results)].sort().join('\n') + '\n' + [...new Set(rows)].sort().join('\n');
}

/** UUID v5, as the README describes an incident's id. */
function incidentId(rule: TrueRule, { workspace, at, host, account }: ProcessRow): string {
  const hour = `${formatInstant(at).slice(0, 13)}:00:00.0000000Z`;
  const entities = [
    ['Account', [['FullName', account]]],
    ['Host', [['FullName', host]]],
  ];
  const name = JSON.stringify([rule.id, workspace, 'rule', hour, Number(TICKS_PER_HOUR), entities]);
  const namespace = Buffer.from('012249e7f3f045c99e8a28cb6f5aab5c', 'hex');
  const hash = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
