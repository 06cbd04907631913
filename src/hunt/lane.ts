import type { IncidentDraft } from '../incident/incident';
import { addTicks, TICKS_PER_DAY, type Instant, type TimeRange } from '../value/instant';
import { Adjoining } from './adjoining';
import { binAt, binKey, binsIn, isOnGrid, wholeBins, type Bin } from './bins';
import { commitEvaluation, isRetired, recordFailure, retireBin, supersedeBin, type CommitContext } from './commit';
import { LedgerUnreadable } from './compare-and-swap';
import { Coverage } from './coverage';
import type { CycleContext } from './cycle-context';
import { dueBins, isDue, isOutdated } from './due';
import type { BinOutcome, EvaluationContext } from './evaluate-bin';
import type { LaneState } from './lane-report';
import { RuleLedger } from './ledger';
import { EMPTY_BIN, type BinRecord } from './ledger-record';
import { Outbox } from './outbox';
import { PortUnavailable } from './ports';
import type { Finding } from './reconcile';
import type { RuleProgram } from './rule-program';
import { Tally } from './tally';
import { describeUnexpected } from './unexpected';

/** Days of the ledger that are read side by side. */
const DAYS_AT_ONCE = 8;

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
  private coverage: Coverage | undefined;
  private readonly only: TimeRange | undefined;
  /** The time whose bins this cycle looks at, in order. */
  private scope: readonly TimeRange[] = [];
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
    const asDue: CommitContext['asDue'] = (bin, record) => this.asDue(bin, record);
    this.commit = { clock, ledger: this.ledger, outbox: this.outbox, program, workspaceId, excludes, tally, mayGoOn, asDue };
    this.only = own === undefined ? cycle.only?.(workspaceId, program) : own.only;
  }

  /** Reads the ledger, publishes what is pending, takes back what is superseded, and decides what is due. */
  async begin(): Promise<void> {
    await this.guarded(async () => {
      const { ledger, own } = this;
      const coverage = await this.openCoverage();
      if (coverage === undefined) return;
      this.scope = this.scopeOf(coverage);
      for (const range of this.scope) {
        const bins = wholeBins(this.program.grid, range);
        await ledger.readDays(bins, DAYS_AT_ONCE);
        await own?.readUnder(bins);
      }
      this.coverage = coverage;
      for (const day of ledger.pendingDays()) if (this.mayGoOn()) await this.outbox.publishDay(day);
      await this.supersede();
      this.queue = this.only === undefined ? this.toAsk(coverage) : this.outdated(this.only);
      const [oldest, newest] = [this.queue.at(0), this.queue.at(-1)];
      if (this.only !== undefined && oldest && newest) await coverage.include({ start: oldest.start, end: newest.end });
    });
  }

  /** Whether the workspace had an answer for the rule before: until then one bin is asked for at a time. */
  get hasSource(): boolean {
    return this.coverage?.hasSource === true;
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
    const { adjoining, coverage } = this;
    if (adjoining === undefined || coverage === undefined) return;
    const due = this.only === undefined ? this.due(coverage) : this.outdated(this.only);
    const isOpen = (bin: Bin): boolean => this.isQueued(bin) || adjoining.hasLetGo(bin, this.ledger.recorded(bin) ?? EMPTY_BIN);
    const hasFailed = (bin: Bin): boolean => this.tally.failures.some((failure) => isSameBin(failure.bin, bin));
    this.queue = due.filter((bin) => isOpen(bin) && !hasFailed(bin) && !this.unfinished.has(binKey(bin)));
  }

  /** Whether one of the rule's own bins under a shifted one is being worked on: an incident of it may not be recorded yet. */
  isBesideWork(bin: Bin): boolean {
    const { own, adjoining } = this;
    return adjoining?.binsUnder(bin).some((under) => own?.unfinished.has(binKey(under))) === true;
  }

  /** Records and publishes what became of a bin that was claimed. */
  async work(bin: Bin, startedAt: Instant, outcome: BinOutcome): Promise<void> {
    const { coverage } = this;
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
      if (await this.retireOthers()) await this.coverage?.settle(this.cycle.now, (bin) => this.maySettle(bin), this.isFormer);
    });
  }

  state(): LaneState {
    const { cycle, program, ledger, coverage, tally, noSource, problems } = this;
    const scope = this.isFormer ? [] : this.scope;
    return {
      grid: program.grid,
      ledger,
      coverage,
      scope,
      now: cycle.now,
      tally,
      left: this.queue.length + this.unfinished.size,
      noSource,
      unreachable: this.ledgerUnreachable ?? cycle.hub.unreachable,
      problems,
    };
  }

  /** Undefined where there is nothing to be looked at. */
  private async openCoverage(): Promise<Coverage | undefined> {
    const { cycle, program, ledger, own } = this;
    if (own === undefined) return Coverage.open(ledger, program.grid, cycle.startAt, cycle.now);
    if (this.isFormer) return this.only === undefined ? Coverage.read(ledger, program.grid, undefined) : undefined;
    const { shift } = program.grid;
    return Coverage.openFrom(
      ledger,
      program.grid,
      addTicks(own.first, shift),
      cycle.now,
      addTicks(own.coverage?.start ?? own.first, shift),
    );
  }

  /** Start of the oldest bin that is due in the common course of things. */
  private get first(): Instant {
    return this.coverage === undefined || this.isTrial(this.coverage) ? this.lastClosed().start : this.coverage.first;
  }

  /** The first cycle of a dry run looks at two bins only. */
  private isTrial(coverage: Coverage): boolean {
    return this.cycle.dryRun && coverage.isNew && this.own === undefined;
  }

  /** Reads the days of own bins under shifted ones that are not read yet. */
  private async readUnder(range: TimeRange): Promise<void> {
    await this.ledger.readMissingDays(wholeBins(this.program.grid, range), DAYS_AT_ONCE);
  }

  private scopeOf(coverage: Coverage): readonly TimeRange[] {
    const { only, own, program, cycle } = this;
    if (only !== undefined && own === undefined) return [only];
    if (only !== undefined) {
      const bins = this.binsOver(only).filter((bin) => bin.end <= cycle.now);
      const [first, last] = [bins.at(0), bins.at(-1)];
      return first === undefined || last === undefined ? [] : [{ start: first.start, end: last.end }];
    }
    if (this.isTrial(coverage)) return [{ start: this.lastClosed().start, end: binAt(program.grid, cycle.now).end }];
    return coverage.scope(cycle.now);
  }

  /** The bins that share time with a range; of shifted ones those under which all own bins are covered. */
  private binsOver(range: TimeRange): readonly Bin[] {
    const { own, adjoining, program } = this;
    const isCovered = (bin: Bin): boolean => adjoining?.binsUnder(bin).every((under) => own?.coverage?.covers(under) === true) !== false;
    return range.start < range.end ? [...binsIn(program.grid, range)].filter(isCovered) : [];
  }

  /** The closed bins of a range that are not up to date, oldest first, also those that would wait for their next try. */
  private outdated(range: TimeRange): readonly Bin[] {
    const { program, cycle } = this;
    const bins = this.binsOver(range).filter((bin) => !this.isHidden(bin));
    return bins.filter((bin) => isOutdated(bin, this.recorded(bin), program, cycle.now));
  }

  /** Whether its record cannot be read, or that of an own bin under it. */
  private isHidden(bin: Bin): boolean {
    const { own, adjoining, ledger } = this;
    return ledger.isUnreadable(bin) || adjoining?.binsUnder(bin).some((under) => own?.ledger.isUnreadable(under)) === true;
  }

  /** Resolves to whether nothing of the bin is left for this cycle. */
  private async settleBin(bin: Bin, startedAt: Instant, outcome: BinOutcome, coverage: Coverage): Promise<boolean> {
    switch (outcome.kind) {
      case 'whole': {
        const hadWaited = coverage.awaitsSource;
        await coverage.answered();
        const isFinished = await commitEvaluation(this.commit, bin, startedAt, this.findingOf(outcome));
        if (hadWaited && this.only === undefined) this.queue = this.due(coverage).filter((other) => !isSameBin(other, bin));
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

  private due(coverage: Coverage): readonly Bin[] {
    if (this.isFormer) return [];
    const { grid, monotone } = this.program;
    const { now } = this.cycle;
    const recent = dueBins({ grid, monotone, first: coverage.first, now, recorded: (bin) => this.recorded(bin) });
    const older = coverage.unsettled.flatMap((range) => [...binsIn(grid, range)]);
    const due = [...recent, ...older.filter((bin) => bin.end <= coverage.first && isDue(bin, this.recorded(bin), monotone, now))];
    return due.filter((bin) => !this.isHidden(bin));
  }

  private recorded(bin: Bin): BinRecord | undefined {
    const record = this.ledger.recorded(bin);
    return record && this.asDue(bin, record);
  }

  /** The record by which it is decided whether a bin is due. */
  private asDue(bin: Bin, record: BinRecord): BinRecord {
    return this.adjoining?.hasLetGo(bin, record) === true ? { ...record, evaluatedAt: undefined } : record;
  }

  /** All due bins; without a source the newest one, if it is time to ask again. */
  private toAsk(coverage: Coverage): readonly Bin[] {
    if (this.isTrial(coverage)) return [binAt(this.program.grid, this.cycle.now), this.lastClosed()];
    const due = this.due(coverage);
    if (!coverage.awaitsSource) return due;
    const newest = due.reduce<Bin | undefined>(
      (latest, bin) => (latest === undefined || bin.start > latest.start ? bin : latest),
      undefined,
    );
    return newest !== undefined && coverage.mayAsk(this.cycle.now) ? [newest] : [];
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

  /**
   * Takes back what was found in bins that the rule has no more. Bins from before the oldest that can be due are settled under their old width:
   * nothing would evaluate their time again. Resolves to whether none is left.
   */
  private async retireOthers(): Promise<boolean> {
    const { now } = this.cycle;
    const isLookedAt = (bin: Bin): boolean =>
      this.scope.some(({ start, end }) => bin.start >= start && (bin.end <= end || (end > now && bin.start < end)));
    const isAcross = await this.acrossTheBeginning();
    const isGone = (bin: Bin): boolean => this.isFormer || !isOnGrid(this.program.grid, bin);
    const isReplaced = (bin: Bin): boolean => (isLookedAt(bin) || isAcross(bin)) && isGone(bin);
    const others = [...this.ledger.allRecorded()].filter(
      ({ bin, record, revisionFloor }) => isReplaced(bin) && !isRetired(record, revisionFloor),
    );
    let isDone = true;
    for (const { bin } of others) isDone = this.mayBegin() && (await retireBin(this.commit, bin)) && isDone;
    return isDone;
  }

  /** A shifted bin is settled after the rule's own bins under it: until then these can take its incidents' place, or give it back. */
  private maySettle(bin: Bin): boolean {
    const { own, adjoining, ledger } = this;
    if (own === undefined || adjoining === undefined) return true;
    const hasLetGo = adjoining.hasLetGo(bin, ledger.recorded(bin) ?? EMPTY_BIN);
    return !hasLetGo && adjoining.binsUnder(bin).every((under) => own.coverage?.isSettled(under) === true);
  }

  /**
   * Which bins lie across the beginning of what is covered, as long as none of it is settled: a rule of another width that was deployed for
   * a while covered a little more.
   */
  private async acrossTheBeginning(): Promise<(bin: Bin) => boolean> {
    const { coverage, ledger, only } = this;
    if (coverage === undefined || coverage.settledThrough !== undefined || only !== undefined) return () => false;
    const begin = coverage.start;
    await ledger.readDays({ start: addTicks(begin, -TICKS_PER_DAY), end: begin });
    return (bin) => bin.start < begin && bin.end > begin;
  }

  private lastClosed(): Bin {
    const { grid } = this.program;
    return binAt(grid, addTicks(binAt(grid, this.cycle.now).start, -grid.width));
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
