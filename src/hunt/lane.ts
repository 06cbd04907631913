import type { IncidentDraft } from '../incident/incident';
import { addTicks, type Instant } from '../value/instant';
import { binAt, binKey, isOnGrid, type Bin } from './bins';
import { commitEvaluation, isRetired, recordFailure, retireBin, type CommitContext } from './commit';
import { LedgerUnreadable } from './compare-and-swap';
import { Coverage } from './coverage';
import type { CycleContext } from './cycle-context';
import { dueBins } from './due';
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
  private coverage: Coverage | undefined;
  private first: Instant;
  private queue: readonly Bin[] = [];
  /** Bins whose last portion was not written. */
  private unfinished = 0;
  private noSource: string | undefined;
  private ledgerUnreachable: string | undefined;
  private stopped = false;

  constructor(cycle: CycleContext, workspaceId: string, program: RuleProgram) {
    const { clock, source, pool, signal, now, hub, deadLetters } = cycle;
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
    this.first = now;
  }

  /** Reads the ledger, publishes what is pending, and decides what is due. */
  async begin(): Promise<void> {
    await this.guarded(async () => {
      const { cycle, program, ledger } = this;
      const coverage = await Coverage.open(ledger, program.grid, cycle.startAt, cycle.now);
      const isTrial = cycle.dryRun && coverage.isNew;
      this.first = isTrial ? this.lastClosed().start : coverage.first;
      await ledger.readDays(this.first, cycle.now);
      this.coverage = coverage;
      for (const day of ledger.pendingDays()) await this.outbox.publishDay(day);
      this.queue = isTrial ? [binAt(program.grid, cycle.now), this.lastClosed()] : this.toAsk(coverage);
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
      first: this.first,
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
        return hadWaited ? this.due(coverage).filter((other) => binKey(other) !== binKey(bin)) : rest;
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
    const due = dueBins({ grid, monotone, first: coverage.first, now: this.cycle.now, recorded: (bin) => ledger.recorded(bin) });
    return due.filter((bin) => !ledger.isUnreadable(bin));
  }

  /** All due bins; without a source the newest one, if it is time to ask again. */
  private toAsk(coverage: Coverage): readonly Bin[] {
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
    const isReplaced = (bin: Bin): boolean => bin.start >= this.first && !isOnGrid(this.program.grid, bin);
    const others = [...this.ledger.allRecorded()].filter(({ bin, record }) => isReplaced(bin) && !isRetired(record));
    for (const { bin } of others) if (this.mayBegin()) await retireBin(this.commit, bin);
  }

  private lastClosed(): Bin {
    const { grid } = this.program;
    return binAt(grid, addTicks(binAt(grid, this.cycle.now).start, -grid.width));
  }

  private mayBegin(): boolean {
    const { clock, deadline, signal, hub } = this.cycle;
    if (this.stopped || signal?.aborted === true || hub.unreachable !== undefined) return false;
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
