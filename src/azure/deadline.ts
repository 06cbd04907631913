/** Thrown when a call took longer than it may. */
export class TimeIsUp extends Error {
  override readonly name = 'TimeIsUp';
}

/** The bound of one call, whatever it does. */
export interface Deadline {
  /** Aborted at the deadline. */
  readonly signal: AbortSignal;
  /** As the promise, but rejects with TimeIsUp at the deadline: for calls that do not heed a signal at every step. */
  race<T>(promise: Promise<T>): Promise<T>;
}

/** The deadline does not keep the process alive. */
export function startDeadline(ms: number): Deadline {
  const signal = AbortSignal.timeout(ms);
  const passed = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new TimeIsUp(`no answer within ${ms} ms`)), { once: true });
  });
  passed.catch(() => undefined);
  return { signal, race: (promise) => Promise.race([promise, passed]) };
}
