import { inspect } from 'node:util';
import { runCycle, type CyclePorts } from '../../src/hunt/cycle';
import { addTicks, TICKS_PER_SECOND, type Instant } from '../../src/value/instant';
import { quietTicks } from '../simulation/generate';
import type { Tamper } from '../simulation/instance';
import type { Outcome } from '../simulation/play';
import { deployedAt, hostOf, type SimulatedPlan } from '../simulation/rules';
import { storedBins } from '../simulation/stored-ledger';
import { World } from '../simulation/world';
import { mortalPorts } from '../support/mortal-ports';
import { generate, type WireCycle, type WireHistory, type WireRun } from './generate';
import { Loopback } from './loopback';

type Played = Outcome['instances'][number];

export interface WireOutcome extends Outcome {
  /** Everything that the program reported or threw, for people. */
  readonly said: string;
}

/** Plays the history of a seed through the real adapters; a defect may stand between them and the program. */
export async function play(seed: number, azurite: string, tamper?: Tamper): Promise<WireOutcome> {
  const history = generate(seed);
  const world = new World(history);
  const loopback = await Loopback.start({ world, azurite, name: String(seed), maxRows: history.maxRows });
  try {
    return await new Player(history, world, loopback, tamper).play();
  } finally {
    await loopback.close();
  }
}

class Player {
  private readonly history: WireHistory;
  private readonly world: World;
  private readonly loopback: Loopback;
  private readonly tamper: Tamper | undefined;
  private readonly instances: Played[] = [];
  private readonly said: string[] = [];

  constructor(history: WireHistory, world: World, loopback: Loopback, tamper: Tamper | undefined) {
    this.history = history;
    this.world = world;
    this.loopback = loopback;
    this.tamper = tamper;
  }

  async play(): Promise<WireOutcome> {
    const { history, world, loopback, instances, said } = this;
    for (const cycle of history.cycles) await this.cycle(cycle);
    await loopback.settle();
    const inHistory = { at: world.now, bins: storedBins(world.ledger) };
    const quiet = quietTicks(history);
    await this.quietCycle(quiet.audit);
    await loopback.settle();
    const received = world.received.length;
    await this.quietCycle(quiet.settled);
    await loopback.settle();
    const broken = world.received.length > received ? ['messages were sent after all was audited'] : [];
    const atEnd = storedBins(world.ledger);
    const whenFinal = inHistory.bins;
    const settled = new Map<string, Instant>();
    return {
      history,
      world,
      workspaceIds: ['w1'],
      instances,
      inHistory,
      whenFinal,
      atEnd,
      settled,
      backfills: [],
      broken,
      said: said.join('\n'),
    };
  }

  private async cycle({ at, faults, runs }: WireCycle): Promise<void> {
    const { world, loopback } = this;
    const plans = this.deployed(at);
    world.passUntil(at, plans);
    const disarm = loopback.arm(faults);
    await Promise.all(runs.map((run) => this.run(run, plans)));
    disarm();
    if (runs.length > 1) world.hits.count('two instances at once');
  }

  /** One instance, in trouble. */
  private async run({ budget, death }: WireRun, plans: readonly SimulatedPlan[]): Promise<void> {
    const { world, loopback } = this;
    const real = loopback.ports('short', undefined);
    const mortal = death && mortalPorts(real, death);
    const deadline = addTicks(world.now, BigInt(budget) * TICKS_PER_SECOND);
    await this.instance(real, mortal?.ports ?? real, plans, { deadline }, undefined);
    if (mortal?.isDead() === true) world.hits.count('a process that ends in mid-cycle');
  }

  /** Nothing goes wrong any more. Each rule runs on its own, and only as far as the history goes. */
  private async quietCycle(at: Instant): Promise<void> {
    const { world, loopback, history } = this;
    world.passUntil(at, this.deployed(at));
    for (const plan of this.deployed(at)) {
      const ending = new AbortController();
      const until = { instant: history.end, startedAt: world.now, abort: () => ending.abort() };
      const ports = loopback.ports('long', until);
      await this.instance(ports, ports, [plan], { signal: ending.signal }, history.end);
    }
  }

  private async instance(
    { sink }: CyclePorts,
    ports: CyclePorts,
    plans: readonly SimulatedPlan[],
    bounds: { readonly deadline?: Instant; readonly signal?: AbortSignal },
    until: Instant | undefined,
  ): Promise<void> {
    const { world, history, instances, said, tamper } = this;
    const startedAt = world.now;
    try {
      const report = await runCycle(tamper?.ports?.(ports, world) ?? ports, {
        workspaceIds: ['w1'],
        programs: plans.map(({ program }) => program),
        excludes: (_workspace, _rule, draft) => world.excludedHosts().has(hostOf(draft)),
        ...(history.startAt === undefined ? {} : { startAt: history.startAt }),
        // What ends a quiet cycle is a pull beyond the history's end; no earlier one may be under way then.
        ...(until === undefined ? {} : { binsAtOnce: 1 }),
        ...bounds,
      });
      said.push(inspect(report, { depth: Infinity }));
      instances.push({
        plans,
        workspaceIds: ['w1'],
        startedAt,
        endedAt: world.now,
        report,
        troubled: until === undefined,
        until,
        isCommand: false,
        skew: 0n,
      });
    } catch (error) {
      said.push(inspect(error, { depth: Infinity }));
      throw error;
    } finally {
      await sink.close();
    }
  }

  /** The plans that are deployed at an instant. */
  private deployed(now: Instant): readonly SimulatedPlan[] {
    return deployedAt(this.history.deployments, now);
  }
}
