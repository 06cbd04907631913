import { setTimeout as delay } from 'node:timers/promises';

export interface Timing {
  /** How often an operation is tried in all; 1 or more. */
  readonly tries: number;
  /** Milliseconds that one try may take. */
  readonly tryMs: number;
  /** Milliseconds before the second try; doubled before each further one. */
  readonly delayMs: number;
}

/** A try that was not answered within its time. */
export class TryTimeout extends Error {
  override readonly name = 'TryTimeout';
  readonly tryMs: number;

  constructor(tryMs: number) {
    super(`no answer within ${tryMs} ms`);
    this.tryMs = tryMs;
  }
}

/**
 * Tries an operation until it resolves, fails for good, or has had its tries; rejects with the last failure. Each try settles within
 * its time whatever the operation does with the signal: a client may wait for a token or a socket that knows of no signal.
 */
export async function withTries<T>(
  timing: Timing,
  isTransient: (error: unknown) => boolean,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withinTime(timing.tryMs, operation);
    } catch (error) {
      const again = attempt < timing.tries && (error instanceof TryTimeout || isTransient(error));
      if (!again) throw error;
    }
    await delay(timing.delayMs * 2 ** (attempt - 1));
  }
}

async function withinTime<T>(tryMs: number, operation: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new TryTimeout(tryMs));
      controller.abort();
    }, tryMs);
  });
  try {
    return await Promise.race([operation(controller.signal), expired]);
  } finally {
    clearTimeout(timer);
  }
}
