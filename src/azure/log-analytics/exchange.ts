import type { TokenCredential } from '@azure/identity';
import { LogsQueryClient, type LogsQueryClientOptions } from '@azure/monitor-query';
import { randomUUID } from 'node:crypto';
import type { PullRequest } from '../../hunt/ports';
import { toUnixMilliseconds } from '../../value/instant';
import type { Failure, RawAnswer } from './answer';
import { allowIpv6Loopback, markedCredential, noCredential, NoToken, openToLoopback } from '../pipeline';
import { readRetryAfterMs } from '../retry';
import type { QueryEndpoint } from './endpoint';

export type HttpClient = NonNullable<LogsQueryClientOptions['httpClient']>;
type Policy = NonNullable<LogsQueryClientOptions['additionalPolicies']>[number]['policy'];

export interface ExchangeOptions {
  readonly endpoint: QueryEndpoint;
  /** Needed where the endpoint has a scope, unused elsewhere. */
  readonly credential: TokenCredential | undefined;
  readonly serverTimeoutMs: number;
  readonly nowMs: () => number;
  readonly httpClient?: HttpClient;
}

/** One attempt: the answer as it came, or why there was none. `requests` counts what was sent, also where the token was renewed in between. */
export type Exchanged = { readonly requests: number } & ({ readonly answer: RawAnswer } | { readonly failure: Failure });

/** Rejects with AbortError when the request's signal is aborted; the connection is closed then, as it is after `timeoutMs`. */
export type Exchange = (request: PullRequest, timeoutMs: number) => Promise<Exchanged>;

/** What the policy notes of a call under way. */
interface Call {
  requests: number;
  answer: RawAnswer | undefined;
  readonly signal: AbortSignal;
}

const CALL_ID = 'x-ms-client-request-id';

/** An answer without a cell, so that the client has none to convert: it cuts datetimes to milliseconds and parses dynamic columns. */
const NO_ROWS = '{"tables":[]}';

/** Ties each request to its call: counts it, makes it end with the call, and keeps the answer as it came over the wire. */
function recordingPolicy(calls: ReadonlyMap<string, Call>, nowMs: () => number): Policy {
  return {
    name: 'recordingPolicy',
    sendRequest: async (request, next) => {
      const call = calls.get(request.headers.get(CALL_ID) ?? '');
      if (call === undefined) throw new Error('the call ended before its request was sent');
      call.requests += 1;
      call.answer = undefined;
      request.abortSignal = call.signal;
      allowIpv6Loopback(request);
      // The client never notices that a compressed answer breaks off; without the header an intermediary may compress.
      request.headers.set('accept-encoding', 'identity');
      const response = await next(request);
      const retryAfterMs = readRetryAfterMs((name) => response.headers.get(name), nowMs());
      const coding = response.headers.get('content-encoding');
      call.answer = { status: response.status, body: response.bodyAsText ?? '', coding, retryAfterMs };
      if (response.status === 200) response.bodyAsText = NO_ROWS;
      return response;
    },
  };
}

/** The client with the parts of its pipeline that stand in the way taken out. */
function createClient({ endpoint, credential, httpClient }: ExchangeOptions, recording: Policy): LogsQueryClient {
  const client = new LogsQueryClient(credential === undefined ? noCredential : markedCredential(credential), {
    endpoint: endpoint.url,
    credentials: { scopes: endpoint.scope === undefined ? [] : [endpoint.scope] },
    allowInsecureConnection: endpoint.scope === undefined,
    // Ours retries 429 without Retry-After too, knows its budget, counts its waits, and leaves 504 to the caller.
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ position: 'perRetry', policy: recording }],
    ...(httpClient === undefined ? {} : { httpClient }),
  });
  if (endpoint.scope === undefined) openToLoopback(client.pipeline);
  return client;
}

function failureOf(error: unknown): Failure {
  if (error instanceof NoToken) {
    return { kind: 'failed', code: 'credential', reason: `No token for Log Analytics: ${error.message}`, retry: false };
  }
  if (error instanceof Error && error.name === 'RestError') {
    const { code = 'unknown' } = error as Error & { readonly code?: string };
    const reason = `The connection to Log Analytics failed before the answer was complete (${code}); check the endpoint and the way to it.`;
    return { kind: 'failed', code: 'network', reason, retry: true };
  }
  throw new Error("the Log Analytics client failed in a way that is not the service's", { cause: error });
}

function timedOut(timeoutMs: number): Failure {
  const reason = `Log Analytics did not answer within ${Math.ceil(timeoutMs) / 1000} s; check the service's health.`;
  return { kind: 'failed', code: 'timeout', reason, retry: true };
}

export function createExchange(options: ExchangeOptions): Exchange {
  const calls = new Map<string, Call>();
  const client = createClient(options, recordingPolicy(calls, options.nowMs));
  const serverTimeoutInSeconds = Math.ceil(options.serverTimeoutMs / 1000);

  return async ({ workspaceId, query, timespan, signal }, timeoutMs) => {
    const interrupt = new AbortController();
    const onAbort = (): void => interrupt.abort();
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort);
    const timer = setTimeout(onAbort, timeoutMs);
    const id = randomUUID();
    const call: Call = { requests: 0, answer: undefined, signal: interrupt.signal };
    calls.set(id, call);
    try {
      await untilAborted(interrupt.signal, () =>
        client.queryWorkspace(
          workspaceId,
          query,
          { startTime: new Date(toUnixMilliseconds(timespan.start)), endTime: new Date(toUnixMilliseconds(timespan.end)) },
          { serverTimeoutInSeconds, requestOptions: { headers: { [CALL_ID]: id } } },
        ),
      );
    } catch (error) {
      if (signal?.aborted === true) throw new DOMException('the pull was aborted', { name: 'AbortError', cause: signal.reason });
      if (interrupt.signal.aborted) return { requests: call.requests, failure: timedOut(timeoutMs) };
      // With an answer in hand, the client's own reading of it does not matter.
      if (call.answer === undefined) return { requests: call.requests, failure: failureOf(error) };
    } finally {
      calls.delete(id);
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
    if (call.answer === undefined) throw new Error('the Log Analytics client gave a result without a request');
    return { requests: call.requests, answer: call.answer };
  };
}

/** The work's outcome, or a rejection as soon as the signal is aborted: a credential that hangs hears no signal. */
async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  return Promise.race([work(), aborted]);
}
