import { addTicks, TICKS_PER_HOUR, type Instant, type TimeRange } from '../value/instant';
import { binsIn, isOnGrid, type Bin } from './bins';
import type { Coverage } from './coverage';
import { isFinal, latestPass, passes, retryAt } from './due';
import type { RuleLedger } from './ledger';
import type { RuleProgram } from './rule-program';
import { without } from './ranges';

/**
 * How a bin stands in the ledger.
 * - open: it is not over yet.
 * - closed: it is over, and evaluated whole since its latest pass; further passes are to come.
 * - due: a pass has come since its last whole evaluation. The next cycle works on it.
 * - missing: there is no whole evaluation since its close, although its first pass was more than an hour ago.
 * - failing: its last evaluation came to nothing, or its record cannot be read.
 * - final: evaluated whole when no row could come any more.
 * - no-source: the workspace has no such table or function, or no data, and never had.
 */
export type BinState = 'open' | 'closed' | 'due' | 'missing' | 'failing' | 'final' | 'no-source';

export interface StatedBin {
  readonly bin: Bin;
  readonly state: BinState;
  /** Start of the last whole evaluation. */
  readonly evaluatedAt: Instant | undefined;
  /** Why it is failing. */
  readonly failure: StatedFailure | undefined;
}

export interface StatedFailure {
  readonly code: string;
  /** Undefined where the record itself cannot be read. */
  readonly tries: { readonly count: number; readonly since: Instant; readonly lastAt: Instant; readonly nextTry: Instant } | undefined;
}

/** The code of a bin whose record cannot be read. */
export const UNREADABLE = 'ledger-unreadable';

/** A first pass that is not done by then will hardly be done by the next cycle. */
const MISSING_AFTER = TICKS_PER_HOUR;

export interface StatesQuestion {
  /** Its days of the range are read. */
  readonly ledger: RuleLedger;
  /** Undefined where no cycle has begun yet: then every closed bin is missing. */
  readonly coverage: Coverage | undefined;
  readonly program: RuleProgram;
  readonly now: Instant;
}

/** The bins that share time with the range and have begun, in order. */
export function binStates(question: StatesQuestion, range: TimeRange): readonly StatedBin[] {
  const bins = [...binsIn(question.program.grid, range)].filter((bin) => bin.start <= question.now);
  return bins.map((bin) => stated(question, bin));
}

function stated(question: StatesQuestion, bin: Bin): StatedBin {
  const record = question.ledger.recorded(bin);
  const failure = failureOf(question.ledger, bin);
  const state = failure === undefined ? soundState(question, bin) : 'failing';
  return { bin, state, evaluatedAt: record?.evaluatedAt, failure };
}

function failureOf(ledger: RuleLedger, bin: Bin): StatedFailure | undefined {
  if (ledger.isUnreadable(bin)) return { code: UNREADABLE, tries: undefined };
  const failure = ledger.recorded(bin)?.failure;
  if (failure === undefined) return undefined;
  const { code, count, since, lastAt } = failure;
  return { code, tries: { count, since, lastAt, nextTry: retryAt(failure) } };
}

function soundState({ ledger, coverage, program, now }: StatesQuestion, bin: Bin): BinState {
  const record = ledger.recorded(bin);
  if (coverage?.awaitsSource === true) return 'no-source';
  if (bin.end > now) return 'open';
  if (isFinal(bin, record) || isFinalOtherwise(ledger, program, bin)) return 'final';
  const evaluatedAt = record?.evaluatedAt;
  const pass = latestPass(bin, program.monotone, now);
  if (pass === undefined || (evaluatedAt !== undefined && evaluatedAt >= pass)) return 'closed';
  const [firstPass = bin.end] = passes(bin);
  const isCovered = evaluatedAt !== undefined && evaluatedAt > bin.end;
  return isCovered || now < addTicks(firstPass, MISSING_AFTER) ? 'due' : 'missing';
}

/** Whether bins of other widths, which the rule had before it was deployed again, cover the bin and are final. */
function isFinalOtherwise(ledger: RuleLedger, { grid }: RuleProgram, bin: Bin): boolean {
  const others = [...ledger.allRecorded()].filter((each) => !isOnGrid(grid, each.bin) && isFinal(each.bin, each.record));
  const final = others.map((other) => other.bin);
  return final.length > 0 && without([bin], final).length === 0;
}
