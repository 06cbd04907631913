import { createArmedFaults, type ArmedFaults } from '../armed-faults';

/** A call as it reached the server. */
export interface UploadRequest {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/**
 * What can go wrong with a call.
 * - answer: this answer; nothing is stored.
 * - reset, stall: the connection is reset, or silent until released or closed, before or after the rows were `stored`.
 */
export type Fault =
  | { readonly kind: 'answer'; readonly status: number; readonly code?: string; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'reset' | 'stall'; readonly stored: boolean };

export type Faults = ArmedFaults<Fault, UploadRequest>;

export function createFaults(): Faults {
  return createArmedFaults();
}

/** The answers of a service in trouble. */
export const fault = {
  /** Without an argument the service does not say how long to wait. Seconds, or an HTTP date. */
  throttled: (retryAfter?: string): Fault => ({
    kind: 'answer',
    status: 429,
    code: 'TooManyRequests',
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
  }),
  forbidden: { kind: 'answer', status: 403, code: 'OperationFailed' },
  unauthorized: { kind: 'answer', status: 401, code: 'InvalidToken' },
  tooLarge: { kind: 'answer', status: 413, code: 'ContentLengthLimitExceeded' },
  status: (status: number, headers: Readonly<Record<string, string>> = {}): Fault => ({
    kind: 'answer',
    status,
    code: 'InternalServerError',
    headers,
  }),
} as const satisfies Record<string, Fault | ((...args: never[]) => Fault)>;
