import { runCycle, type CycleOptions, type CyclePorts } from '../../src/hunt/cycle';
import type { CycleReport } from '../../src/hunt/summary';
import { addTicks, formatInstant, TICKS_PER_SECOND, type Instant } from '../../src/value/instant';
import type { Fault, Operation, Run } from './history';
import { forgetLedger } from './ledger-memory';
import type { Random } from './random';
import { hostOf, type SimulatedPlan } from './rules';
import type { Player, Scheduler } from './scheduler';
import { simulatedPorts } from './simulated-ports';
import { splitFolder, storedDay, storedHead, type StoredBin } from './stored-ledger';
import type { Question, World } from './world';

/** What a defect changes: on the way between the program and the world, and in the plans that it runs. */
export interface Tamper {
  readonly ports?: ((ports: CyclePorts, world: World) => CyclePorts) | undefined;
  readonly plan?: ((plan: SimulatedPlan) => SimulatedPlan) | undefined;
}

export interface InstanceOptions {
  readonly world: World;
  readonly scheduler: Scheduler;
  readonly run: Run;
  readonly plans: readonly SimulatedPlan[];
  readonly workspaceIds: readonly string[];
  /** Where set, the cycle is ended before it begins a closed bin from there on, but for the last one that closed. */
  readonly until?: Instant | undefined;
  readonly tamper?: Tamper | undefined;
  /** What it does; default: a cycle of the function. */
  readonly main?: Main | undefined;
}

export interface Main {
  readonly isRestore: boolean;
  readonly run: (ports: CyclePorts, options: CycleOptions, instance: Instance) => Promise<CycleReport>;
}

/** A call to a port: which, and what it is called in the table of deaths. */
export interface Call {
  readonly on: Operation;
  readonly name: string;
}

/** A bin that an instance began to pull. */
export interface Begun {
  readonly workspace: string;
  readonly rule: string;
  readonly start: Instant;
  /** It is one of the bins that are shifted by half. */
  readonly isShifted: boolean;
  readonly at: Instant;
  /** Nothing was ever answered before: it asks whether there is a source at all. */
  readonly awaitsSource: boolean;
  /** It lies before what is looked at in the common course of things: it was backfilled, or its day restored. */
  readonly isOlder: boolean;
  /** What the ledger had of it then. */
  readonly record: StoredBin | undefined;
  /** The host had ended the invocation before. */
  readonly afterEnd: boolean;
}

/** A process that runs one cycle, and may die, stand still, or have its calls fail. */
export class Instance implements Player {
  readonly plans: readonly SimulatedPlan[];
  readonly workspaceIds: readonly string[];
  /** By its own clock, as all that it says. */
  readonly startedAt: Instant;
  endedAt: Instant | undefined;
  /** How far that clock is ahead, in ticks. */
  readonly skew: bigint;
  /** Undefined while it runs, and for ever where it died. */
  report: CycleReport | undefined;
  /** Something went wrong that the program could see, or did not let it finish; more than a pull that came to nothing. */
  troubled = false;
  /** A pull came to nothing, or to less than there is: that is the affair of its bin alone. */
  hadBadPulls = false;
  /** The first question of each bin that it pulled, in order. */
  readonly begun: Begun[] = [];
  readonly deadline: Instant | undefined;
  /** How many messages had come when it began. */
  readonly firstMessage: number;
  isOut = false;
  /** When it goes on, while it stands still. */
  heldUntil: Instant | undefined;
  readonly until: Instant | undefined;
  readonly isRestore: boolean;
  readonly isCommand: boolean;
  readonly signal: AbortController = new AbortController();
  private readonly world: World;
  private readonly scheduler: Scheduler;
  private readonly run: Run;
  private readonly waiting: (() => void)[] = [];
  private readonly calls = new Map<Operation, number>();
  private total = 0;
  private isDead = false;
  private stop: () => void = () => undefined;
  private resume: () => void = () => undefined;
  private resumed: Promise<void> | undefined;

  constructor({ world, scheduler, run, plans, workspaceIds, until, main }: InstanceOptions) {
    this.isCommand = main !== undefined;
    this.isRestore = main?.isRestore === true;
    this.world = world;
    this.scheduler = scheduler;
    this.run = run;
    this.plans = plans;
    this.workspaceIds = workspaceIds;
    this.until = until;
    this.skew = BigInt(run.skew ?? 0) * TICKS_PER_SECOND;
    this.startedAt = this.now;
    this.firstMessage = world.messages.count;
    this.deadline = run.budget === undefined ? undefined : addTicks(this.startedAt, BigInt(run.budget) * TICKS_PER_SECOND);
    if (run.skew !== undefined) world.hits.count(`clock: ${run.skew > 0 ? 'ahead' : 'behind'}`);
    if (this.startedAt < world.lastReading) world.hits.count('clock: earlier than that of an instance before');
  }

  /** Begins a cycle; the scheduler moves it on. */
  static begin(options: InstanceOptions): Instance {
    const { world, plans, workspaceIds, tamper } = options;
    const instance = new Instance(options);
    options.scheduler.add(instance);
    const untouched = simulatedPorts(instance, world);
    const ports = tamper?.ports?.(untouched, world) ?? untouched;
    const { startAt } = world.history;
    const excluded = world.excludedHosts();
    const cycle: CycleOptions = {
      workspaceIds,
      programs: plans.map((plan) => (tamper?.plan?.(plan) ?? plan).program),
      excludes: (_workspace, _rule, draft) => excluded.has(hostOf(draft)),
      signal: instance.signal.signal,
      // The end comes with a bin's pull, and must meet no other.
      ...(options.until === undefined ? {} : { binsAtOnce: 1 }),
      ...(startAt === undefined ? {} : { startAt }),
      ...(instance.deadline === undefined ? {} : { deadline: instance.deadline }),
    };
    instance.start(() => options.main?.run(ports, cycle, instance) ?? runCycle(ports, cycle));
    return instance;
  }

