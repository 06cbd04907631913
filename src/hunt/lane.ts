import type { IncidentDraft } from '../incident/incident';
import { addTicks, type Instant, type TimeRange } from '../value/instant';
import { binAt, binKey, binsIn, isOnGrid, type Bin } from './bins';
import { commitEvaluation, isRetired, recordFailure, retireBin, type CommitContext } from './commit';
import { LedgerUnreadable } from './compare-and-swap';
import { Coverage } from './coverage';
import type { CycleContext } from './cycle-context';
import { dueBins, isDue, isOutdated } from './due';
import { evaluateBin, type BinOutcome, type EvaluationContext } from './evaluate-bin';
import { laneReport } from './lane-report';
import { RuleLedger } from './ledger';
import { Outbox } from './outbox';
import { PortUnavailable } from './ports';
import type { RuleProgram } from './rule-program';
import type { RuleReport } from './summary';
import { Tally } from './tally';
import { describeUnexpected } from './unexpected';

/** One workspace and rule through one cycle: begin, then a bin a turn, then end. None of them rejects: what goes wrong is in the report. */
export class Lane {
  private readonly cycle: CycleContext;
  private readonly program: RuleProgram;
  private readonly workspaceId: string;
  private readonly ledger: RuleLedger;
  private readonly outbox: Outbox;
  private readonly tally = new Tally();
  private readonly evaluation: EvaluationContext;
  private readonly commit: CommitContext;
  private readonly beganAt: Instant;
  private readonly problems: string[] = [];
  private readonly only: TimeRange | undefined;
  private coverage: Coverage | undefined;
  /** The time whose bins this cycle looks at, in order. */
  private scope: readonly TimeRange[] = [];
  private queue: readonly Bin[] = [];
  /** Bins whose last portion was not written. */
  private unfinished = 0;
  private noSource: string | undefined;
  private ledgerUnreachable: string | undefined;
  private stopped = false;

  constructor(cycle: CycleContext, workspaceId: string, program: RuleProgram) {
    const { clock, source, pool, signal, hub, deadLetters } = cycle;
    const { tally } = this;
    this.cycle = cycle;
    this.program = program;
    this.workspaceId = workspaceId;
    this.ledger = new RuleLedger(cycle.ledger, `${workspaceId}/${program.ledgerFolder}`);
    this.outbox = new Outbox({ ledger: this.ledger, hub, deadLetters, clock, workspaceId, ruleId: program.id, tally });
    this.evaluation = { source, pool, program, workspaceId, signal, onAnswer: (answer) => tally.answer(answer) };
    const excludes = (draft: IncidentDraft): boolean => cycle.excludes(workspaceId, program.id, draft);
    this.commit = { clock, ledger: this.ledger, outbox: this.outbox, program, workspaceId, excludes, tally };
    this.beganAt = clock.now();
    this.only = cycle.only?.(workspaceId, program);
  }

  /** Reads the ledger, publishes what is pending, and decides what is due. */
  async begin(): Promise<void> {
    await this.guarded(async () => {
      const { cycle, program, ledger } = this;
      const coverage = await Coverage.open(ledger, program.grid, cycle.startAt, cycle.now);
      this.scope = this.scopeOf(coverage);
      for (const range of this.scope) await ledger.readDays(range);
      this.coverage = coverage;
      for (const day of ledger.pendingDays()) await this.outbox.publishDay(day);
      this.queue = this.only === undefined ? this.toAsk(coverage) : this.outdated(this.only);
      const [oldest, newest] = [this.queue.at(0), this.queue.at(-1)];
      if (this.only !== undefined && oldest && newest) await coverage.include({ start: oldest.start, end: newest.end });
    });
  }

  /** Evaluates the next due bin. Resolves to false where there is none, or none may be begun. */
  async step(): Promise<boolean> {
    const { coverage } = this;
    const [bin, ...rest] = this.queue;
    if (coverage === undefined || bin === undefined || !this.mayBegin()) return false;
    await this.guarded(async () => {
      const startedAt = this.cycle.clock.now();
      try {
        const outcome = await evaluateBin(this.evaluation, bin, startedAt);
        this.queue = await this.settleBin(bin, startedAt, outcome, rest, coverage);
      } catch (error) {
        if (isOfLedger(error)) throw error;
        await recordFailure(this.commit, bin, startedAt, {
          kind: 'failed',
          code: 'unexpected-error',
          reason: describeUnexpected(error),
          range: bin,
        });
        this.queue = rest;
      }
    });
    return !this.stopped;
  }

  async end(): Promise<RuleReport> {
    const { cycle, program, workspaceId, ledger, tally } = this;
    await this.guarded(async () => {
      await this.retireOtherGrids();
      await this.coverage?.settle(cycle.now);
    });
    return laneReport({
      program,
      workspaceId,
      ledger,
      coverage: this.coverage,
      scope: this.scope,
      now: cycle.now,
      beganAt: this.beganAt,
      endedAt: cycle.clock.now(),
      tally,
      left: this.queue.length + this.unfinished,
      noSource: this.noSource,
      unreachable: this.ledgerUnreachable ?? cycle.hub.unreachable,
      problems: this.problems,
    });
  }

