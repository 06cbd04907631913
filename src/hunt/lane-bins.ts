import { addTicks, TICKS_PER_DAY, type Instant, type TimeRange } from '../value/instant';
import type { Adjoining } from './adjoining';
import { binAt, binsIn, isOnGrid, wholeBins, type Bin } from './bins';
import { isRetired } from './commit';
import { Coverage } from './coverage';
import type { CycleContext } from './cycle-context';
import { dueBins, isDue, isOutdated } from './due';
import type { RuleLedger } from './ledger';
import { EMPTY_BIN, type BinRecord } from './ledger-record';
import type { RuleProgram } from './rule-program';

/** Days of the ledger that are read side by side. */
const DAYS_AT_ONCE = 8;

export interface LaneBinsOptions {
  readonly cycle: CycleContext;
  readonly program: RuleProgram;
  readonly ledger: RuleLedger;
  /** The range that was asked for, where not all that is due is looked at. */
  readonly only: TimeRange | undefined;
  /** For shifted bins: the rule's own, and what stands in them. */
  readonly beside?: { readonly own: LaneBins; readonly adjoining: Adjoining };
  /** Of a rule that finds no split pairs any more: none is due. */
  readonly isFormer: boolean;
}

/** Which bins of one grid of a workspace and rule a cycle looks at, and what is to be done with each: by the ledger as it was read, and the time. */
export class LaneBins {
  readonly only: TimeRange | undefined;
  private readonly cycle: CycleContext;
  private readonly program: RuleProgram;
  private readonly ledger: RuleLedger;
  private readonly beside: LaneBinsOptions['beside'];
  private readonly isFormer: boolean;
  private opened: Coverage | undefined;
  private lookedAt: readonly TimeRange[] = [];

  constructor({ cycle, program, ledger, only, beside, isFormer }: LaneBinsOptions) {
    this.cycle = cycle;
    this.program = program;
    this.ledger = ledger;
    this.only = only;
    this.beside = beside;
    this.isFormer = isFormer;
  }

  /** Reads the head and the days of the ledger that this cycle looks at. Rejects with PortUnavailable and LedgerUnreadable. */
  async open(): Promise<void> {
    const { ledger, beside, program } = this;
    const coverage = await this.openCoverage();
    if (coverage === undefined) return;
    this.lookedAt = this.scopeOf(coverage);
    for (const range of this.lookedAt) {
      const bins = wholeBins(program.grid, range);
      await ledger.readDays(bins, DAYS_AT_ONCE);
      await beside?.own.readUnder(bins);
    }
    this.opened = coverage;
  }

  /** Undefined until it is open, and where there is nothing to be looked at. */
  get coverage(): Coverage | undefined {
    return this.opened;
  }

  /** The time whose bins this cycle looks at, in order. */
  get scope(): readonly TimeRange[] {
    return this.lookedAt;
  }

  /** The bins that are to be evaluated, oldest first. */
  due(): readonly Bin[] {
    if (this.only !== undefined) return this.outdated(this.only);
    const { opened } = this;
    if (this.isFormer || opened === undefined) return [];
    const { grid, monotone } = this.program;
    const { now } = this.cycle;
    const recent = dueBins({ grid, monotone, first: opened.first, now, recorded: (bin) => this.recorded(bin) });
    const older = opened.unsettled.flatMap((range) => [...binsIn(grid, range)]);
    const due = [...recent, ...older.filter((bin) => bin.end <= opened.first && isDue(bin, this.recorded(bin), monotone, now))];
    return due.filter((bin) => !this.isHidden(bin));
  }

  /** As `due`; without a source the newest one, if it is time to ask again. */
  toAsk(): readonly Bin[] {
    const { opened } = this;
    if (this.only !== undefined || opened === undefined) return this.due();
    if (this.isTrial(opened)) return [binAt(this.program.grid, this.cycle.now), this.lastClosed()];
    const due = this.due();
    if (!opened.awaitsSource) return due;
    const newest = due.reduce<Bin | undefined>(
      (latest, bin) => (latest === undefined || bin.start > latest.start ? bin : latest),
      undefined,
    );
    return newest !== undefined && opened.mayAsk(this.cycle.now) ? [newest] : [];
  }

  /** The record by which it is decided whether a bin is due. */
  asDue(bin: Bin, record: BinRecord): BinRecord {
    return this.beside?.adjoining.hasLetGo(bin, record) === true ? { ...record, evaluatedAt: undefined } : record;
  }

