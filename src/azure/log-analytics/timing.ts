/** How long a pull may take, and how often it asks. Milliseconds. */
export interface PullTiming {
  /** What the service may spend on one query; sent in whole seconds. Less than `attemptTimeoutMs`, so that a slow query ends in the service's 504. */
  readonly serverTimeoutMs: number;
  /** One attempt, from asking for a token to the last byte of the answer. */
  readonly attemptTimeoutMs: number;
  /** The whole pull: all attempts, and the waits between them. */
  readonly maxPullMs: number;
  /** Further attempts after the first. */
  readonly maxRetries: number;
  /** The wait before the first retry, doubled for each further one up to `maxRetryDelayMs`. The service's own wish comes first. */
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
  /** So many requests at most are sent in any `paceMs`, by all pulls of a source together. */
  readonly paceRequests: number;
  readonly paceMs: number;
}

export const defaultTiming: PullTiming = {
  serverTimeoutMs: 100_000,
  attemptTimeoutMs: 120_000,
  maxPullMs: 240_000,
  maxRetries: 3,
  retryDelayMs: 1_000,
  maxRetryDelayMs: 30_000,
  // The service takes 200 in 30 s of one identity; a tenth is left to whoever else queries with it.
  // https://learn.microsoft.com/azure/azure-monitor/service-limits#log-queries-and-language
  paceRequests: 180,
  paceMs: 30_000,
};

const least: PullTiming = {
  serverTimeoutMs: 1,
  attemptTimeoutMs: 1,
  maxPullMs: 1,
  maxRetries: 0,
  retryDelayMs: 0,
  maxRetryDelayMs: 0,
  paceRequests: 1,
  paceMs: 0,
};

/** The defaults with these values in their place. Throws RangeError naming the first one that cannot work. */
export function checkedTiming(given: Partial<PullTiming> = {}): PullTiming {
  const timing = { ...defaultTiming, ...given };
  for (const name of Object.keys(least) as (keyof PullTiming)[]) {
    if (Number.isInteger(timing[name]) && timing[name] >= least[name]) continue;
    throw new RangeError(`timing.${name} is ${timing[name]}; it must be a whole number from ${least[name]}`);
  }
  return timing;
}
