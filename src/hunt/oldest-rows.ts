import { addTicks, TICKS_PER_DAY, type Instant, type TimeRange } from '../value/instant';
import { binsIn, type Bin } from './bins';
import type { PullOutcome, RowSource } from './ports';
import { widened } from './pull';
import type { RuleProgram } from './rule-program';

/** No row is kept longer. https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure */
const LONGEST_RETENTION = 12n * 366n * TICKS_PER_DAY;

export interface OldestRowsQuestion {
  readonly source: RowSource;
  readonly program: RuleProgram;
  readonly workspaceId: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Which bins of a range the workspace still has rows for.
 * - from: the bins that start at `start` or later; those before it, if any, end before the oldest row of `table`, which is the table whose
 *   rows begin last. `start` is undefined where that table has no row older than the end of the range.
 * - unknown: the workspace did not say.
 */
export type OldestRows =
  | { readonly kind: 'from'; readonly start: Instant | undefined; readonly table: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Asks for each table whether it has any row from before a bin's end, first for the oldest bin and then, where it has none, in halves. A
 * bin from before a table's oldest row would look as if nothing had happened in it. Rejects only as the row source does.
 */
export async function oldestRows(question: OldestRowsQuestion, range: TimeRange): Promise<OldestRows> {
  const bins = [...binsIn(question.program.grid, range)];
  let from = 0;
  let last = question.program.tables[0] ?? '';
  for (const table of question.program.tables) {
    const first = await firstWithRows(question, table, bins.slice(from));
    if ('reason' in first) return first;
    if (first.index > 0) last = table;
    from += first.index;
  }
  return { kind: 'from', start: bins[from]?.start, table: last };
}

type Unknown = OldestRows & { readonly kind: 'unknown' };

/** The index of the first bin whose end is after the table's oldest row; the number of bins where there is none. */
async function firstWithRows(
  question: OldestRowsQuestion,
  table: string,
  bins: readonly Bin[],
): Promise<{ readonly index: number } | Unknown> {
  let [low, high] = [0, bins.length];
  for (let probe = 0; low < high; probe = Math.floor((low + high) / 2)) {
    const bin = bins[probe];
    if (bin === undefined) break;
    const hasRows = await hasRowsBefore(question, table, bin.end);
    if (typeof hasRows === 'object') return hasRows;
    if (hasRows) high = probe;
    else low = probe + 1;
  }
  return { index: low };
}

async function hasRowsBefore(question: OldestRowsQuestion, table: string, end: Instant): Promise<boolean | Unknown> {
  const { source, program, workspaceId, signal } = question;
  const kept = end < LONGEST_RETENTION ? end : LONGEST_RETENTION;
  const range = { start: addTicks(end, -1n * kept), end };
  const query = program.anyRowQuery(table, range);
  const answer = await source.pull({ workspaceId, query, timespan: widened(range), ...(signal === undefined ? {} : { signal }) });
  return hasAny(answer) ?? { kind: 'unknown', reason: `how far back ${table} has rows could not be asked: ${reasonOf(answer)}` };
}

function hasAny(answer: PullOutcome): boolean | undefined {
  if (answer.kind === 'whole') return answer.table.rows.length > 0;
  return answer.kind === 'no-source' ? false : undefined;
}

function reasonOf(answer: PullOutcome): string {
  return answer.kind === 'whole' ? 'it answered' : answer.reason;
}
