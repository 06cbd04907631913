import type { WireTable } from '../../hunt/ports';
import { missingSource, readServiceError, saysTooLarge, type ServiceError } from './service-error';

/** One HTTP answer, as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
  /** The Content-Encoding, where there is one. */
  readonly coding?: string | undefined;
  /** What the service asks to wait before the next request, where it does. */
  readonly retryAfterMs: number | undefined;
}

/** `retry` tells whether asking again may help; `waitMs` is the service's own wish, set only under the code 'throttled'. */
export interface Failure {
  readonly kind: 'failed';
  readonly code: string;
  readonly reason: string;
  readonly retry: boolean;
  readonly waitMs?: number;
}

export type Verdict =
  { readonly kind: 'whole'; readonly table: WireTable } | { readonly kind: 'too-large' | 'no-source'; readonly reason: string } | Failure;

/** The most rows that one query gives; an answer of that many may have been cut. https://learn.microsoft.com/azure/azure-monitor/service-limits */
export const MAX_ROWS = 500_000;

function failed(code: string, reason: string, retry = false): Failure {
  return { kind: 'failed', code, reason, retry };
}

function malformed(what: string): Failure {
  return failed('malformed', `Log Analytics answered 200 with ${what}; nothing of it was used.`, true);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The one table of results: the only one, or the only one of that name. */
function primaryTable(tables: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!Array.isArray(tables)) return undefined;
  const candidates = tables.length === 1 ? tables : tables.filter((table) => isObject(table) && table['name'] === 'PrimaryResult');
  return candidates.length === 1 && isObject(candidates[0]) ? candidates[0] : undefined;
}

function isColumn(column: unknown): column is WireTable['columns'][number] {
  return isObject(column) && typeof column['name'] === 'string' && typeof column['type'] === 'string';
}

function readTable(table: Readonly<Record<string, unknown>>): WireTable | undefined {
  const { columns, rows } = table;
  if (!Array.isArray(columns) || !columns.every(isColumn) || !Array.isArray(rows)) return undefined;
  return rows.every((row) => Array.isArray(row) && row.length === columns.length) ? { columns, rows: rows as unknown[][] } : undefined;
}

function readWhole(body: string, coding: string): Verdict {
  if (coding !== 'identity') return malformed(`a body in the coding '${coding}', which was not asked for (check proxies on the way)`);
  if (body.trim() === '') return malformed('an empty body');
  const result = parse(body);
  if (!isObject(result)) return malformed(`a body of ${body.length} characters that is not a JSON object`);
  const error = result['error'] ?? undefined;
  if (error !== undefined) {
    if (saysTooLarge(JSON.stringify(error))) return tooLarge('cut the answer at its limits');
    const { codes } = readServiceError(error);
    return failed(
      'partial',
      `Log Analytics answered in part only (${codes.join(', ') || 'an error without a code'}); nothing of it was used.`,
      true,
    );
  }
  const primary = primaryTable(result['tables']);
  const table = primary && readTable(primary);
  if (table === undefined) return malformed('a body that does not hold one table of columns and rows of the same width');
  return table.rows.length >= MAX_ROWS ? tooLarge(`gave ${table.rows.length} rows, the most it gives`) : { kind: 'whole', table };
}

function tooLarge(what: string): Verdict {
  return { kind: 'too-large', reason: `Log Analytics ${what}; a shorter range may succeed.` };
}

/** The innermost message, on one line and of a length that a log can take. It quotes the query, never rows. */
function explanation({ messages }: ServiceError): string {
  const text = (messages.at(-1) ?? 'no explanation').replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function throttled(status: number, retryAfterMs: number | undefined): Failure {
  const wish = retryAfterMs === undefined ? '' : ` and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
  return {
    ...failed(
      'throttled',
      `Log Analytics throttles this identity (${status})${wish}; check what else queries with it, and how often.`,
      true,
    ),
    ...(retryAfterMs === undefined ? {} : { waitMs: retryAfterMs }),
  };
}

function readRefusal(status: number, error: ServiceError): Verdict {
  const said = [status, ...error.codes].join(', ');
  const source = status === 400 ? missingSource(error) : undefined;
  if (source !== undefined) {
    return {
      kind: 'no-source',
      reason: `The workspace has no table or function '${source}'; check that its data source or parser is installed.`,
    };
  }
  switch (status) {
    case 400:
      return failed(
        'bad-request',
        `Log Analytics does not accept the query (${said}): ${explanation(error)}; check the rule and HUNT_SOURCES.`,
      );
    case 401:
      return failed(
        'unauthorized',
        `Log Analytics does not accept the token (${said}); check the identity's tenant, and that the endpoint is of its cloud.`,
      );
    case 403:
      return failed(
        'forbidden',
        `Log Analytics refuses the query (${said}); check that the identity has the role Log Analytics Reader on the workspace (a new one takes some minutes to act).`,
      );
    case 404:
      return failed(
        'not-found',
        `Log Analytics knows no such workspace (${said}); check that HUNT_WORKSPACES holds workspace ids of this cloud.`,
      );
    case 408:
      return failed('timeout', 'Log Analytics gave up waiting for the request (408).', true);
  }
  if (status >= 500)
    return failed('server-error', `Log Analytics failed (${said}); it is asked again later.`, status !== 501 && status !== 505);
  return failed(
    'unexpected-status',
    `Log Analytics answered with a status that it does not document (${said}); check that the endpoint is the right one.`,
  );
}

/**
 * What an answer is worth. `whole` only for a 200 that carries one well-formed table and no error; all else is told apart by what may be done about it.
 * Statuses: https://learn.microsoft.com/azure/azure-monitor/logs/api/timeouts
 */
export function readAnswer({ status, body, coding = 'identity', retryAfterMs }: RawAnswer): Verdict {
  if (status === 200) return readWhole(body, coding.toLowerCase());
  if (status === 204) return { kind: 'no-source', reason: 'The workspace has no data at all (204); check that it is the right one.' };
  if (status === 504) return tooLarge('did not finish the query in its time (504)');
  if (status === 413 || saysTooLarge(body)) return tooLarge(`gave up on the size of the query (${status})`);
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) return throttled(status, retryAfterMs);
  const parsed = parse(body);
  return readRefusal(status, readServiceError(isObject(parsed) ? parsed['error'] : undefined));
}
