import { MAX_SOURCE_ROWS } from '../engine/budget';

/** Whether that many more rows may be held; where not, the work must end without them. */
export type TakeRows = (rows: number) => boolean;

interface Attempt<T> {
  readonly value: T;
  /** It was refused rows that others held. */
  readonly crowded: boolean;
}

/** Shares the source rows that may be in memory among the bins in flight. */
export class RowPool {
  private readonly limit: number;
  private held = 0;
  private running = 0;
  private reserved = false;
  private sleepers: (() => void)[] = [];
  /** What is kept for later use, as long as there is room. */
  private readonly kept = new Set<() => void>();

  constructor(limit: number = MAX_SOURCE_ROWS) {
    this.limit = limit;
  }

  /**
   * Runs work that holds rows until it settles. Work that was refused rows only because others held them is run again, alone: a bin
   * that fits by itself never fails for its neighbours.
   */
  async hold<T>(work: (take: TakeRows) => Promise<T>): Promise<T> {
    // What follows such a loop runs before anything else can change what it waited for.
    while (this.reserved) await this.changed();
    const first = await this.attempt(work);
    if (!first.crowded) return first.value;

    // The type checker does not see that other work reserves meanwhile.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
    while (this.reserved) await this.changed();
    this.reserved = true;
    try {
      while (this.running > 0) await this.changed();
      return (await this.attempt(work)).value;
    } finally {
      this.reserved = false;
      this.wake();
    }
  }

  /**
   * Keeps rows beyond the work that pulled them, until they are given back by calling the result, or until work needs their room: then
   * `onDrop` is called. Undefined where there is no room for them.
   */
  keep(rows: number, onDrop: () => void): (() => void) | undefined {
    if (this.reserved || this.held + rows > this.limit) return undefined;
    this.held += rows;
    const drop = (): void => {
      giveBack();
      onDrop();
    };
    const giveBack = (): void => {
      if (this.kept.delete(drop)) this.held -= rows;
    };
    this.kept.add(drop);
    return giveBack;
  }

  private dropKept(): void {
    for (const drop of [...this.kept]) drop();
  }

  private async attempt<T>(work: (take: TakeRows) => Promise<T>): Promise<Attempt<T>> {
    let taken = 0;
    let crowded = false;
    this.running += 1;
    try {
      const value = await work((rows) => {
        if (this.held + rows > this.limit) this.dropKept();
        if (this.held + rows > this.limit) {
          crowded ||= this.held > taken;
          return false;
        }
        this.held += rows;
        taken += rows;
        return true;
      });
      return { value, crowded };
    } finally {
      this.held -= taken;
      this.running -= 1;
      this.wake();
    }
  }

  private changed(): Promise<void> {
    return new Promise((wake) => this.sleepers.push(wake));
  }

  private wake(): void {
    const sleepers = this.sleepers;
    this.sleepers = [];
    for (const wake of sleepers) wake();
  }
}
