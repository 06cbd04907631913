/** Switches that make a local server fail, each counting how often it was met, so that a test can tell that it was hit. */

export interface ArmOptions<R> {
  /** How many requests it meets before it is spent; default 1. */
  readonly times?: number;
  /** Which requests it meets; default all. */
  readonly when?: (request: R) => boolean;
}

export interface FaultSwitch {
  /** Requests that met this fault. */
  readonly hits: number;
  /** Meets no further request, and lets those that it stalls go on. */
  release(): void;
}

export interface ArmedFaults<F, R> {
  /** Armed faults meet requests in the order in which they were armed. */
  arm(fault: F, options?: ArmOptions<R>): FaultSwitch;
  /** The fault that this request meets, which counts as a hit; `released` is aborted by the switch. */
  take(request: R): { readonly fault: F; readonly released: AbortSignal } | undefined;
}

export function createArmedFaults<F, R>(): ArmedFaults<F, R> {
  const armed: {
    readonly fault: F;
    readonly when: (request: R) => boolean;
    left: number;
    hits: number;
    readonly release: AbortController;
  }[] = [];
  return {
    arm: (fault, { times = 1, when = () => true } = {}) => {
      const entry = { fault, when, left: times, hits: 0, release: new AbortController() };
      armed.push(entry);
      return {
        get hits() {
          return entry.hits;
        },
        release: () => {
          entry.left = 0;
          entry.release.abort();
        },
      };
    },
    take: (request) => {
      const entry = armed.find(({ left, when }) => left > 0 && when(request));
      if (entry === undefined) return undefined;
      entry.left -= 1;
      entry.hits += 1;
      return { fault: entry.fault, released: entry.release.signal };
    },
  };
}
