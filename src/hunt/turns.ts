/** Calls `act` once after so many milliseconds, unless the result is called before. */
export type After = (ms: number, act: () => void) => () => void;

/** Log Analytics answers five queries of one identity at a time and lets the others queue. https://learn.microsoft.com/azure/azure-monitor/logs/log-query-limits */
const AT_ONCE = 5;

/** Milliseconds after which a turn is slow. */
const SLOW = 10_000;

interface Waiting<K> {
  readonly owner: K;
  readonly begin: (end: () => void) => void;
}

/**
 * Who may query: five at once, those first who have the fewest turns under way, then those who have waited longest. A turn that takes longer
 * than ten seconds is lent to others, and its owner gets no further one until it ends: so whoever is slow or hangs waits alone.
 */
export class Turns<K> {
  private readonly after: After;
  private readonly waiting: Waiting<K>[] = [];
  private readonly underWay = new Map<K, number>();
  private readonly slow = new Map<K, number>();
  private taken = 0;

  /** Without a timer no turn is slow. */
  constructor(after: After = () => () => undefined) {
    this.after = after;
  }

  /** Resolves when it is the owner's turn, to how it is ended. */
  take(owner: K): Promise<() => void> {
    const turn = new Promise<() => void>((begin) => this.waiting.push({ owner, begin }));
    this.beginNext();
    return turn;
  }

  private beginNext(): void {
    while (this.taken < AT_ONCE) {
      const next = this.waiting
        .filter(({ owner }) => !this.slow.has(owner))
        .reduce<Waiting<K> | undefined>(
          (first, other) => (first === undefined || this.turnsOf(other.owner) < this.turnsOf(first.owner) ? other : first),
          undefined,
        );
      if (next === undefined) return;
      this.waiting.splice(this.waiting.indexOf(next), 1);
      this.begin(next);
    }
  }

  private begin({ owner, begin }: Waiting<K>): void {
    let isSlow = false;
    let hasEnded = false;
    this.taken += 1;
    add(this.underWay, owner, 1);
    const cancel = this.after(SLOW, () => {
      if (hasEnded) return;
      isSlow = true;
      this.taken -= 1;
      add(this.slow, owner, 1);
      this.beginNext();
    });
    begin(() => {
      if (hasEnded) return;
      hasEnded = true;
      cancel();
      add(this.underWay, owner, -1);
      if (isSlow) add(this.slow, owner, -1);
      else this.taken -= 1;
      this.beginNext();
    });
  }

  private turnsOf(owner: K): number {
    return this.underWay.get(owner) ?? 0;
  }
}

function add<K>(counts: Map<K, number>, key: K, more: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + more;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
