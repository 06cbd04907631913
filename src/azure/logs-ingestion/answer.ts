/** What an answer of the Logs Ingestion API, or the lack of one, means for the rows of the request. */
export interface Failure {
  /** Stable and short: throttled, timeout, too-large, unauthorized, forbidden, not-found, bad-request, server-error, unexpected-status, network, credential. */
  readonly code: string;
  /** One sentence that says what to check. */
  readonly reason: string;
  /** Whether the same may succeed a moment later. */
  readonly retry: boolean;
  /** What the service asks to wait, under the code 'throttled' alone. */
  readonly waitMs?: number;
}

export interface RawAnswer {
  readonly status: number;
  /** Of the error, where the body names one. */
  readonly errorCode: string | undefined;
  readonly retryAfterMs: number | undefined;
}

const RULE = 'INGEST_RULE_ID (the immutable id of the data collection rule)';

function throttled(status: number, waitMs: number | undefined): Failure {
  const wish = waitMs === undefined ? '' : ` and asks to wait ${Math.ceil(waitMs / 1000)} s`;
  const reason = `the Logs Ingestion API throttles the data collection rule (${status})${wish}; its limits are 2 GB and 12,000 requests a minute`;
  return { code: 'throttled', reason, retry: true, ...(waitMs === undefined ? {} : { waitMs }) };
}

/**
 * Undefined where the rows were taken.
 * Statuses: https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview
 */
export function readAnswer({ status, errorCode, retryAfterMs }: RawAnswer): Failure | undefined {
  if (status >= 200 && status < 300) return undefined;
  const said = errorCode === undefined ? String(status) : `${status}, ${errorCode}`;
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) return throttled(status, retryAfterMs);
  const failure = (code: string, reason: string, retry = false): Failure => ({ code, reason, retry });
  switch (status) {
    case 400:
      return failure(
        'bad-request',
        `the Logs Ingestion API does not accept the rows (${said}); check INGEST_STREAM, and that the rule's stream has the table's columns`,
      );
    case 401:
      return failure(
        'unauthorized',
        `the Logs Ingestion API does not accept the token (${said}); check the identity's tenant, and that INGEST_ENDPOINT is of its cloud`,
      );
    case 403:
      return failure(
        'forbidden',
        `the Logs Ingestion API refuses the rows (${said}); check that the identity has the role Monitoring Metrics Publisher on the data collection rule (a new one takes up to half an hour to act)`,
      );
    case 404:
      return failure(
        'not-found',
        `the Logs Ingestion API knows no such data collection rule (${said}); check ${RULE}, and that INGEST_ENDPOINT is that rule's`,
      );
    case 408:
      return failure('timeout', 'the Logs Ingestion API gave up waiting for the request (408)', true);
    case 413:
      return failure('too-large', `the Logs Ingestion API finds the rows too large (${said})`);
  }
  if (status >= 500) return failure('server-error', `the Logs Ingestion API failed (${said})`, status !== 501 && status !== 505);
  return failure(
    'unexpected-status',
    `the Logs Ingestion API answered with a status that it does not document (${said}); check INGEST_ENDPOINT`,
  );
}
