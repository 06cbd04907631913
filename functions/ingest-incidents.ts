import { app, type InvocationContext } from '@azure/functions';
import { connectionPairs } from '../src/settings/connection';
import { defaultEventHubName, eventHubNameSetting } from '../src/settings/hub';
import { ingestEndpointSetting } from '../src/settings/ingest';

/**
 * One batch of the Event Hub's events into Sentinel's table. Rejects where the batch must come again; then the host hands it over again, from its
 * checkpoint if the instance is gone.
 */
export async function ingestIncidents(messages: unknown, context: InvocationContext): Promise<void> {
  // Loaded with the first invocation, so that the host has the function's description at once.
  const [{ runIngest }, { logOf, systemClock }, { incomingEvents, partitionOf }] = await Promise.all([
    import('../src/ingest-app'),
    import('../src/app/invocation'),
    import('../src/ingest/trigger'),
  ]);
  await runIngest({
    environment: process.env,
    log: logOf(context),
    clock: systemClock,
    events: incomingEvents(messages, context.triggerMetadata),
    partition: partitionOf(context.triggerMetadata),
  });
}

/** The name that readHub gives. Reports nothing: of a malformed setting the host tells, which connects with it, and `hunt` does. */
function eventHubName(): string {
  const named = process.env[eventHubNameSetting]?.trim() ?? '';
  const entityPath = connectionPairs(process.env['IncidentHub'] ?? '').get('EntityPath');
  return entityPath ?? (named === '' ? defaultEventHubName : named);
}

/** Bytes, not what the host makes of them: a dead letter must be kept as it came. The library's type does not know this member of a binding. */
const asBytes = { dataType: 'binary' } as const;

if ((process.env[ingestEndpointSetting]?.trim() ?? '') !== '') {
  app.eventHub('ingest-incidents', {
    connection: 'IncidentHub',
    // The host cannot resolve a %NAME% that is not set, so it is read here.
    eventHubName: eventHubName(),
    consumerGroup: 'sentinel',
    cardinality: 'many',
    ...asBytes,
    // Without end: after the last retry the host would move its checkpoint on, and the batch would be lost.
    retry: { strategy: 'exponentialBackoff', maxRetryCount: -1, minimumInterval: { seconds: 5 }, maximumInterval: { minutes: 5 } },
    handler: ingestIncidents,
  });
}
