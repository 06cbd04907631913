import type { IncidentDraft } from '../incident/incident';
import type { Instant } from '../value/instant';
import { Adjoining } from './adjoining';
import { binKey, type Bin } from './bins';
import { commitEvaluation, recordFailure, retireBin, supersedeBin, type CommitContext } from './commit';
import { LedgerUnreadable } from './compare-and-swap';
import type { Coverage } from './coverage';
import type { CycleContext } from './cycle-context';
import type { BinOutcome, EvaluationContext } from './evaluate-bin';
import { LaneBins } from './lane-bins';
import type { LaneState } from './lane-report';
import { RuleLedger } from './ledger';
import { Outbox } from './outbox';
import { PortUnavailable } from './ports';
import type { Finding } from './reconcile';
import type { RuleProgram } from './rule-program';
import { Tally } from './tally';
import { describeUnexpected } from './unexpected';

/** The lane of the rule's own bins, for a lane of shifted ones. */
export interface Beside {
  readonly own: Lane;
  /** False where the rule finds no split pairs any more: no bin is due, and what an earlier plan found is taken back. */
  readonly finds: boolean;
}

/**
 * The bins of one grid of a workspace and rule through one cycle: begin, then `next` and `work` for each due bin, then end. None of them
 * rejects: what goes wrong is in the state. A lane of shifted bins has the lane of the rule's own bins beside it.
 */
export class Lane {
  readonly evaluation: EvaluationContext;
  private readonly cycle: CycleContext;
  private readonly program: RuleProgram;
  private readonly own: Lane | undefined;
  private readonly isFormer: boolean;
  private readonly ledger: RuleLedger;
  private readonly adjoining: Adjoining | undefined;
  private readonly outbox: Outbox;
  private readonly tally = new Tally();
  private readonly commit: CommitContext;
  private readonly problems: string[] = [];
  private readonly bins: LaneBins;
  private queue: readonly Bin[] = [];
  /** Bins that were begun, and are neither done nor recorded as failing. */
  private readonly unfinished = new Set<string>();
  private noSource: string | undefined;
  private ledgerUnreachable: string | undefined;
  private stopped = false;

  constructor(cycle: CycleContext, workspaceId: string, program: RuleProgram, { own, finds }: Partial<Beside> = {}) {
    const { clock, source, pool, signal, hub, deadLetters } = cycle;
    const { tally } = this;
    this.cycle = cycle;
    this.program = program;
    this.own = own;
    this.isFormer = finds === false;
    this.ledger = new RuleLedger(cycle.ledger, `${workspaceId}/${program.ledgerFolder}`);
    this.adjoining = own && new Adjoining(own.ledger, own.program.grid);
    this.outbox = new Outbox({ ledger: this.ledger, hub, deadLetters, clock, workspaceId, ruleId: program.id, tally });
    this.evaluation = { source, pool, program, workspaceId, signal, onAnswer: (answer) => tally.answer(answer) };
    const excludes = (draft: IncidentDraft): boolean => cycle.excludes(workspaceId, program.id, draft);
    const mayGoOn = (): boolean => this.mayGoOn();
    const asDue: CommitContext['asDue'] = (bin, record) => this.bins.asDue(bin, record);
    this.commit = { clock, ledger: this.ledger, outbox: this.outbox, program, workspaceId, excludes, tally, mayGoOn, asDue };
    this.bins = new LaneBins({
      cycle,
      program,
      ledger: this.ledger,
      only: own === undefined ? cycle.only?.(workspaceId, program) : own.bins.only,
      ...(own && this.adjoining && { beside: { own: own.bins, adjoining: this.adjoining } }),
      isFormer: this.isFormer,
    });
  }

  /** Reads the ledger, publishes what is pending, takes back what is superseded, and decides what is due. */
  async begin(): Promise<void> {
    await this.guarded(async () => {
      const { ledger, bins } = this;
      await bins.open();
      if (bins.coverage === undefined) return;
      for (const day of ledger.pendingDays()) if (this.mayGoOn()) await this.outbox.publishDay(day);
      await this.supersede();
      this.queue = bins.toAsk();
      const [oldest, newest] = [this.queue.at(0), this.queue.at(-1)];
      if (bins.only !== undefined && oldest && newest) await bins.coverage.include({ start: oldest.start, end: newest.end });
    });
  }

  /** Whether the workspace had an answer for the rule before: until then one bin is asked for at a time. */
  get hasSource(): boolean {
    return this.bins.coverage?.hasSource === true;
  }

  get hasNext(): boolean {
    return this.queue.length > 0 && this.mayBegin();
  }

  /** The next due bin, which is to be worked on; undefined where there is none, or none may be begun. */
  next(): Bin | undefined {
    const [bin] = this.queue;
    return bin !== undefined && this.mayBegin() && this.claim(bin) ? bin : undefined;
  }

  isQueued(bin: Bin): boolean {
    return this.queue.some((each) => isSameBin(each, bin));
  }

  queued(): readonly Bin[] {
    return this.queue;
  }

  /** Takes the bin out of those that are due, to be worked on. False where it is not among them. */
  claim(bin: Bin): boolean {
    if (!this.isQueued(bin)) return false;
    this.queue = this.queue.filter((each) => !isSameBin(each, bin));
    this.unfinished.add(binKey(bin));
    return true;
  }

  /** Adds the shifted bins that the work on the rule's own made due: it took back an incident for which a pair had been left. */
  requeue(): void {
    const { bins } = this;
    if (bins.coverage === undefined) return;
    const isOpen = (bin: Bin): boolean => this.isQueued(bin) || bins.hasLetGo(bin);
    const hasFailed = (bin: Bin): boolean => this.tally.failures.some((failure) => isSameBin(failure.bin, bin));
    this.queue = bins.due().filter((bin) => isOpen(bin) && !hasFailed(bin) && !this.unfinished.has(binKey(bin)));
  }

