import type { IncidentSink, OutgoingMessage, PublishReport } from '../../src/hunt/ports';
import { PortUnavailable } from '../../src/hunt/ports';

/** An incident sink that works, keeps what it got, and fails when told to. */
export interface FakeSink extends IncidentSink {
  /** What is in the hub, in the order in which it came; a message that was sent twice is there twice. */
  readonly received: readonly OutgoingMessage[];
  /** How often the sink was asked. */
  readonly calls: { readonly probe: number; readonly publish: number; readonly close: number };
  /** From now on the hub cannot be reached; it takes `after` more messages before that. */
  cutOff(after?: number): void;
  /** The hub can be reached again. */
  restore(): void;
  /** From now on messages with such a body, given as UTF-8 text, are refused for good. */
  refuse(when: (body: string) => boolean): void;
  /** The next message is stored, but its acknowledgement and what comes after it in the same call are lost. */
  loseNextAcknowledgement(): void;
}

const LARGEST = 1_048_576;

export function createFakeSink(): FakeSink {
  const received: OutgoingMessage[] = [];
  const calls = { probe: 0, publish: 0, close: 0 };
  let room = Infinity;
  let isRefused: (body: string) => boolean = () => false;
  let losing = false;

  const refusal = ({ body }: OutgoingMessage): string | undefined => {
    if (body.length > LARGEST) return `larger than ${LARGEST} bytes`;
    return isRefused(new TextDecoder().decode(body)) ? 'refused by the test' : undefined;
  };

  return {
    received,
    calls,
    cutOff(after = 0) {
      room = after;
    },
    restore() {
      room = Infinity;
    },
    refuse(when) {
      isRefused = when;
    },
    loseNextAcknowledgement() {
      losing = true;
    },

    async probe() {
      calls.probe += 1;
      if (room <= 0) throw new PortUnavailable('hub', 'the fake hub is cut off');
    },

    async publish(messages): Promise<PublishReport> {
      calls.publish += 1;
      const acknowledged: number[] = [];
      const refused: { readonly index: number; readonly reason: string }[] = [];
      for (const [index, message] of messages.entries()) {
        if (room <= 0) return { acknowledged, refused, unreachable: 'the fake hub is cut off' };
        const reason = refusal(message);
        if (reason !== undefined) {
          refused.push({ index, reason });
          continue;
        }
        room -= 1;
        received.push({ partitionKey: message.partitionKey, body: message.body.slice() });
        if (losing) {
          losing = false;
          return { acknowledged, refused, unreachable: 'the fake hub did not acknowledge' };
        }
        acknowledged.push(index);
      }
      return { acknowledged, refused };
    },

    async close() {
      calls.close += 1;
    },
  };
}
