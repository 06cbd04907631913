import { parseInstant } from '../value/instant';
import type { IncomingEvent } from './batch';

/** What the Functions host tells of a batch beside its bodies; every member may be missing. */
type TriggerMetadata = Readonly<Record<string, unknown>> | undefined;

/** The metadata's list of one value an event. */
function listOf(metadata: TriggerMetadata, name: string): readonly unknown[] {
  const list = metadata?.[`${name}Array`];
  return Array.isArray(list) ? list : [];
}

/** The events of a batch; one body alone, as with cardinality one, is a batch of one. */
export function incomingEvents(messages: unknown, metadata?: TriggerMetadata): readonly IncomingEvent[] {
  const bodies: readonly unknown[] = Array.isArray(messages) ? messages : [messages];
  const [keys, times] = [listOf(metadata, 'partitionKey'), listOf(metadata, 'enqueuedTimeUtc')];
  return bodies.map((body, index) => {
    const [key, time] = [keys[index], times[index]];
    return {
      body,
      partitionKey: typeof key === 'string' && key !== '' ? key : undefined,
      enqueuedAt: typeof time === 'string' ? parseInstant(time) : undefined,
    };
  });
}

/** The partition that the batch is of; empty where the host does not tell. */
export function partitionOf(metadata: TriggerMetadata): string {
  const context = metadata?.['partitionContext'];
  if (typeof context !== 'object' || context === null) return '';
  const id = ['partitionId', 'PartitionId']
    .map((name) => (name in context ? (context as Record<string, unknown>)[name] : undefined))
    .find(isText);
  return id ?? '';
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
