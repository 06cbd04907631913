/** The wait before the first retry, doubled for each further one up to the longest. Milliseconds. */
export interface Backoff {
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
}

/** Half to all of the doubled delay, so that calls that fail together do not come back together. `random` is from [0, 1). */
export function backoffMs(timing: Backoff, retries: number, random: () => number): number {
  const delay = Math.min(timing.retryDelayMs * 2 ** retries, timing.maxRetryDelayMs);
  return Math.round(delay * (0.5 + random() / 2));
}

/**
 * What the service asks to wait, in its three headers: milliseconds, seconds, or an HTTP date. `nowMs` is Unix time.
 * Undefined where there is no such header, or none that can be read.
 */
export function readRetryAfterMs(header: (name: string) => string | undefined, nowMs: number): number | undefined {
  const milliseconds = header('retry-after-ms') ?? header('x-ms-retry-after-ms');
  if (milliseconds !== undefined && /^\d+$/.test(milliseconds)) return Number(milliseconds);
  const retryAfter = header('retry-after');
  if (retryAfter === undefined) return undefined;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil(date - nowMs));
}
