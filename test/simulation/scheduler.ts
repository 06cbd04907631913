import type { Random } from './random';

/** What the scheduler moves: something that stops at turns until it is let on, and at some time is out. */
export interface Player {
  /** Whether it waits at a turn. */
  readonly isWaiting: boolean;
  /** Ended, died, or standing still for a while. */
  readonly isOut: boolean;
  /** Lets one of its turns go on. */
  goOn(random: Random): void;
  /** Resolves when it waits or is out. */
  stopped(): Promise<void>;
}

/** Interleaves instances at their calls to the ports, in an order that a seed decides. One alone need not wait. */
export class Scheduler {
  private readonly players = new Set<Player>();

  get isShared(): boolean {
    return this.players.size > 1;
  }

  add(player: Player): void {
    this.players.add(player);
  }

  /** Resolves when every player is out. */
  async run(random: Random): Promise<void> {
    for (;;) {
      for (const player of this.players) if (player.isOut) this.players.delete(player);
      const players = [...this.players];
      const [only] = players;
      if (only === undefined) return;
      if (players.length === 1) {
        while (only.isWaiting) only.goOn(random);
        await reached(only);
        continue;
      }
      for (const player of players) await reached(player);
      const next = random.pick(players);
      if (next.isWaiting) next.goOn(random);
    }
  }
}

/** Resolves when the player waits or is out. Nothing that it does takes real time, so it comes there before anything else does. */
async function reached(player: Player): Promise<void> {
  if (hasStopped(player)) return;
  let guard: NodeJS.Immediate | undefined;
  await Promise.race([player.stopped(), new Promise((resolve) => (guard = setImmediate(resolve)))]);
  clearImmediate(guard);
  if (!hasStopped(player)) throw new Error('an instance neither calls a port nor ends: it waits for something that does not come');
}

function hasStopped({ isWaiting, isOut }: Player): boolean {
  return isWaiting || isOut;
}
