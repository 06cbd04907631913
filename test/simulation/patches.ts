import type { commitEvaluation, recordFailure, retireBin, supersedeBin } from '../../src/hunt/commit';
import type { dueBins, isAudited } from '../../src/hunt/due';
import type { evaluateBin } from '../../src/hunt/evaluate-bin';
import type { nextPortion } from '../../src/hunt/portion';
import type { reconcile } from '../../src/hunt/reconcile';

/** Functions that a test puts in the place of the program's own, each with that one as its first argument. */
export interface Patches {
  readonly commitEvaluation?: Instead<typeof commitEvaluation>;
  readonly dueBins?: Instead<typeof dueBins>;
  readonly evaluateBin?: Instead<typeof evaluateBin>;
  readonly isAudited?: Instead<typeof isAudited>;
  readonly nextPortion?: Instead<typeof nextPortion>;
  readonly reconcile?: Instead<typeof reconcile>;
  readonly recordFailure?: Instead<typeof recordFailure>;
  readonly retireBin?: Instead<typeof retireBin>;
  readonly supersedeBin?: Instead<typeof supersedeBin>;
}

type Instead<F extends (...args: never[]) => unknown> = (real: F, ...args: Parameters<F>) => ReturnType<F>;