  /** Whether a pair was left in the bin to an incident of the rule that is gone. */
  hasLetGo(bin: Bin): boolean {
    return this.beside?.adjoining.hasLetGo(bin, this.ledger.recorded(bin) ?? EMPTY_BIN) === true;
  }

  /** A shifted bin is settled after the rule's own bins under it: until then these can take its incidents' place, or give it back. */
  maySettle(bin: Bin): boolean {
    const { beside } = this;
    if (beside === undefined) return true;
    return !this.hasLetGo(bin) && beside.adjoining.binsUnder(bin).every((under) => beside.own.coverage?.isSettled(under) === true);
  }

  /**
   * The bins in which something stands and that the rule has no more. Those from before the oldest that can be due are not among them: they are
   * settled under their old width, for nothing would evaluate their time again. Rejects as `open`.
   */
  async gone(): Promise<readonly Bin[]> {
    const { now } = this.cycle;
    const isLookedAt = (bin: Bin): boolean =>
      this.scope.some(({ start, end }) => bin.start >= start && (bin.end <= end || (end > now && bin.start < end)));
    const isAcross = await this.acrossTheBeginning();
    const isGone = (bin: Bin): boolean => this.isFormer || !isOnGrid(this.program.grid, bin);
    return [...this.ledger.allRecorded()]
      .filter(({ bin }) => (isLookedAt(bin) || isAcross(bin)) && isGone(bin))
      .filter(({ record, revisionFloor }) => !isRetired(record, revisionFloor))
      .map(({ bin }) => bin);
  }

  private openCoverage(): Promise<Coverage | undefined> {
    const { cycle, program, ledger, beside, only } = this;
    if (beside === undefined) return Coverage.open(ledger, program.grid, cycle.startAt, cycle.now);
    if (this.isFormer) return only === undefined ? Coverage.read(ledger, program.grid, undefined) : Promise.resolve(undefined);
    const { shift } = program.grid;
    const { first, coverage } = beside.own;
    return Coverage.openFrom(ledger, program.grid, addTicks(first, shift), cycle.now, addTicks(coverage?.start ?? first, shift));
  }

  /** Start of the oldest bin that is due in the common course of things. */
  private get first(): Instant {
    return this.opened === undefined || this.isTrial(this.opened) ? this.lastClosed().start : this.opened.first;
  }

  /** The first cycle of a dry run looks at two bins only. */
  private isTrial(coverage: Coverage): boolean {
    return this.cycle.dryRun && coverage.isNew && this.beside === undefined;
  }

  /** Reads the days of own bins under shifted ones that are not read yet. */
  private async readUnder(range: TimeRange): Promise<void> {
    await this.ledger.readMissingDays(wholeBins(this.program.grid, range), DAYS_AT_ONCE);
  }

  private scopeOf(coverage: Coverage): readonly TimeRange[] {
    const { only, beside, program, cycle } = this;
    if (only !== undefined && beside === undefined) return [only];
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
    const { beside, program } = this;
    const isCovered = (bin: Bin): boolean =>
      beside === undefined || beside.adjoining.binsUnder(bin).every((under) => beside.own.coverage?.covers(under) === true);
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
    const { beside, ledger } = this;
    return ledger.isUnreadable(bin) || beside?.adjoining.binsUnder(bin).some((under) => beside.own.ledger.isUnreadable(under)) === true;
  }

  private recorded(bin: Bin): BinRecord | undefined {
    const record = this.ledger.recorded(bin);
    return record && this.asDue(bin, record);
  }

  /**
   * Which bins lie across the beginning of what is covered, as long as none of it is settled: a rule of another width that was deployed for
   * a while covered a little more.
   */
  private async acrossTheBeginning(): Promise<(bin: Bin) => boolean> {
    const { opened, ledger, only } = this;
    if (opened === undefined || opened.settledThrough !== undefined || only !== undefined) return () => false;
    const begin = opened.start;
    await ledger.readDays({ start: addTicks(begin, -TICKS_PER_DAY), end: begin });
    return (bin) => bin.start < begin && bin.end > begin;
  }

  private lastClosed(): Bin {
    const { grid } = this.program;
    return binAt(grid, addTicks(binAt(grid, this.cycle.now).start, -grid.width));
  }
}
