/** Thrown when a call took longer than it may. */
export class TimeIsUp extends Error {
  override readonly name = 'TimeIsUp';
}

/** The bound of one call, whatever it does. */
export interface Deadline {
  /** Aborted at the deadline. */
  readonly signal: AbortSignal;
  /** As the promise, but rejects with TimeIsUp at the deadline: for calls that do not heed a signal at every step. */
  readonly race: <T>(promise: Promise<T>) => Promise<T>;
}

/**
 * Lets a call work under a deadline, and settles as the call does; what the call does not race is not cut short. The deadline keeps the process
 * alive until then: what a client waits on may not do so, and Node would end in the middle of the call without a word.
 */
export async function withDeadline<T>(ms: number, call: (deadline: Deadline) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TimeIsUp(`no answer within ${ms} ms`));
      controller.abort();
    }, ms);
  });
  passed.catch(() => undefined);
  try {
    return await call({ signal: controller.signal, race: (promise) => Promise.race([promise, passed]) });
  } finally {
    clearTimeout(timer);
  }
}
