/** Spreads requests so that never more than `limit` of them are sent in any `windowMs` milliseconds. */
export class Pace {
  private readonly limit: number;
  private readonly windowMs: number;
  /** When the last `limit` requests were, or will be, sent; oldest first. */
  private readonly sent: number[] = [];

  constructor(limit: number, windowMs: number) {
    this.limit = limit;
    this.windowMs = windowMs;
  }

  /** Milliseconds from `nowMs` to wait before one more request, whose place is taken with this. */
  take(nowMs: number): number {
    const oldest = this.sent.length < this.limit ? undefined : this.sent.shift();
    const at = oldest === undefined ? nowMs : Math.max(nowMs, oldest + this.windowMs);
    this.sent.push(at);
    return at - nowMs;
  }
}
