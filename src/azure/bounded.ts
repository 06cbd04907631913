import { setTimeout as delay } from 'node:timers/promises';
import { TimeIsUp, withDeadline } from '../deadline';

export interface Timing {
  /** How often an operation is tried in all; 1 or more. */
  readonly tries: number;
  /** Milliseconds that one try may take. */
  readonly tryMs: number;
  /** Milliseconds before the second try; doubled before each further one. */
  readonly delayMs: number;
}

/**
 * Tries an operation until it resolves, fails for good, or has had its tries; rejects with the last failure. Each try settles within
 * its time whatever the operation does with the signal: a client may wait for a token or a socket without heeding any signal.
 */
export async function withTries<T>(
  timing: Timing,
  isTransient: (error: unknown) => boolean,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withDeadline(timing.tryMs, ({ signal, race }) => race(operation(signal)));
    } catch (error) {
      const again = attempt < timing.tries && (error instanceof TimeIsUp || isTransient(error));
      if (!again) throw error;
    }
    await delay(timing.delayMs * 2 ** (attempt - 1));
  }
}
