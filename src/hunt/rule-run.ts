import type { Instant } from '../value/instant';
import type { Bin } from './bins';
import type { CycleContext } from './cycle-context';
import { evaluateBin, evaluateRows, type BinRows } from './evaluate-bin';
import { Lane } from './lane';
import { ruleReport } from './lane-report';
import { RowShelf } from './row-shelf';
import { formerlyShiftedProgram, shiftedProgram } from './shifted-program';
import type { RuleProgram } from './rule-program';
import type { RuleReport } from './summary';

/**
 * One workspace and rule through one cycle: its own bins first, then the shifted ones, where it finds split pairs. A shifted bin whose rows
 * the own bins under it had in this cycle is evaluated at once, without a pull. Does not reject.
 */
export class RuleRun {
  private readonly cycle: CycleContext;
  private readonly workspaceId: string;
  private readonly program: RuleProgram;
  private readonly own: Lane;
  private readonly beganAt: Instant;
  private readonly split: { readonly lane: Lane; readonly shelf: RowShelf } | undefined;
  /** Of pairs that an earlier plan found. */
  private readonly former: Lane | undefined;
  private splitBegun: Promise<void> | undefined;
  private endedAt: Instant | undefined;

  constructor(cycle: CycleContext, workspaceId: string, program: RuleProgram) {
    this.cycle = cycle;
    this.workspaceId = workspaceId;
    this.program = program;
    this.beganAt = cycle.clock.now();
    this.own = new Lane(cycle, workspaceId, program);
    const shifted = shiftedProgram(program);
    this.split = shifted && {
      lane: new Lane(cycle, workspaceId, shifted, { own: this.own, finds: true }),
      shelf: new RowShelf(cycle.pool, shifted.grid),
    };
    const former = formerlyShiftedProgram(program);
    this.former = former && new Lane(cycle, workspaceId, former, { own: this.own, finds: false });
  }

  async run(): Promise<void> {
    await this.work();
    this.endedAt = this.cycle.clock.now();
  }

  private async work(): Promise<void> {
    const { own, split, former } = this;
    await own.begin();
    await former?.begin();
    await this.beginSplit();
    await this.drain(own);
    split?.shelf.clear();
    split?.lane.requeue();
    if (split !== undefined) await this.drain(split.lane);
    await own.end();
    await (split?.lane ?? former)?.end();
  }

  /** How it stands now, also where `run` is not over. */
  report(): RuleReport {
    const { cycle, program, workspaceId, own, split, former, beganAt, endedAt = cycle.clock.now() } = this;
    const lanes = [own, split?.lane, former].flatMap((lane) => lane ?? []);
    return ruleReport(
      { program, workspaceId, beganAt, endedAt, isOver: this.endedAt !== undefined },
      lanes.map((lane) => lane.state()),
    );
  }

  /** The shifted bins begin half a bin after the rule's own, so these come first: no sooner than there is a source at all. */
  private async beginSplit(): Promise<void> {
    if (this.own.hasSource) await (this.splitBegun ??= this.split?.lane.begin());
  }

  /** Works on the due bins of a lane, several side by side; until there was an answer, one. */
  private async drain(lane: Lane): Promise<void> {
    while (lane.hasNext) {
      const { hasSource } = lane;
      const width = hasSource ? this.cycle.binsAtOnce : 1;
      await Promise.all(Array.from({ length: width }, () => this.workOn(lane, hasSource)));
    }
  }

  private async workOn(lane: Lane, hadSource: boolean): Promise<void> {
    while (lane.hasNext && lane.hasSource === hadSource) {
      const endTurn = await this.cycle.turns.take(this);
      const bin = lane.next();
      const startedAt = this.cycle.clock.now();
      const keep = (rows: BinRows): void => {
        if (bin !== undefined && lane === this.own) this.shelve(bin, rows, startedAt);
      };
      const outcome = bin && (await evaluateBin(lane.evaluation, bin, startedAt, keep));
      endTurn();
      if (bin === undefined || outcome === undefined) return;
      await lane.work(bin, startedAt, outcome);
      if (lane !== this.own) continue;
      await this.beginSplit();
      await this.workShelved();
    }
  }

  private shelve(bin: Bin, rows: BinRows, startedAt: Instant): void {
    const { split } = this;
    split?.shelf.put(bin, rows, startedAt, (shifted) => this.splitBegun === undefined || split.lane.isQueued(shifted));
  }

  /** Evaluates the shifted bins whose rows are all there, once it is recorded what the rule's own bins came to. */
  private async workShelved(): Promise<void> {
    const { lane, shelf } = this.split ?? {};
    if (lane === undefined || shelf === undefined) return;
    for (const bin of lane.queued()) {
      if (!shelf.has(bin) || lane.isBesideWork(bin) || !lane.mayBegin() || !lane.claim(bin)) continue;
      const shelved = shelf.take(bin);
      if (shelved === undefined) continue;
      const { startedAt, rows } = shelved;
      await lane.work(bin, startedAt, await evaluateRows(lane.evaluation, bin, startedAt, rows));
    }
  }
}
