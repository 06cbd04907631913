import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenCredential } from '@azure/identity';
import type { ProbeReport, TableSink } from '../ingest/ports';
import { readOrigin, type Endpoint } from './endpoint';
import { readAnswer, type Failure } from './logs-ingestion/answer';
import { CALL_LIMIT, chunksOf, fits, numbered, type NumberedRow } from './logs-ingestion/chunks';
import { createExchange, type HttpClient } from './logs-ingestion/exchange';
import { backoffMs, type Backoff } from './retry';

/** How long an upload may take, and how often it asks. Milliseconds. */
export interface UploadTiming extends Backoff {
  /** One attempt, from asking for a token to the answer. */
  readonly attemptTimeoutMs: number;
  /** The whole upload: all attempts, and the waits between them. */
  readonly maxUploadMs: number;
  /** Further attempts for one call after its first. */
  readonly maxRetries: number;
}

/** Well within the time of an invocation: what was not taken comes again with its batch. */
const defaultTiming: UploadTiming = {
  attemptTimeoutMs: 30_000,
  maxUploadMs: 120_000,
  maxRetries: 3,
  retryDelayMs: 1_000,
  maxRetryDelayMs: 30_000,
};

export interface LogsIngestionOptions {
  /** The origin of the data collection rule's endpoint: https://NAME.REGION.ingest.monitor.azure.com, or http:// on loopback, where no credential is used. */
  readonly endpoint: string;
  readonly credential: TokenCredential | undefined;
  /** dcr-… */
  readonly ruleId: string;
  readonly stream: string;
  readonly timing?: Partial<UploadTiming>;
  readonly sleep?: (ms: number) => Promise<void>;
  /** From [0, 1). */
  readonly random?: () => number;
  /** Unix time in milliseconds that never goes back. */
  readonly nowMs?: () => number;
  /** Carries the requests; by default over Node's sockets. */
  readonly httpClient?: HttpClient;
}

/** The audience is that of the cloud: NAME.REGION.ingest.monitor.azure.us is reached with a token for monitor.azure.us. An unknown host is its own. */
function audienceOf(url: URL): string {
  return `https://${/\.ingest\.(monitor\.azure\.[a-z.]+)$/.exec(url.hostname)?.[1] ?? url.host}`;
}

/** Throws TypeError as readOrigin does. */
export function readIngestionEndpoint(endpoint: string): Endpoint {
  return readOrigin(endpoint, 'Logs Ingestion', 'https://NAME.REGION.ingest.monitor.azure.com', audienceOf);
}

/** What came of one call in the end. */
interface Sent {
  readonly failure: Failure | undefined;
  readonly requests: number;
  readonly throttledMs: number;
}

/**
 * A table behind the Logs Ingestion API. Rows go in calls of at most 1 MB, one after the other; a call that fails and may pass is tried again
 * alone, so no row that was acknowledged is sent twice by one upload. Rows that are too large for a call are refused; a call that the service
 * finds too large is halved. The first other failure that lasts ends the upload.
 * Throws TypeError for options that cannot work.
 */
export function createLogsIngestion(options: LogsIngestionOptions): TableSink {
  const {
    sleep: pause = (ms: number) => sleep(ms),
    random = Math.random,
    nowMs = () => performance.timeOrigin + performance.now(),
  } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const endpoint = readIngestionEndpoint(options.endpoint);
  if (endpoint.scope !== undefined && options.credential === undefined) {
    throw new TypeError(`the Logs Ingestion endpoint ${options.endpoint} needs a credential`);
  }
  const exchange = createExchange({
    ...options,
    endpoint,
    credential: endpoint.scope === undefined ? undefined : options.credential,
    nowMs,
  });

  async function send(rows: readonly NumberedRow[], deadline: number): Promise<Sent> {
    let requests = 0;
    let throttledMs = 0;
    for (let retries = 0; ; retries += 1) {
      const left = Math.max(1, deadline - nowMs());
      const exchanged = await exchange(
        rows.map(({ row }) => row),
        Math.min(timing.attemptTimeoutMs, left),
      );
      requests += exchanged.requests;
      const failure = 'answer' in exchanged ? readAnswer(exchanged.answer) : exchanged.failure;
      if (failure === undefined) return { failure, requests, throttledMs };
      const waitMs = failure.waitMs ?? backoffMs(timing, retries, random);
      if (!failure.retry || retries >= timing.maxRetries || waitMs >= deadline - nowMs()) return { failure, requests, throttledMs };
      await pause(waitMs);
      if (failure.code === 'throttled') throttledMs += waitMs;
    }
  }

  return {
    async upload(rows) {
      const deadline = nowMs() + timing.maxUploadMs;
      const all = numbered(rows);
      const accepted: number[] = [];
      const refused = all
        .filter((row) => !fits(row))
        .map(({ index, bytes }) => ({
          index,
          reason: `its row has ${bytes} bytes, and a call of the Logs Ingestion API takes ${CALL_LIMIT}`,
        }));
      const pending = [...chunksOf(all.filter(fits))];
      let requests = 0;
      let throttledMs = 0;
      for (let chunk = pending.shift(); chunk !== undefined; chunk = pending.shift()) {
        const sent = await send(chunk, deadline);
        requests += sent.requests;
        throttledMs += sent.throttledMs;
        if (sent.failure === undefined) accepted.push(...chunk.map(({ index }) => index));
        else if (sent.failure.code !== 'too-large') return { accepted, refused, unavailable: sent.failure.reason, requests, throttledMs };
        else if (chunk.length > 1) pending.unshift(chunk.slice(0, chunk.length >> 1), chunk.slice(chunk.length >> 1));
        else refused.push(...chunk.map(({ index }) => ({ index, reason: `${sent.failure?.reason ?? ''}, alone` })));
      }
      return { accepted, refused, requests, throttledMs };
    },

    async probe(): Promise<ProbeReport> {
      const exchanged = await exchange([], timing.attemptTimeoutMs);
      const failure = 'answer' in exchanged ? readAnswer(exchanged.answer) : exchanged.failure;
      // An empty list may be answered with 400; who may not send, or names no rule or stream, is told so first.
      const isLetIn =
        failure === undefined ||
        ('answer' in exchanged && exchanged.answer.status === 400 && !/stream/i.test(exchanged.answer.errorCode ?? ''));
      return isLetIn ? { kind: 'ready' } : { kind: 'refused', code: failure.code, reason: failure.reason };
    },
  };
}