  /** Resolves to the bins that are due after this one. */
  private async settleBin(
    bin: Bin,
    startedAt: Instant,
    outcome: BinOutcome,
    rest: readonly Bin[],
    coverage: Coverage,
  ): Promise<readonly Bin[]> {
    switch (outcome.kind) {
      case 'whole': {
        const hadWaited = coverage.awaitsSource;
        await coverage.answered();
        const finding = { ruleHash: this.program.hash, drafts: outcome.drafts, tables: outcome.tables };
        const isFinished = await commitEvaluation(this.commit, bin, startedAt, finding);
        if (!isFinished) this.unfinished += 1;
        return hadWaited && this.only === undefined ? this.due(coverage).filter((other) => binKey(other) !== binKey(bin)) : rest;
      }
      case 'no-source':
        if (await coverage.hadNoSource(startedAt)) {
          this.tally.withoutSource += 1;
          this.noSource = outcome.reason;
          return [];
        }
        await recordFailure(this.commit, bin, startedAt, { kind: 'failed', code: 'no-source', reason: outcome.reason, range: bin });
        return rest;
      case 'failed':
        await recordFailure(this.commit, bin, startedAt, outcome);
        return rest;
    }
  }

  private due(coverage: Coverage): readonly Bin[] {
    const { ledger, program } = this;
    const { grid, monotone } = program;
    const { now } = this.cycle;
    const recent = dueBins({ grid, monotone, first: coverage.first, now, recorded: (bin) => ledger.recorded(bin) });
    const older = coverage.unsettled.flatMap((range) => [...binsIn(grid, range)]);
    const due = [...recent, ...older.filter((bin) => bin.end <= coverage.first && isDue(bin, ledger.recorded(bin), monotone, now))];
    return due.filter((bin) => !ledger.isUnreadable(bin));
  }

  /** The closed bins of a range that are not up to date, oldest first, also those that would wait for their next try. */
  private outdated(range: TimeRange): readonly Bin[] {
    const { ledger, program } = this;
    const bins = [...binsIn(program.grid, range)].filter((bin) => !ledger.isUnreadable(bin));
    return bins.filter((bin) => isOutdated(bin, ledger.recorded(bin), program, this.cycle.now));
  }

  private scopeOf(coverage: Coverage): readonly TimeRange[] {
    const { cycle, program } = this;
    if (this.only !== undefined) return [this.only];
    if (cycle.dryRun && coverage.isNew) return [{ start: this.lastClosed().start, end: binAt(program.grid, cycle.now).end }];
    return coverage.scope(cycle.now);
  }

  /** All due bins; without a source the newest one, if it is time to ask again. */
  private toAsk(coverage: Coverage): readonly Bin[] {
    if (this.cycle.dryRun && coverage.isNew) return [binAt(this.program.grid, this.cycle.now), this.lastClosed()];
    const due = this.due(coverage);
    if (!coverage.awaitsSource) return due;
    const newest = due.reduce<Bin | undefined>(
      (latest, bin) => (latest === undefined || bin.start > latest.start ? bin : latest),
      undefined,
    );
    return newest !== undefined && coverage.mayAsk(this.cycle.now) ? [newest] : [];
  }

  /** Bins from before the oldest that can be due are settled under their old width: nothing would evaluate their time again. */
  private async retireOtherGrids(): Promise<void> {
    const { now } = this.cycle;
    const isLookedAt = (bin: Bin): boolean =>
      this.scope.some(({ start, end }) => bin.start >= start && (bin.end <= end || (end > now && bin.start < end)));
    const isReplaced = (bin: Bin): boolean => isLookedAt(bin) && !isOnGrid(this.program.grid, bin);
    const others = [...this.ledger.allRecorded()].filter(({ bin, record }) => isReplaced(bin) && !isRetired(record));
    for (const { bin } of others) if (this.mayBegin()) await retireBin(this.commit, bin);
  }

  private lastClosed(): Bin {
    const { grid } = this.program;
    return binAt(grid, addTicks(binAt(grid, this.cycle.now).start, -grid.width));
  }

  private mayBegin(): boolean {
    const { clock, deadline, signal, halt, hub } = this.cycle;
    if (this.stopped || signal?.aborted === true || halt?.aborted === true || hub.unreachable !== undefined) return false;
    return deadline === undefined || clock.now() < deadline;
  }

  /** Does a part of the lane's work; where it cannot go on, the lane stops and says why. */
  private async guarded(work: () => Promise<void>): Promise<void> {
    if (this.stopped) return;
    try {
      await work();
    } catch (error) {
      this.stopped = true;
      if (error instanceof PortUnavailable) this.ledgerUnreachable = error.message;
      else if (error instanceof LedgerUnreadable) this.problems.push(error.message);
      else this.problems.push(describeUnexpected(error));
    }
  }
}

/** Whether an error is the ledger's; any other one is a bin's own failure. The hub and the row source keep theirs to themselves. */
function isOfLedger(error: unknown): boolean {
  return error instanceof PortUnavailable || error instanceof LedgerUnreadable;
}
