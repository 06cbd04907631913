import type { InvocationContext } from '@azure/functions';

/**
 * Stands for `@azure/functions-core`, which the Functions host gives to its workers and which is in no registry: takes what the app registers.
 * Bundled in its place where there is no host (npm start, the benchmark).
 */

export interface Registration {
  readonly metadata: { readonly name: string; readonly bindings: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  /** The handler, with what its trigger gives it. */
  readonly callback: (input: unknown, context: InvocationContext) => Promise<void>;
}

interface Disposable {
  readonly dispose: () => void;
}

const nothing: Disposable = { dispose: () => undefined };

export const registrations: Registration[] = [];

export const version = '0.0.0';

export function setProgrammingModel(): void {
  // One model is all there is here.
}

export function registerFunction(metadata: Registration['metadata'], callback: Registration['callback']): Disposable {
  registrations.push({ metadata, callback });
  return nothing;
}

export function registerHook(): Disposable {
  return nothing;
}

export function log(): void {
  // Invocations log to their own context.
}
