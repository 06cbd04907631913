import { once } from 'node:events';
import type { PullCost, PullOutcome, PullRequest, RowSource, WireTable } from '../../src/hunt/ports';
import { createArmedFaults, type ArmOptions, type FaultSwitch } from '../../src/local/armed-faults';

type WithoutCost<T> = T extends unknown ? Omit<T, keyof PullCost> & Partial<PullCost> : never;

/** Any outcome; its cost is one request and no waiting where it does not say. */
export type FakeOutcome = WithoutCost<PullOutcome>;

/** A row source that works: it answers from a function, records what it was asked, and fails or waits when told to. */
export interface FakeRowSource extends RowSource {
  /** Every pull so far, in order. */
  readonly pulls: readonly PullRequest[];
  /** Ends the next pull so, instead of with rows. */
  end(outcome: FakeOutcome, options?: ArmOptions<PullRequest>): FaultSwitch;
  /** Keeps the next pull waiting until released or aborted. */
  hold(options?: ArmOptions<PullRequest>): FaultSwitch;
}

function aborted(signal: AbortSignal): DOMException {
  return new DOMException('the pull was aborted', { name: 'AbortError', cause: signal.reason });
}

/** Resolves when it is released; rejects when the pull is aborted. */
async function held(released: AbortSignal, signal: AbortSignal | undefined): Promise<void> {
  const ends = [released, ...(signal === undefined ? [] : [signal])];
  if (ends.every((each) => !each.aborted)) await Promise.race(ends.map((each) => once(each, 'abort')));
  if (signal?.aborted === true) throw aborted(signal);
}

export function createFakeRowSource(tableFor: (request: PullRequest) => WireTable): FakeRowSource {
  const pulls: PullRequest[] = [];
  const faults = createArmedFaults<FakeOutcome | 'hold', PullRequest>();
  return {
    pulls,
    end: (outcome, options) => faults.arm(outcome, options),
    hold: (options) => faults.arm('hold', options),
    pull: async (request) => {
      if (request.signal?.aborted === true) throw aborted(request.signal);
      pulls.push(request);
      const met = faults.take(request);
      if (met?.fault === 'hold') await held(met.released, request.signal);
      else if (met !== undefined) return { requests: 1, throttledMs: 0, ...met.fault };
      return { kind: 'whole', table: tableFor(request), requests: 1, throttledMs: 0 };
    },
  };
}
