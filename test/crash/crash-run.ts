import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentMessage } from '../../src/incident/message';
import { readIncidents } from '../../src/local/incident-reader';
import { addTicks, binStart, formatInstant, TICKS_PER_HOUR, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import { Random } from '../simulation/random';
import { AppProcess, installApp, type Defect } from './app-process';
import { judge } from './judge';
import { mostBefore, type Moment } from './moments';
import { arrivingRows, LATEST, ROW_SECRET } from './rows';
import { trueRules } from './truth';
import { connectionSecrets, CrashWorld } from './world';

export interface CrashRunOptions {
  readonly seed: number;
  /** The moments to kill the app at, one after another; it is killed more often where one does not come to it. */
  readonly kills: readonly Moment[];
  /** Told of each kill. */
  readonly onKill?: (number: number) => void;
  /** Changes a file of the app's source; default: the app as it was built. */
  readonly defect?: Defect;
}

export interface CrashReport {
  /** How often the app was killed at each moment. */
  readonly hits: ReadonlyMap<Moment, number>;
  readonly rows: number;
  readonly messages: number;
  readonly incidents: number;
  /** Of the incidents, pairs that the edge of an hour parts. */
  readonly parted: number;
  /** Messages that were in the hub already, byte for byte. */
  readonly repeated: number;
  readonly hoursCovered: number;
  readonly wrong: readonly string[];
}

/** How long before the first start the coverage begins. */
const BACKLOG = 5n * TICKS_PER_HOUR;

/** An app that does not come to the moment at which it should be killed is killed after so many invocations, and the moment is waited for anew. */
const MOST_INVOCATIONS = 3;

/** A moment that does not come in so many processes is reported as one at which the app was never killed. */
const MOST_PROCESSES = 5;

/** Only a defect takes so long. */
const STUCK_MS = 120_000;

/** Kills the app again and again while rows arrive, lets it come to rest, and judges what it did. */
export async function crashRun(options: CrashRunOptions): Promise<CrashReport> {
  const folder = await mkdtemp(join(tmpdir(), 'crash-'));
  const world = await CrashWorld.start();
  try {
    await installApp(folder, options.defect);
    return await new CrashRun(options, world, folder).run();
  } finally {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
}

class CrashRun {
  private readonly options: CrashRunOptions;
  private readonly world: CrashWorld;
  private readonly folder: string;
  private readonly random: Random;
  private readonly start: Instant;
  private readonly hits = new Map<Moment, number>();
  private readonly wrong: string[] = [];

  constructor(options: CrashRunOptions, world: CrashWorld, folder: string) {
    this.options = options;
    this.world = world;
    this.folder = folder;
    this.random = new Random(options.seed);
    this.start = addTicks(world.now, -BACKLOG);
  }

  async run(): Promise<CrashReport> {
    const { world, random, options } = this;
    for (let day = 0; day < 20; day += 1) world.arrive(arrivingRows(random, world.now, this.start));
    for (const [index, moment] of options.kills.entries()) {
      for (let processes = 0, met: Moment | undefined; met !== moment && processes < MOST_PROCESSES; processes += 1) {
        world.passMinutes(random.int(0, 40));
        met = await this.killAt(moment);
        this.hits.set(met, (this.hits.get(met) ?? 0) + 1);
      }
      options.onKill?.(index + 1);
    }
    return this.atRest();
  }

  /** Resolves to the moment at which the app was killed in truth. */
  private async killAt(wanted: Moment): Promise<Moment> {
    const { world, random } = this;
    const latest = wanted === 'it starts' ? 150 : wanted === 'any moment' ? 2_500 : undefined;
    let met: Moment | undefined;
    let invocations = 0;
    const kill = (moment: Moment): void => {
      met ??= moment;
      app.kill();
    };
    const app = this.startApp(1_000, () => {
      invocations += 1;
      if (wanted === 'an invocation is over' || (latest === undefined && invocations === MOST_INVOCATIONS)) kill('an invocation is over');
    });
    let left = random.int(0, mostBefore(wanted));
    world.kill = () => kill(wanted);
    world.isLast = (moment) => moment === wanted && met === undefined && (left -= 1) < 0;
    const timer = latest === undefined ? undefined : setTimeout(() => kill(wanted), random.int(0, latest));
    const arriving = new AbortController();
    const arrivals = this.rowsArrive(arriving.signal);
    try {
      const { output, wasKilled, exitCode } = await Promise.race([app.ended(), stuck(() => app.kill(), arriving.signal)]);
      this.search(output);
      if (!wasKilled || met === undefined)
        throw new Error(`the app ended by itself, with ${exitCode}, and wrote:\n${output.slice(-4_000)}`);
      return met;
    } finally {
      clearTimeout(timer);
      arriving.abort();
      await arrivals;
      world.forgetApp();
    }
  }

  /** Some rows at a time, some times while the app runs. */
  private async rowsArrive(signal: AbortSignal): Promise<void> {
    const { world, random } = this;
    for (let times = random.int(3, 8); times > 0; times -= 1) {
      await sleep(random.int(20, 250), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      world.arrive(arrivingRows(random, world.now, this.start));
    }
  }

  /** No further rows and no further kills: the passes of all bins come, and then there is nothing left to do. */
  private async atRest(): Promise<CrashReport> {
    const { world, wrong, start } = this;
    await this.runOnce();
    world.passMinutes(Number((LATEST + 2n * TICKS_PER_HOUR) / TICKS_PER_MINUTE));
    const restedAt = world.now;
    await this.runOnce();
    const sent = world.hub.events().length;
    await this.runOnce();
    if (world.hub.events().length > sent) wrong.push('messages were sent when all was at rest');

    const messages = await readIncidents({ connectionString: world.hub.connectionString, eventHubName: 'incidents', timeoutMs: STUCK_MS });
    if (messages.length !== world.hub.events().length) wrong.push('not every message could be read from the hub');
    const coveredFrom = binStart(start, TICKS_PER_HOUR);
    wrong.push(...judge({ rows: world.rows, messages, ...(await world.stores()), coveredFrom, restedAt }));
    const bodies = new Set(messages.map(({ bytes }) => Buffer.from(bytes).toString('utf8')));
    return {
      hits: this.hits,
      rows: world.rows.length,
      messages: messages.length,
      incidents: idsOf(messages.map(({ body }) => body as IncidentMessage)).size,
      parted: idsOf(messages.map(({ body }) => body as IncidentMessage).filter(({ match }) => match === 'split-by-bin-edge')).size,
      repeated: messages.length - bodies.size,
      hoursCovered: Number((restedAt - coveredFrom) / TICKS_PER_HOUR),
      wrong,
    };
  }

  private async runOnce(): Promise<void> {
    const app = this.startApp(1);
    const over = new AbortController();
    try {
      const { output, exitCode } = await Promise.race([app.ended(), stuck(() => app.kill(), over.signal)]);
      this.search(output);
      if (exitCode !== 0 || output.includes('the invocation failed')) throw new Error(`an invocation failed:\n${output.slice(-4_000)}`);
    } finally {
      over.abort();
    }
  }

  private startApp(times: number, onInvocation?: () => void): AppProcess {
    const { world, folder } = this;
    const environment = world.environment(
      trueRules.map(({ id }) => id),
      formatInstant(this.start),
    );
    return new AppProcess({ folder, environment, times, clockAheadMs: world.clockAheadMs, ...(onInvocation && { onInvocation }) });
  }

  /** No row contents and no secrets of connections in what the app writes. */
  private search(output: string): void {
    for (const secret of [ROW_SECRET, ...connectionSecrets])
      if (output.includes(secret)) this.wrong.push(`the app wrote the secret ${secret}`);
  }
}

async function stuck(kill: () => void, signal: AbortSignal): Promise<never> {
  await sleep(STUCK_MS, undefined, { signal, ref: false });
  kill();
  throw new Error(`the app was neither killed nor done within ${STUCK_MS} ms`);
}

function idsOf(messages: readonly IncidentMessage[]): ReadonlySet<string> {
  return new Set(messages.map(({ id }) => id));
}
