import type { EventHubProducerClient } from '@azure/event-hubs';

/** A timer that renews a token and begins again. */
interface Renewal {
  stop(): void;
}

/** As the client names it, in the version that is pinned; a timer left behind is no reason to send nothing with another one. */
interface Renewing {
  readonly _sendersMap?: ReadonlyMap<string, { readonly authLoop?: Renewal }>;
}

/**
 * The renewals that a producer has begun. Over a connection that is gone or does not answer the client closes without stopping them, and
 * where it attaches again it loses the one before: each would go off for ever, every 45 minutes, over a new connection.
 */
export class TokenRenewals {
  private readonly begun = new Set<Renewal>();
  private readonly producer: Renewing;
  private isOver = false;

  constructor(producer: EventHubProducerClient) {
    this.producer = producer as unknown as Renewing;
  }

  /** Lets work go on that may attach. What is cut short may still attach when the producer is closed. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.note();
    try {
      return await work();
    } finally {
      this.note();
    }
  }

  /** None is left when the producer is closed, nor begun later by what is at work. */
  stop(): void {
    this.isOver = true;
    this.note();
  }

  private note(): void {
    for (const { authLoop } of this.producer._sendersMap?.values() ?? []) if (authLoop !== undefined) this.begun.add(authLoop);
    if (this.isOver) for (const renewal of this.begun) renewal.stop();
  }
}
