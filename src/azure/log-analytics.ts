import type { TokenCredential } from '@azure/identity';
import { setTimeout as sleepTimer } from 'node:timers/promises';
import type { RowSource } from '../hunt/ports';
import { readAnswer } from './log-analytics/answer';
import { readEndpoint } from './log-analytics/endpoint';
import { createExchange, type HttpClient } from './log-analytics/exchange';
import { Pace } from './log-analytics/pace';
import { checkedTiming, type PullTiming } from './log-analytics/timing';
import { backoffMs } from './retry';

export interface LogAnalyticsOptions {
  /** An origin: https://api.loganalytics.io, a sovereign cloud's, or http:// on loopback, where no credential is used. */
  readonly endpoint: string;
  readonly credential: TokenCredential | undefined;
  /** Whom the token is for; by default the endpoint's own audience. */
  readonly audience?: string;
  readonly timing?: Partial<PullTiming>;
  /** Waits; rejects with AbortError when the signal is aborted. */
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** From [0, 1). */
  readonly random?: () => number;
  /** Unix time in milliseconds that never goes back. */
  readonly nowMs?: () => number;
  /** Carries the requests; by default over Node's sockets. */
  readonly httpClient?: HttpClient;
}

async function sleepFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleepTimer(ms, undefined, signal === undefined ? {} : { signal });
}

const tooMany = {
  kind: 'failed',
  code: 'throttled',
  reason: 'More requests wait than Log Analytics takes of one identity in the time of a pull; fewer workspaces or rules need fewer.',
} as const;

/**
 * Rows from Log Analytics. A pull asks once and retries what may pass, at most `maxRetries` times and `maxPullMs` in all; a wait that does not
 * fit ends it. Codes of failed pulls: throttled, timeout, unauthorized, forbidden, not-found, bad-request, server-error, unexpected-status,
 * network, credential, partial, malformed.
 * Throws TypeError or RangeError for options that cannot work.
 */
export function createLogAnalyticsSource(options: LogAnalyticsOptions): RowSource {
  const { sleep = sleepFor, random = Math.random, nowMs = () => performance.timeOrigin + performance.now() } = options;
  const timing = checkedTiming(options.timing);
  const endpoint = readEndpoint(options.endpoint, options.audience);
  if (endpoint.scope !== undefined && options.credential === undefined) {
    throw new TypeError(`the Log Analytics endpoint ${options.endpoint} needs a credential`);
  }
  const exchange = createExchange({
    endpoint,
    credential: endpoint.scope === undefined ? undefined : options.credential,
    serverTimeoutMs: timing.serverTimeoutMs,
    nowMs,
    ...(options.httpClient === undefined ? {} : { httpClient: options.httpClient }),
  });

  const pace = new Pace(timing.paceRequests, timing.paceMs);
  return {
    pull: async (request) => {
      const deadline = nowMs() + timing.maxPullMs;
      let requests = 0;
      let throttledMs = 0;
      for (let retries = 0; ; retries += 1) {
        const pauseMs = pace.take(nowMs());
        if (pauseMs >= deadline - nowMs()) return { ...tooMany, requests, throttledMs };
        if (pauseMs > 0) await sleep(pauseMs, request.signal);
        throttledMs += pauseMs;
        const exchanged = await exchange(request, Math.min(timing.attemptTimeoutMs, deadline - nowMs()));
        requests += exchanged.requests;
        const verdict = 'answer' in exchanged ? readAnswer(exchanged.answer) : exchanged.failure;
        if (verdict.kind !== 'failed') return { ...verdict, requests, throttledMs };
        const { kind, code, reason, retry, waitMs = backoffMs(timing, retries, random) } = verdict;
        if (!retry || retries >= timing.maxRetries || waitMs >= deadline - nowMs()) return { kind, code, reason, requests, throttledMs };
        await sleep(waitMs, request.signal);
        if (code === 'throttled') throttledMs += waitMs;
      }
    },
  };
}
