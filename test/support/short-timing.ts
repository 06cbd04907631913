import type { EventHubTiming } from '../../src/azure/event-hub-connection';

/** Short enough for tests, long enough for a busy machine. */
export const shortTiming: EventHubTiming = {
  retries: 1,
  retryDelayMs: 10,
  attemptTimeoutMs: 2_000,
  callTimeoutMs: 20_000,
  closeTimeoutMs: 500,
};
