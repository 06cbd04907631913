import { setTimeout as sleep } from 'node:timers/promises';
import { EventHubProducerClient } from '@azure/event-hubs';
import type { TokenCredential } from '@azure/identity';
import { withDeadline, type Deadline } from '../deadline';
import { letLinksLoseTheirAddress } from './amqp-links';
import { isAnswer, mayPass } from './event-hub-errors';
import { TokenRenewals } from './token-renewals';

export type EventHubAddress =
  | { readonly connectionString: string; readonly eventHubName: string }
  | { readonly fullyQualifiedNamespace: string; readonly eventHubName: string; readonly credential: TokenCredential };

export interface EventHubTiming {
  /** Tries after the first of connecting and sending a batch; default 2. */
  readonly retries: number;
  /** Between two tries; default 1 s. */
  readonly retryDelayMs: number;
  /** For one try; default 5 s. */
  readonly attemptTimeoutMs: number;
  /** For a whole probe or publish; default 30 s. */
  readonly callTimeoutMs: number;
  /** For saying goodbye; default 3 s. */
  readonly closeTimeoutMs: number;
}

export interface EventHubConnection {
  readonly host: string;
  /** Lets a producer do the work; after a failure that may pass, again, up to the retries. Rejects with the last failure. */
  run<T>(deadline: Deadline, work: (producer: EventHubProducerClient) => Promise<T>): Promise<T>;
  /** Resolves within the close timeout. */
  close(): Promise<void>;
}

interface Connected {
  readonly producer: EventHubProducerClient;
  readonly renewals: TokenRenewals;
}

/**
 * One producer at a time, connected on first use. A producer that failed is left, since its connection may be half open, and the client
 * loses the timer of its token renewal when it attaches again. For the same reason the tries are counted here and not by the client.
 * Throws TypeError for an address that cannot be one.
 */
export function connectEventHub(address: EventHubAddress, timing: EventHubTiming): EventHubConnection {
  letLinksLoseTheirAddress();
  const connect = (): Connected => {
    const producer = createProducer(address, timing);
    return { producer, renewals: new TokenRenewals(producer) };
  };
  let current = connect();
  const farewells = new Set<Promise<void>>();

  const leave = ({ producer, renewals }: Connected): void => {
    // Over a connection that broke in the same moment the client waits for ever.
    const farewell = withDeadline(timing.closeTimeoutMs, ({ race }) => race(producer.close()))
      .catch(() => undefined)
      .finally(() => {
        renewals.stop();
        farewells.delete(farewell);
      });
    farewells.add(farewell);
  };
  const replace = (failed: Connected): void => {
    if (failed !== current) return;
    current = connect();
    leave(failed);
  };

  return {
    host: current.producer.fullyQualifiedNamespace,
    async run(deadline, work) {
      for (let retry = 0; ; retry += 1) {
        const connected = current;
        const { producer, renewals } = connected;
        try {
          return await deadline.race(renewals.during(() => work(producer)));
        } catch (error) {
          if (!isAnswer(error)) replace(connected);
          if (retry === timing.retries || !mayPass(error)) throw error;
        }
        await deadline.race(sleep(timing.retryDelayMs, undefined, { signal: deadline.signal }));
      }
    },
    async close() {
      leave(current);
      await Promise.all(farewells);
    },
  };
}

function createProducer(address: EventHubAddress, { attemptTimeoutMs }: EventHubTiming): EventHubProducerClient {
  const options = { retryOptions: { maxRetries: 0, timeoutInMs: attemptTimeoutMs } };
  try {
    return 'connectionString' in address
      ? new EventHubProducerClient(address.connectionString, address.eventHubName, options)
      : new EventHubProducerClient(address.fullyQualifiedNamespace, address.eventHubName, address.credential, options);
  } catch {
    // No cause: the client's errors about a connection string repeat it.
    throw new TypeError(
      'connectionString' in address
        ? `the connection string for the Event Hub ${address.eventHubName} is malformed, or its EntityPath names another hub; ` +
            'expected Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…'
        : `${address.fullyQualifiedNamespace} is not an Event Hubs namespace, or the hub has no name; expected NAME.servicebus.windows.net`,
    );
  }
}