  /** Whether one of the rule's own bins under a shifted one is being worked on: an incident of it may not be recorded yet. */
  isBesideWork(bin: Bin): boolean {
    const { own, adjoining } = this;
    return adjoining?.binsUnder(bin).some((under) => own?.unfinished.has(binKey(under))) === true;
  }

  /** Records and publishes what became of a bin that was claimed. */
  async work(bin: Bin, startedAt: Instant, outcome: BinOutcome): Promise<void> {
    const { coverage } = this.bins;
    if (coverage === undefined) return;
    await this.guarded(async () => {
      let isFinished = true;
      try {
        isFinished = await this.settleBin(bin, startedAt, outcome, coverage);
      } catch (error) {
        if (isOfLedger(error)) throw error;
        const reason = describeUnexpected(error);
        await recordFailure(this.commit, bin, startedAt, { kind: 'failed', code: 'unexpected-error', reason, range: bin });
      }
      if (isFinished) this.unfinished.delete(binKey(bin));
    });
  }

  async end(): Promise<void> {
    await this.guarded(async () => {
      await this.supersede();
      // What is settled is looked at no more, so no incident of another width may be left there.
      if (await this.retireOthers()) await this.bins.coverage?.settle(this.cycle.now, (bin) => this.bins.maySettle(bin), this.isFormer);
    });
  }

  state(): LaneState {
    const { cycle, program, ledger, bins, tally, noSource, problems } = this;
    return {
      grid: program.grid,
      ledger,
      coverage: bins.coverage,
      scope: this.isFormer ? [] : bins.scope,
      now: cycle.now,
      tally,
      left: this.queue.length + this.unfinished.size,
      noSource,
      unreachable: this.ledgerUnreachable ?? cycle.hub.unreachable,
      problems,
    };
  }

  /** Resolves to whether nothing of the bin is left for this cycle. */
  private async settleBin(bin: Bin, startedAt: Instant, outcome: BinOutcome, coverage: Coverage): Promise<boolean> {
    switch (outcome.kind) {
      case 'whole': {
        const hadWaited = coverage.awaitsSource;
        await coverage.answered();
        const isFinished = await commitEvaluation(this.commit, bin, startedAt, this.findingOf(outcome));
        if (hadWaited && this.bins.only === undefined) this.queue = this.bins.due().filter((other) => !isSameBin(other, bin));
        return isFinished;
      }
      case 'no-source':
        if (this.own === undefined && (await coverage.hadNoSource(startedAt))) {
          this.tally.withoutSource += 1;
          this.noSource = outcome.reason;
          this.queue = [];
        } else {
          await recordFailure(this.commit, bin, startedAt, { kind: 'failed', code: 'no-source', reason: outcome.reason, range: bin });
        }
        return true;
      case 'failed':
        await recordFailure(this.commit, bin, startedAt, outcome);
        return true;
    }
  }

  private findingOf({ drafts, tables }: BinOutcome & { readonly kind: 'whole' }): Finding {
    const found = { ruleHash: this.program.hash, tables };
    return this.adjoining === undefined ? { ...found, drafts } : { ...found, ...this.adjoining.part(drafts) };
  }

  /** From the ledger alone: takes back what the rule has incidents for by now, whatever the state of the bins. */
  private async supersede(): Promise<void> {
    const { adjoining } = this;
    if (adjoining === undefined) return;
    for (const { bin, record } of [...this.ledger.allRecorded()]) {
      const isSuperseded = Object.values(record.incidents).some(
        ({ status, identity }) => status === 'active' && adjoining.standsFor(identity),
      );
      if (isSuperseded && this.mayGoOn()) await supersedeBin(this.commit, bin, (identity) => adjoining.standsFor(identity));
    }
  }

  /** Takes back what was found in bins that the rule has no more. Resolves to whether none is left. */
  private async retireOthers(): Promise<boolean> {
    let isDone = true;
    for (const bin of await this.bins.gone()) isDone = this.mayBegin() && (await retireBin(this.commit, bin)) && isDone;
    return isDone;
  }

  mayBegin(): boolean {
    const { clock, deadline, halt } = this.cycle;
    return this.mayGoOn() && halt?.aborted !== true && (deadline === undefined || clock.now() < deadline);
  }

  /** Whether another write or message may be begun. */
  private mayGoOn(): boolean {
    const { signal, stop, hub } = this.cycle;
    return !this.stopped && signal?.aborted !== true && stop?.aborted !== true && hub.unreachable === undefined;
  }

  /** Does a part of the lane's work; where it cannot go on, the lane stops and says why. */
  private async guarded(work: () => Promise<void>): Promise<void> {
    if (this.stopped || this.cycle.stop?.aborted === true) return;
    try {
      await work();
    } catch (error) {
      this.stopped = true;
      if (error instanceof PortUnavailable) this.ledgerUnreachable ??= error.message;
      else if (error instanceof LedgerUnreadable) this.problems.push(error.message);
      else this.problems.push(describeUnexpected(error));
    }
  }
}

function isSameBin(left: Bin, right: Bin): boolean {
  return left.start === right.start && left.end === right.end;
}

/** Whether an error is the ledger's; any other one is a bin's own failure. The hub and the row source keep theirs to themselves. */
function isOfLedger(error: unknown): boolean {
  return error instanceof PortUnavailable || error instanceof LedgerUnreadable;
}
