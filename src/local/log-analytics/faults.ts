import { createArmedFaults, type ArmedFaults } from '../armed-faults';
import type { QueryRequest } from './request';

/**
 * What can go wrong between asking and the last byte of the answer.
 * - answer: this answer instead of the query's.
 * - half-body: the content length of the whole, half of the bytes, then the end of the connection.
 * - reset: the connection is reset before the answer, or in the middle of it.
 * - stall: silence before the answer, or in the middle of it, until released or closed.
 * - slow: the second half of the answer comes `ms` later than the first.
 */
export type Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | { readonly kind: 'half-body' }
  | { readonly kind: 'reset' | 'stall'; readonly at: 'before' | 'midway' }
  | { readonly kind: 'slow'; readonly ms: number };

export type Faults = ArmedFaults<Fault, QueryRequest>;

export function createFaults(): Faults {
  return createArmedFaults();
}

function errorBody(code: string, message: string): string {
  return JSON.stringify({ error: { code, message } });
}

/** The answers of a service in trouble. */
export const fault = {
  /** Without an argument the service does not say how long to wait. Seconds, or an HTTP date. */
  throttled: (retryAfter?: string): Fault => ({
    kind: 'answer',
    status: 429,
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
    body: errorBody('ThrottledError', 'Too many requests.'),
  }),
  status: (status: number, headers: Readonly<Record<string, string>> = {}): Fault => ({
    kind: 'answer',
    status,
    headers,
    body: errorBody('InternalServerError', 'Something went wrong on the server.'),
  }),
  /** Status 200, rows, and beside them an error that says that they are not all. */
  partial: (engineMessage: string): Fault => ({
    kind: 'answer',
    status: 200,
    body: JSON.stringify({
      tables: [{ name: 'PrimaryResult', columns: [{ name: 'Host', type: 'string' }], rows: [['ex01']] }],
      error: {
        code: 'PartialError',
        message: 'There were some errors when processing your query.',
        details: [{ code: 'EngineError', message: 'Something went wrong.', innererror: { code: '-2133196797', message: engineMessage } }],
      },
    }),
  }),
  noContent: { kind: 'answer', status: 204 },
  emptyBody: { kind: 'answer', status: 200, body: '' },
  compressed: { kind: 'answer', status: 200, headers: { 'content-encoding': 'gzip' }, body: 'what a proxy made of the rows' },
  notJson: { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>gateway</html>' },
} as const satisfies Record<string, Fault | ((...args: never[]) => Fault)>;
