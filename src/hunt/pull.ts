import type { SourceRow } from '../engine/rows';
import { instantFromTicks, TICKS_PER_DAY, TICKS_PER_SECOND, type Instant, type TimeRange } from '../value/instant';
import type { PullOutcome, RowSource } from './ports';
import type { TakeRows } from './row-pool';
import type { RuleProgram } from './rule-program';
import { TableDigest } from './table-digest';

/** Requests that one evaluation of a bin may make, over all its tables; a row source's own retries are outside it. */
const MAX_REQUESTS = 64;

/** Why there are no rows; `code` is stable and short, `reason` a sentence without row contents, `range` what was asked for. */
export interface Failed {
  readonly kind: 'failed';
  readonly code: string;
  readonly reason: string;
  readonly range: TimeRange;
}

export interface NoSource {
  readonly kind: 'no-source';
  readonly reason: string;
}

/** Rows of one table, and their count and digest. */
export interface TableRows {
  readonly rows: readonly SourceRow[];
  readonly digest: TableDigest;
}

/** The rows in two parts: those that are not later, by the context, and those that are. */
export type TablePull = { readonly kind: 'whole'; readonly parts: readonly [TableRows, TableRows] } | NoSource | Failed;

export interface PullContext {
  readonly source: RowSource;
  readonly program: RuleProgram;
  readonly workspaceId: string;
  /** Shared by the tables of a bin. */
  readonly requests: RequestBudget;
  readonly takeRows: TakeRows;
  /** Whether a row belongs to the second part. */
  readonly isLater: (row: SourceRow) => boolean;
  /** Told of every answer, whatever it is. */
  readonly onAnswer: (answer: PullOutcome) => void;
  readonly signal: AbortSignal | undefined;
}

export class RequestBudget {
  private left = MAX_REQUESTS;

  take(): boolean {
    this.left -= 1;
    return this.left >= 0;
  }
}

/**
 * Every row of one table in the range, or none at all. A range that is too large is asked for in halves, down to a second; the pieces
 * make the whole, and one piece without an answer leaves the whole without one. Rejects only as the row source does.
 */
export async function pullTable(context: PullContext, table: string, range: TimeRange): Promise<TablePull> {
  const parts = [
    { rows: [] as SourceRow[], digest: new TableDigest() },
    { rows: [] as SourceRow[], digest: new TableDigest() },
  ] as const;
  const pieces = [range];
  let answered = false;
  for (let next = pieces.shift(); next !== undefined; next = pieces.shift()) {
    const piece = next;
    const failed = (code: string, reason: string): Failed => ({ kind: 'failed', code, reason, range: piece });
    if (!context.requests.take()) return failed('too-large', `${table} was still too large after ${MAX_REQUESTS} requests`);
    const answer = await ask(context, table, piece);
    switch (answer.kind) {
      case 'whole': {
        const decoded = context.program.decode(table, answer.table);
        if (decoded.kind === 'problem') return failed('unexpected-shape', decoded.problem);
        if (!context.takeRows(decoded.rows.length)) return failed('row-limit', 'the bin has more source rows than may be held in memory');
        decoded.rows.forEach((row, index) => {
          const part = parts[context.isLater(row) ? 1 : 0];
          part.rows.push(row);
          part.digest.add(answer.table.rows[index] ?? []);
        });
        answered = true;
        break;
      }
      case 'too-large': {
        const halves = halve(piece);
        if (halves === undefined) return failed('too-large', `one second of ${table} is too large: ${answer.reason}`);
        pieces.unshift(...halves);
        break;
      }
      case 'no-source':
        return answered ? failed('no-source', answer.reason) : { kind: 'no-source', reason: answer.reason };
      case 'failed':
        return failed(answer.code, answer.reason);
    }
  }
  return { kind: 'whole', parts };
}

async function ask(context: PullContext, table: string, range: TimeRange): Promise<PullOutcome> {
  const answer = await context.source.pull({
    workspaceId: context.workspaceId,
    query: context.program.query(table, range),
    timespan: widened(range),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  context.onAnswer(answer);
  return answer;
}

/** A day more on both sides: the request's timespan acts on TimeGenerated, in milliseconds; the query bounds the event time itself. */
export function widened({ start, end }: TimeRange): TimeRange {
  return { start: instantFromTicks(start - TICKS_PER_DAY) ?? start, end: instantFromTicks(end + TICKS_PER_DAY) ?? end };
}

/** Two parts of whole seconds, the first at most a second shorter; undefined for a range under two seconds. */
function halve({ start, end }: TimeRange): readonly [TimeRange, TimeRange] | undefined {
  const seconds = (end - start) / TICKS_PER_SECOND;
  if (seconds < 2n) return undefined;
  const middle = (start + (seconds / 2n) * TICKS_PER_SECOND) as Instant;
  return [
    { start, end: middle },
    { start: middle, end },
  ];
}
