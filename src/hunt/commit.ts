import type { IncidentDraft, RawIdentity } from '../incident/incident';
import type { Instant } from '../value/instant';
import { dayOf, type Bin } from './bins';
import { isDue, isFinal } from './due';
import type { RuleLedger } from './ledger';
import { EMPTY_BIN, type BinRecord, type IncidentRecord } from './ledger-record';
import type { Outbox } from './outbox';
import type { Clock } from './ports';
import { countPortion, nextPortion, supersedingPortion, type Portion, type Voice } from './portion';
import type { Failed } from './pull';
import { mayBeActive, supersede, type Finding } from './reconcile';
import type { RuleProgram } from './rule-program';
import type { Tally } from './tally';

export interface CommitContext {
  readonly clock: Clock;
  readonly ledger: RuleLedger;
  readonly outbox: Outbox;
  readonly program: RuleProgram;
  readonly workspaceId: string;
  readonly excludes: (draft: IncidentDraft) => boolean;
  readonly tally: Tally;
  /** Whether there is time for a further portion. */
  readonly mayGoOn: () => boolean;
  /** The record by which it is decided whether a bin is due: without an evaluation that says nothing any more. */
  readonly asDue: (bin: Bin, record: BinRecord) => BinRecord;
}

/** When a bin's record says all that it should, and what is still to be changed in one that does not. */
interface Goal {
  readonly isReached: (record: BinRecord, revisionFloor: number) => boolean;
  readonly next: (record: BinRecord, voice: Voice) => Portion;
}

/**
 * Records a whole evaluation and publishes what it changes, a portion at a time; resolves to false where a portion was not acknowledged
 * before the last was written: then the bin is still due. Where a whole evaluation that started at or after this one is recorded already,
 * this one is dropped: it is the younger one's work, or this one's own whose answer was lost.
 */
export async function commitEvaluation(context: CommitContext, bin: Bin, startedAt: Instant, finding: Finding): Promise<boolean> {
  const { ruleHash, tables, superseded = {} } = finding;
  const { ledger, tally } = context;
  const wasFinal = isFinal(bin, ledger.recorded(bin));
  const close = ({ superseded: _, ...record }: BinRecord, shrunk: boolean): BinRecord => ({
    ...record,
    evaluatedAt: startedAt,
    ruleHash,
    tables: shrunk ? record.tables : tables,
    failure: undefined,
    ...(Object.keys(superseded).length === 0 ? {} : { superseded }),
  });
  const done = await commit(context, bin, {
    isReached: ({ evaluatedAt }) => evaluatedAt !== undefined && evaluatedAt >= startedAt,
    next: (record, voice) => nextPortion(bin, record, finding, voice, context.excludes, close),
  });
  if (done) tally.done += 1;
  if (done && !wasFinal && isFinal(bin, ledger.recorded(bin))) tally.final += 1;
  return done;
}

/**
 * Takes back the incidents of a bin that the rule, deployed again with another bin width, has no more. Its record keeps their revisions
 * and forgets the evaluation: should the width come back, the bin is due. Resolves as commitEvaluation does.
 */
export function retireBin(context: CommitContext, bin: Bin): Promise<boolean> {
  const nothing: Finding = { ruleHash: context.program.hash, drafts: [], tables: {} };
  const close = ({ incidents }: BinRecord): BinRecord => ({ ...EMPTY_BIN, incidents });
  return commit(context, bin, {
    isReached: isRetired,
    next: (record, voice) => nextPortion(bin, record, nothing, voice, context.excludes, close),
  });
}

/** Takes back the incidents of a bin for which others stand. Resolves as commitEvaluation does. */
export function supersedeBin(context: CommitContext, bin: Bin, isSuperseded: (identity: RawIdentity) => boolean): Promise<boolean> {
  return commit(context, bin, {
    isReached: (record) => supersede(record, isSuperseded).changes.length === 0,
    next: (record, voice) => supersedingPortion(record, isSuperseded, voice),
  });
}

export function isRetired({ evaluatedAt, failure, incidents }: BinRecord, revisionFloor: number): boolean {
  const isOver = Object.values(incidents).every((incident) => !mayBeActive(incident, revisionFloor));
  return evaluatedAt === undefined && failure === undefined && isOver;
}

/**
 * Records that a bin failed, so that it waits before it is tried again. Where a whole evaluation or a failure is recorded that came
 * after this one began, that is the younger knowledge; and where another instance has evaluated the bin for this pass, nothing would
 * try it again.
 */
export async function recordFailure(
  { clock, ledger, program, tally, asDue }: CommitContext,
  bin: Bin,
  startedAt: Instant,
  failed: Failed,
): Promise<void> {
  tally.failures.push({ bin, code: failed.code, reason: failed.reason, range: failed.range });
  await ledger.updateBin(bin, (record) => {
    const { evaluatedAt, failure } = record;
    const known = [evaluatedAt, failure?.lastAt].some((instant) => instant !== undefined && instant >= startedAt);
    if (known || !isDue(bin, { ...asDue(bin, record), failure: undefined }, program.monotone, startedAt)) return undefined;
    const now = clock.now();
    const lastAt = now > startedAt ? now : startedAt;
    const { code, range } = failed;
    return { ...record, failure: { count: (failure?.count ?? 0) + 1, since: failure?.since ?? lastAt, lastAt, code, range } };
  });
}

async function commit(context: CommitContext, bin: Bin, goal: Goal): Promise<boolean> {
  let left = Infinity;
  for (;;) {
    const nowLeft = await writePortion(context, bin, goal);
    const sent = await context.outbox.publishDay(dayOf(bin.start));
    if (nowLeft === 0) return true;
    // Two instances that undo each other's portions would never end.
    if (!sent || nowLeft >= left || !context.mayGoOn()) return false;
    left = nowLeft;
  }
}

/** Resolves to the number of changes that are left for later portions. */
async function writePortion(context: CommitContext, bin: Bin, goal: Goal): Promise<number> {
  const { clock, program, workspaceId, tally } = context;
  let portion: Portion | undefined;
  await context.ledger.updateBin(bin, (record, isRepeat, revisionFloor) => {
    if (isRepeat && portion !== undefined && isWritten(portion, record, goal.isReached(record, revisionFloor)))
      countPortion(tally, bin, portion);
    portion = undefined;
    if (goal.isReached(record, revisionFloor)) return undefined;
    portion = goal.next(record, { program, workspaceId, detectedAt: clock.now(), revisionFloor });
    return portion.next;
  });
  if (portion === undefined) return 0;
  countPortion(tally, bin, portion);
  return portion.left;
}

/** Whether a write that seemed to fail was made after all, so that it is counted once. */
function isWritten(portion: Portion, record: BinRecord, isReached: boolean): boolean {
  const hasChanges = portion.changes.every(({ id }) => isSameRevision(record.incidents[id], portion.next.incidents[id]));
  return hasChanges && isReached === (portion.left === 0);
}

function isSameRevision(left: IncidentRecord | undefined, right: IncidentRecord | undefined): boolean {
  return left?.revision === right?.revision && left?.pending.at(-1)?.body === right?.pending.at(-1)?.body;
}
