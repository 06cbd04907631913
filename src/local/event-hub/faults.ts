/**
 * Switches that make the local Event Hub fail as the service does. A fault stays until it has struck `times` times or is removed;
 * where several fit, the one set first strikes. Each counts how often it struck, so that a test can tell that it was hit.
 */

/** Error conditions of the service. Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-troubleshoot */
export type Condition =
  | 'com.microsoft:server-busy'
  | 'com.microsoft:argument-error'
  | 'amqp:unauthorized-access'
  | 'amqp:not-found'
  | 'amqp:resource-limit-exceeded'
  | 'amqp:internal-error'
  | 'amqp:invalid-field'
  | 'amqp:not-implemented'
  | 'amqp:link:message-size-exceeded'
  | 'amqp:link:detach-forced'
  | 'amqp:link:stolen';

export interface AmqpError {
  readonly condition: Condition;
  readonly description: string;
}

/** A token is refused with status 401, or never answered, or the connection is cut instead. */
export interface TokenFault {
  readonly at: 'token';
  readonly answer: 'refuse' | 'silence' | 'reset';
}

/** A producer's link is refused. */
export interface AttachFault {
  readonly at: 'attach';
  readonly condition: Condition;
}

/**
 * What comes of a batch of events:
 * - reject: the answer is `condition`; nothing is stored.
 * - release: the batch is given back unprocessed; nothing is stored.
 * - detach, reset: the link or the connection is cut.
 * - silence: this batch is never answered.
 * - stall: nothing is answered any more on this connection, which stays half open.
 *
 * The last four come before or after the batch was `stored`.
 */
export type SendFault = { readonly at: 'send' } & (
  | { readonly answer: 'reject'; readonly condition: Condition }
  | { readonly answer: 'release' }
  | { readonly answer: 'detach' | 'reset' | 'silence' | 'stall'; readonly stored: boolean }
);

export type Fault = TokenFault | AttachFault | SendFault;

export interface FaultOptions {
  /** Always, if it is not given. */
  readonly times?: number;
  /** Of a send: only batches that hold such an event; the argument is the event's body as UTF-8 text. */
  readonly onlyFor?: (body: string) => boolean;
  /** The text that goes with the error. */
  readonly description?: string;
}

export interface SetFault {
  readonly hits: number;
  remove(): void;
}

/** A fault that strikes now. */
export type Strike<F extends Fault> = F & { readonly description: string };

export interface Faults {
  set(fault: Fault, options?: FaultOptions): SetFault;
  /** The fault that strikes at this point, counted as hit; undefined where none does. */
  strike<At extends Fault['at']>(at: At, bodies?: readonly string[]): Strike<Extract<Fault, { at: At }>> | undefined;
}

export function createFaults(): Faults {
  interface Entry {
    readonly fault: Fault;
    readonly options: FaultOptions;
    hits: number;
  }
  const entries: Entry[] = [];

  const fits = ({ options, hits }: Entry, bodies: readonly string[]): boolean =>
    hits < (options.times ?? Infinity) && (options.onlyFor === undefined || bodies.some(options.onlyFor));

  return {
    set(fault, options = {}) {
      const entry: Entry = { fault, options, hits: 0 };
      entries.push(entry);
      return {
        get hits() {
          return entry.hits;
        },
        remove() {
          const index = entries.indexOf(entry);
          if (index >= 0) entries.splice(index, 1);
        },
      };
    },
    strike<At extends Fault['at']>(at: At, bodies: readonly string[] = []) {
      const entry = entries.find((candidate) => candidate.fault.at === at && fits(candidate, bodies));
      if (entry === undefined) return undefined;
      entry.hits += 1;
      const fault = entry.fault as Extract<Fault, { at: At }>;
      return { ...fault, description: entry.options.description ?? `the local Event Hub was told to fail at the ${at}` };
    },
  };
}
