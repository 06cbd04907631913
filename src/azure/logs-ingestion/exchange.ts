import { gzipSync } from 'node:zlib';
import type { TokenCredential } from '@azure/identity';
import { AggregateLogsUploadError, LogsIngestionClient, type LogsIngestionClientOptions } from '@azure/monitor-ingestion';
import type { TableRow } from '../../ingest/ports';
import type { Endpoint } from '../endpoint';
import { allowIpv6Loopback, markedCredential, noCredential, NoToken, openToLoopback } from '../pipeline';
import { readRetryAfterMs } from '../retry';
import type { Failure, RawAnswer } from './answer';

export type HttpClient = NonNullable<LogsIngestionClientOptions['httpClient']>;
type Policy = NonNullable<LogsIngestionClientOptions['additionalPolicies']>[number]['policy'];

export interface ExchangeOptions {
  readonly endpoint: Endpoint;
  /** Needed where the endpoint has a scope, unused elsewhere. */
  readonly credential: TokenCredential | undefined;
  readonly ruleId: string;
  readonly stream: string;
  readonly nowMs: () => number;
  readonly httpClient?: HttpClient;
}

/** One attempt: the answer as it came, or why there was none. `requests` counts what was sent, also where the token was renewed in between. */
export type Exchanged = { readonly requests: number } & ({ readonly answer: RawAnswer } | { readonly failure: Failure });

/** Sends rows that fit into one call, once, or an empty list; ends after `timeoutMs` whatever the service does. One at a time. */
export type Exchange = (rows: readonly TableRow[], timeoutMs: number) => Promise<Exchanged>;

/** What the policy notes of the call under way. */
interface Call {
  readonly isEmpty: boolean;
  requests: number;
  answer: RawAnswer | undefined;
}

/** As the client sends it: compressed. */
const emptyList = gzipSync('[]');

function errorCode(body: string | null | undefined): string | undefined {
  try {
    const { error } = JSON.parse(body ?? '') as { readonly error?: { readonly code?: unknown } };
    return typeof error?.code === 'string' && /^\w{1,60}$/.test(error.code) ? error.code : undefined;
  } catch {
    return undefined;
  }
}

function recordingPolicy(current: () => Call | undefined, nowMs: () => number): Policy {
  return {
    name: 'recordingPolicy',
    sendRequest: async (request, next) => {
      const call = current();
      if (call === undefined) throw new Error('the call ended before its request was sent');
      call.requests += 1;
      call.answer = undefined;
      allowIpv6Loopback(request);
      if (call.isEmpty) request.body = emptyList;
      const response = await next(request);
      const retryAfterMs = readRetryAfterMs((name) => response.headers.get(name), nowMs());
      call.answer = { status: response.status, errorCode: errorCode(response.bodyAsText), retryAfterMs };
      return response;
    },
  };
}

function createClient({ endpoint, credential, httpClient }: ExchangeOptions, recording: Policy): LogsIngestionClient {
  const client = new LogsIngestionClient(endpoint.origin, credential === undefined ? noCredential : markedCredential(credential), {
    ...(endpoint.scope === undefined ? {} : { audience: endpoint.scope.replace(/\/\.default$/, '') }),
    allowInsecureConnection: endpoint.scope === undefined,
    // Ours retries 429 without Retry-After too, knows its budget, and counts its waits.
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ position: 'perRetry', policy: recording }],
    ...(httpClient === undefined ? {} : { httpClient }),
  });
  if (endpoint.scope === undefined) openToLoopback(client.pipeline);
  return client;
}

/** Why a call came to nothing before an answer. */
function failureOf(error: unknown): Failure {
  const cause: unknown = error instanceof AggregateLogsUploadError ? error.errors[0]?.cause : error;
  if (cause instanceof NoToken)
    return { code: 'credential', reason: `no token for the Logs Ingestion API: ${cause.message}`, retry: false };
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown';
  const reason = `the connection to the Logs Ingestion API failed before it answered (${code}); check INGEST_ENDPOINT and the way to it`;
  return { code: 'network', reason, retry: true };
}

export function createExchange(options: ExchangeOptions): Exchange {
  let current: Call | undefined;
  const client = createClient(
    options,
    recordingPolicy(() => current, options.nowMs),
  );

  return async (rows, timeoutMs) => {
    const interrupt = new AbortController();
    const call: Call = { isEmpty: rows.length === 0, requests: 0, answer: undefined };
    current = call;
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<'expired'>((resolve) => {
      timer = setTimeout(() => {
        resolve('expired');
        interrupt.abort();
      }, timeoutMs);
    });
    try {
      // Of an empty list the client would make no call. It makes one call of what fits into one. More in an upload would be unsafe: aborted in between, it drops the rest and says nothing.
      const upload = client
        .upload(options.ruleId, options.stream, rows.length === 0 ? [{}] : [...rows], { abortSignal: interrupt.signal })
        .then(() => 'done' as const);
      // A credential that hangs hears no signal.
      if ((await Promise.race([upload, expired])) === 'expired') {
        upload.catch(() => undefined);
        const reason = `the Logs Ingestion API did not answer within ${Math.ceil(timeoutMs) / 1000} s`;
        return { requests: call.requests, failure: { code: 'timeout', reason, retry: true } };
      }
    } catch (error) {
      // With an answer in hand, the client's own reading of it does not matter.
      if (call.answer === undefined) return { requests: call.requests, failure: failureOf(error) };
    } finally {
      clearTimeout(timer);
      current = undefined;
    }
    if (call.answer === undefined) throw new Error('the Logs Ingestion client gave a result without a request');
    return { requests: call.requests, answer: call.answer };
  };
}
