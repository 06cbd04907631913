import type { Environment } from '../settings/environment';
import type { Instant } from '../value/instant';

/** What a command has of the process that it runs in. */
export interface Io {
  /** Data, to standard output, in order; resolves when it is handed over. Rejects with OutputClosed when nobody reads it any more. */
  readonly out: (data: string | Uint8Array) => Promise<void>;
  /** Everything else, to standard error: reports, progress, diagnostics. */
  readonly err: (text: string) => void;
  /** Whether a person watches standard error, so that progress is shown there. */
  readonly isTerminal: boolean;
  /** When the command was started; the only time of day that a command knows. */
  readonly startedAt: Instant;
  /** Milliseconds since some moment, by a clock that is never set. */
  readonly elapsedMs: () => number;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Where the commands that work on Azure find their settings: the same ones, by the same names, as the functions. */
  readonly environment: Environment;
  /** What the build made of rules/. */
  readonly compiledRules: string;
}

/** Documented in `hunt --help`. The last two are what a shell reports of a program that ends by SIGINT or SIGPIPE. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130, outputClosed: 141 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What was asked for cannot be meant so: exit code 2. The message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a command was given to work on is not good: exit code 1. The message names the file and what to do. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Whoever read the output has gone, as `head` does when it has enough. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}
