import type { PullCost, PullOutcome, PullRequest, RowSource, WireTable } from '../../src/hunt/ports';

type WithoutCost<T> = T extends unknown ? Omit<T, keyof PullCost> & Partial<PullCost> : never;

/** Any outcome; its cost is one request and no waiting where it does not say. */
export type FakeOutcome = WithoutCost<PullOutcome>;

export interface FakeOptions {
  /** How many pulls it meets; default 1. */
  readonly times?: number;
  /** Which pulls it meets; default all. */
  readonly when?: (request: PullRequest) => boolean;
}

export interface FakeSwitch {
  readonly hits: number;
  /** Meets no further pull, and lets those that it holds go on. */
  release(): void;
}

/** A row source that works: it answers from a function, records what it was asked, and fails or waits when told to. */
export interface FakeRowSource extends RowSource {
  /** Every pull so far, in order. */
  readonly pulls: readonly PullRequest[];
  /** Ends the next pull so, instead of with rows. */
  end(outcome: FakeOutcome, options?: FakeOptions): FakeSwitch;
  /** Keeps the next pull waiting until released or aborted. */
  hold(options?: FakeOptions): FakeSwitch;
}

interface Armed {
  readonly outcome: FakeOutcome | undefined;
  readonly when: (request: PullRequest) => boolean;
  readonly released: PromiseWithResolve;
  left: number;
  hits: number;
}

interface PromiseWithResolve {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function pending(): PromiseWithResolve {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

function aborted(signal: AbortSignal): DOMException {
  return new DOMException('the pull was aborted', { name: 'AbortError', cause: signal.reason });
}

async function untilAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  const abort = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(aborted(signal)), { once: true }));
  return Promise.race([work, abort]);
}

export function createFakeRowSource(tableFor: (request: PullRequest) => WireTable): FakeRowSource {
  const pulls: PullRequest[] = [];
  const armed: Armed[] = [];

  function arm(outcome: FakeOutcome | undefined, { times = 1, when = () => true }: FakeOptions = {}): FakeSwitch {
    const entry: Armed = { outcome, when, released: pending(), left: times, hits: 0 };
    armed.push(entry);
    return {
      get hits() {
        return entry.hits;
      },
      release: () => {
        entry.left = 0;
        entry.released.resolve();
      },
    };
  }

  return {
    pulls,
    end: (outcome, options) => arm(outcome, options),
    hold: (options) => arm(undefined, options),
    pull: async (request) => {
      if (request.signal?.aborted === true) throw aborted(request.signal);
      pulls.push(request);
      const met = armed.find(({ left, when }) => left > 0 && when(request));
      if (met !== undefined) {
        met.left -= 1;
        met.hits += 1;
        if (met.outcome !== undefined) return { requests: 1, throttledMs: 0, ...met.outcome };
        await untilAborted(met.released.promise, request.signal);
      }
      return { kind: 'whole', table: tableFor(request), requests: 1, throttledMs: 0 };
    },
  };
}
