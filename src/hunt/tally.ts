import type { Bin } from './bins';
import type { PullOutcome } from './ports';
import type { BinFailure } from './summary';

/** What one cycle did for one workspace and rule, counted as it happens. */
export class Tally {
  /** Bins evaluated whole, by this cycle or, at the same time, by another instance. */
  done = 0;
  /** Bins that were asked for where there is no source. */
  withoutSource = 0;
  readonly failures: BinFailure[] = [];
  readonly shrunk: Bin[] = [];
  /** Bins that became final. */
  final = 0;
  rows = 0;
  requests = 0;
  throttledMs = 0;
  new = 0;
  revised = 0;
  withdrawn = 0;
  excluded = 0;
  refused = 0;
  lateAfterFinal = 0;

  answer(answer: PullOutcome): void {
    this.requests += answer.requests;
    this.throttledMs += answer.throttledMs;
    if (answer.kind === 'whole') this.rows += answer.table.rows.length;
  }
}
