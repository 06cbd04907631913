import type { Clock } from '../hunt/ports';
import { instantFromUnixMilliseconds } from '../value/instant';

/** Where an invocation logs to, by level. */
export interface Log {
  readonly info: (text: string) => void;
  readonly warn: (text: string) => void;
  readonly error: (text: string) => void;
}

export const systemClock: Clock = { now: () => instantFromUnixMilliseconds(Date.now()) };

/** The log of an invocation's context, whose methods cannot be taken from it. */
export function logOf(context: Log): Log {
  return {
    info: (text) => {
      context.info(text);
    },
    warn: (text) => {
      context.warn(text);
    },
    error: (text) => {
      context.error(text);
    },
  };
}