  /** What its clock says. */
  get now(): Instant {
    return addTicks(this.world.now, this.skew);
  }

  get isWaiting(): boolean {
    return this.waiting.length > 0;
  }

  goOn(random: Random): void {
    const [next] = this.waiting.splice(random.int(0, this.waiting.length - 1), 1);
    next?.();
  }

  stopped(): Promise<void> {
    return new Promise((stop) => (this.stop = stop));
  }

  /** After it stood still, together with whoever runs then. */
  awake(): void {
    this.heldUntil = undefined;
    this.resumed = undefined;
    this.isOut = false;
    this.scheduler.add(this);
    this.resume();
  }

  /** Makes a call to a port, or never comes back from it. */
  async call<T>(call: Call, act: (fault: Fault | undefined) => T): Promise<T> {
    if (this.isDead) return never();
    this.total += 1;
    const number = this.total;
    const count = (this.calls.get(call.on) ?? 0) + 1;
    this.calls.set(call.on, count);
    if (this.run.hold?.call === number) this.standStill(this.run.hold.minutes);
    while (this.resumed !== undefined) await this.resumed;
    await this.turn();
    if (this.run.abort === number) this.abort('fault: ended by the host');
    if (this.dies(call, number, count, 'before')) return never();
    const result = act(this.faultAt(call.on, count));
    await this.turn();
    if (this.dies(call, number, count, 'after')) return never();
    return result;
  }

  /** Something goes wrong for it. */
  meet(what: string): void {
    this.troubled = true;
    this.world.hits.count(what);
  }

  meetInPull(what: string): void {
    this.hadBadPulls = true;
    this.world.hits.count(what);
  }

  /** Notes which bins it begins to pull: the first table is asked for first, and whole. */
  asked({ workspace, plan, table, range }: Question): void {
    const { width } = plan.program.grid;
    const isWhole = range.end - range.start === width && table === plan.tables[0];
    if (!isWhole) return;
    const { now, world } = this;
    const { ledger } = world;
    const awaitsSource = storedHead(ledger, workspace, plan.rule).coveredFrom === undefined;
    const isShifted = range.start % width !== 0n;
    const { coveredFrom = range.start, settledThrough = coveredFrom } = storedHead(
      ledger,
      workspace,
      isShifted ? splitFolder(plan.rule) : plan.rule,
    );
    const isOlder = range.end <= settledThrough;
    const afterEnd = this.signal.signal.aborted;
    const day = formatInstant(range.start).slice(0, 10);
    const body = ledger.read(`${workspace}/${isShifted ? splitFolder(plan.rule) : plan.rule}/${day}.json`)?.body;
    const record = body === undefined ? undefined : storedDay(body).get(`${formatInstant(range.start)}/${formatInstant(range.end)}`);
    this.begun.push({ workspace, rule: plan.rule, start: range.start, isShifted, at: now, awaitsSource, isOlder, record, afterEnd });
  }

  abort(why: string): void {
    this.meet(why);
    this.signal.abort();
  }

  private start(cycle: () => Promise<CycleReport>): void {
    void cycle().then((report) => {
      if (this.isDead) return;
      this.report = report;
      this.end();
    });
  }

  private async turn(): Promise<void> {
    if (!this.scheduler.isShared || this.isDead) return;
    await new Promise<void>((goOn) => {
      this.waiting.push(goOn);
      this.stop();
    });
  }

  private faultAt(on: Operation, count: number): Fault | undefined {
    const fault = this.run.faults.find((each) => each.on === on && each.call === count);
    if (fault === undefined) return undefined;
    const what = `fault: ${on}: ${fault.kind}`;
    // That another was first, or seems to have been, is no trouble: whoever writes reads again.
    if (fault.kind === 'another writer' || fault.kind === 'own first try' || fault.kind === 'stored twice') this.world.hits.count(what);
    else this[on === 'pull' ? 'meetInPull' : 'meet'](what);
    return fault;
  }

  private dies({ on, name }: Call, number: number, count: number, side: 'before' | 'after'): boolean {
    const { death } = this.run;
    const isNow = death?.side === side && death.call === (death.on === undefined ? number : count) && (death.on ?? on) === on;
    if (!this.isDead && isNow) {
      this.isDead = true;
      this.heldUntil = undefined;
      this.meet(`death: ${side} ${name}`);
      forgetLedger();
      this.end();
    }
    return this.isDead;
  }

  private standStill(minutes: number): void {
    this.meet('tick: held');
    this.heldUntil = addTicks(this.world.now, BigInt(minutes) * 60n * TICKS_PER_SECOND);
    this.resumed = new Promise((resume) => (this.resume = resume));
    this.goOut();
  }

  private end(): void {
    this.endedAt = this.now;
    if (this.endedAt > this.world.lastReading) this.world.lastReading = this.endedAt;
    this.goOut();
  }

  private goOut(): void {
    this.isOut = true;
    this.stop();
  }
}

/** What a dead process gets of its calls. */
function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
