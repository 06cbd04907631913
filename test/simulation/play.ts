import { addTicks, TICKS_PER_DAY, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import { backfillOf, restoreOf } from './commands';
import { isBetweenAudits, lullBefore, quietTicks } from './generate';
import { afterCalm } from './calm';
import { miscounted } from './counted';
import { pairsBeside } from './calm-pairs';
import { planChanges, type Command, type History, type Run, type Tick } from './history';
import { Instance, type Main, type Tamper } from './instance';
import { Random } from './random';
import { deployedAt, planOf, ruleNames, shiftOf, type RuleName, type SimulatedPlan } from './rules';
import { Scheduler } from './scheduler';
import { storedBins, storedHead, type LedgerBin } from './stored-ledger';
import { Watch } from './watch';
import { World } from './world';

export interface Outcome {
  readonly history: History;
  readonly world: World;
  readonly workspaceIds: readonly string[];
  /** In the order in which they began. */
  readonly instances: readonly Pick<
    Instance,
    'plans' | 'workspaceIds' | 'startedAt' | 'skew' | 'endedAt' | 'report' | 'troubled' | 'until' | 'isCommand'
  >[];
  /** The bins after the last tick of the history itself; then when all are final; then at the end. */
  readonly inHistory: { readonly at: Instant; readonly bins: readonly LedgerBin[] };
  readonly whenFinal: readonly LedgerBin[];
  readonly atEnd: readonly LedgerBin[];
  /** Up to where each rule in each workspace was settled before a plan that came after the audit. */
  readonly settled: ReadonlyMap<string, Instant>;
  /** In the order in which they began. */
  readonly backfills: readonly PlayedBackfill[];
  /** What was seen to be wrong on the way. */
  readonly broken: readonly string[];
}

export interface PlayedBackfill {
  readonly command: Command & { readonly kind: 'backfill' };
  /** By its own clock, and in truth. */
  readonly startedAt: Instant;
  readonly beganAt: Instant;
  readonly plans: readonly SimulatedPlan[];
  /** The command itself, or the one that did not come to its end before. */
  readonly again: Command;
  /** Nothing happened to it. */
  readonly isWhole: boolean;
}

/** Plays a history to its end. Rejects only for a fault of the simulator's own. */
export async function play(history: History, tamper?: Tamper): Promise<Outcome> {
  return new Player(history, tamper).play();
}

const QUIET: Run = { faults: [] };

/** Of the work: a rule's, some workspaces', up to an instant. */
interface Part {
  readonly rule: RuleName;
  readonly workspaceIds: readonly string[];
  readonly until: Instant | undefined;
}

class Player {
  private readonly history: History;
  private readonly world: World;
  private readonly tamper: Tamper | undefined;
  private readonly workspaceIds: readonly string[];
  private readonly scheduler = new Scheduler();
  private readonly instances: Instance[] = [];
  private readonly broken: string[] = [];
  private readonly watch: Watch;
  private readonly backfills: PlayedBackfill[] = [];

  constructor(history: History, tamper: Tamper | undefined) {
    this.history = history;
    this.world = new World(history);
    this.watch = new Watch(this.world);
    this.tamper = tamper;
    const workspaces = new Set(history.rows.map(({ workspace }) => workspace));
    this.workspaceIds = workspaces.size === 0 ? ['w1'] : [...workspaces].sort();
  }

  async play(): Promise<Outcome> {
    const { history, world, workspaceIds, instances, broken } = this;
    const quiet = quietTicks(history);
    const ticks = [...history.ticks, ...history.commands].sort((left, right) => Number(left.at - right.at));
    for (const tick of ticks.filter(({ at }) => at < quiet.final)) await this.event(tick);
    await this.holdsUntil(undefined);
    const inHistory = { at: world.now, bins: storedBins(world.ledger) };
    await this.commandsAgain(quiet.final);
    if (this.needsFinalTick()) await this.quietTick(quiet.final);
    const whenFinal = storedBins(world.ledger);
    const later = ticks.filter(({ at }) => at >= quiet.final);
    for (const lull of this.lulls()) {
      for (const tick of later.filter(({ at }) => at < lull)) await this.event(tick);
      later.splice(0, later.length, ...later.filter(({ at }) => at >= lull));
      await this.quietTick(lull);
    }
    for (const tick of later) await this.event(tick);
    await this.holdsUntil(undefined);
    await this.commandsAgain(addTicks(quiet.audit, -TICKS_PER_MINUTE));
    await this.quietTick(quiet.audit);
    const received = world.received.length;
    await this.quietTick(quiet.settled);
    if (world.received.length > received) broken.push('messages were sent after all was audited');
    const settled = this.settled();
    if (history.deployments.some(({ at }) => at > quiet.settled)) await this.quietTick(quiet.after);
    broken.push(...this.watch.found(), ...world.forbidden);
    return {
      history,
      world,
      workspaceIds,
      instances,
      inHistory,
      whenFinal,
      atEnd: storedBins(world.ledger),
      settled,
      backfills: this.backfills,
      broken,
    };
  }

  private lulls(): readonly Instant[] {
    const { deployments } = this.history;
    return deployments.filter(({ at }) => isBetweenAudits(this.history, at)).map(lullBefore);
  }

  private event(event: Tick | Command): Promise<void> {
    return 'kind' in event ? this.command(event) : this.tick(event);
  }

  /** `again`: the command that did not come to its end and is given once more. */
  private async command(command: Command, again: Command = command): Promise<void> {
    const { world } = this;
    await this.holdsUntil(command.at);
    world.passUntil(command.at, this.deployed(command.at));
    if (command.kind === 'damage') {
      world.damage(command.which);
      return;
    }
    const { run, beside } = command;
    world.hits.count(`command: ${command.kind}${beside.length > 0 ? ' beside a cycle' : ''}`);
    const mains = [command.kind === 'backfill' ? backfillOf(command) : restoreOf(world, command.forgotten), ...beside.map(() => undefined)];
    const first = this.instances.length;
    await this.together(new Random(1), [run, ...beside], {}, mains);
    const made = this.instances[first];
    if (command.kind !== 'backfill' || made === undefined) return;
    const isWhole = made.report !== undefined && !made.troubled && !made.hadBadPulls && beside.length === 0;
    if (!isWhole) world.hits.count('command: backfill that is interrupted');
    this.backfills.push({
      command,
      again,
      startedAt: made.startedAt,
      beganAt: addTicks(made.startedAt, -made.skew),
      plans: made.plans,
      isWhole,
    });
  }

  /** What was not done whole, by the same commands. */
  private async commandsAgain(at: Instant): Promise<void> {
    const { world } = this;
    const left = this.backfills.filter(
      ({ isWhole, command }, index) => !isWhole && !this.backfills.slice(index + 1).some(({ again }) => again === command),
    );
    if (left.length === 0 && world.damaged.size === 0) return;
    world.passUntil(at, this.deployed(at));
    for (const { command } of left) await this.command({ ...command, run: QUIET, beside: [], at: world.now }, command);
    if (world.damaged.size > 0) await this.command({ kind: 'restore', at: world.now, forgotten: 0, run: QUIET, beside: [] });
  }

  private async tick({ at, fate, seed, runs }: Tick): Promise<void> {
    await this.holdsUntil(at);
    this.world.passUntil(at, this.deployed(at));
    if (fate !== 'held') this.world.hits.count(`tick: ${fate}`);
    const random = new Random(seed);
    if (fate !== 'doubled') return this.together(random, runs);
    for (const run of runs) await this.together(random, [run]);
  }

  /** Lets the instances that stand still go on, in order of time, up to an instant. */
  private async holdsUntil(last: Instant | undefined): Promise<void> {
    for (;;) {
      const held = this.instances.filter(({ heldUntil }) => heldUntil !== undefined && (last === undefined || heldUntil <= last));
      const [next] = held.sort((left, right) => Number((left.heldUntil ?? 0n) - (right.heldUntil ?? 0n)));
      if (next?.heldUntil === undefined) return;
      this.world.passUntil(next.heldUntil, this.deployed(next.heldUntil));
      next.awake();
      await this.scheduler.run(new Random(1));
      this.check();
    }
  }

  /**
   * Nothing goes wrong any more. Each rule runs on its own in each workspace, and, to be quick, only as far as the history goes; but one
   * whose bins were others once goes on to the end of a cycle, where their incidents are taken back; and so does one that finds split
   * pairs, where some of its bins were audited before, or pairs were not asked for: then the shifted ones need pulls of their own, after all others.
   */
  private async quietTick(at: Instant): Promise<void> {
    this.world.passUntil(at, this.deployed(at));
    const { start, ticks, deployments } = this.history;
    const hadAudits = ticks.some((tick) => tick.at >= addTicks(start, 7n * TICKS_PER_DAY)) || this.lulls().length > 0;
    for (const plan of this.deployed(at)) {
      const { rule } = plan;
      const takesBack = planChanges(deployments).some((each) => planOf(each.plan).rule === rule && /-[345]$/.test(each.plan));
      const isWhole =
        this.history.commands.length > 0 ||
        takesBack ||
        (shiftOf(plan) !== undefined && (hadAudits || deployments.some((each) => 'splitPairs' in each)));
      for (const workspace of this.workspaceIds) {
        await this.together(new Random(1), [QUIET], { rule, workspaceIds: [workspace], until: isWhole ? undefined : this.history.end });
      }
    }
  }

  private async together(
    random: Random,
    runs: readonly Run[],
    only: Partial<Part> = {},
    mains: readonly (Main | undefined)[] = [],
  ): Promise<void> {
    const { world, scheduler, tamper } = this;
    const { rule, workspaceIds = this.workspaceIds, until } = only;
    for (const [index, run] of runs.entries()) {
      const plans = this.deployed(world.now).filter((plan) => rule === undefined || plan.rule === rule);
      world.counter.clear();
      this.instances.push(Instance.begin({ world, scheduler, run, plans, workspaceIds, until, tamper, main: mains[index] }));
    }
    await scheduler.run(random);
    this.check(runs.length === 1 ? this.instances.at(-1) : undefined);
  }

  private deployed(now: Instant): readonly SimulatedPlan[] {
    return deployedAt(this.history.deployments, now);
  }

  private settled(): ReadonlyMap<string, Instant> {
    const lanes = this.workspaceIds.flatMap((workspace) => ruleNames.map((rule) => [workspace, rule] as const));
    return new Map(
      lanes.flatMap(([workspace, rule]) => {
        const { settledThrough } = storedHead(this.world.ledger, workspace, rule);
        return settledThrough === undefined ? [] : [[`${workspace}/${rule}`, settledThrough] as const];
      }),
    );
  }

  private needsFinalTick(): boolean {
    const { rows, conditions, deployments, end } = this.history;
    const quiet = quietTicks(this.history);
    const isLate = rows.some(({ at, arrives }) => arrives > addTicks(at, quiet.final - end));
    return isLate || conditions.some(({ kind }) => kind === 'retention') || deployments.some(({ at }) => at > quiet.final);
  }

  /** A cycle that ran alone and could reach everything counts what it did. */
  private counts({ report }: Instance): readonly string[] {
    const hasDamage = this.history.commands.some(({ kind }) => kind === 'damage');
    if (report === undefined || hasDamage || report.rules.some(({ unreachable }) => unreachable !== undefined)) return [];
    return report.rules.flatMap(({ summary }) => {
      const { workspaceId, ruleId } = summary;
      return miscounted(summary, this.world.counter.of(workspaceId, ruleId)).map((what) => `a cycle of ${ruleId} ${what}`);
    });
  }

  private check(alone?: Instance): void {
    for (const { report } of this.instances.slice(-2)) {
      const problems = (report?.rules ?? []).flatMap((rule) => rule.problems);
      const isKnown = (problem: string): boolean =>
        this.history.commands.some(({ kind }) => kind === 'damage') && problem.includes('cannot be read');
      this.broken.push(...problems.filter((problem) => !isKnown(problem)));
    }
    if (alone?.isCommand === true) return;
    if (alone !== undefined) this.broken.push(...this.counts(alone));
    if (alone !== undefined) this.broken.push(...pairsBeside(this.world, alone));
    if (alone?.troubled === false) this.broken.push(...afterCalm(this.world, alone));
  }
}
