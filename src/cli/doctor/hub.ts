import { openHub } from '../../app/ports';
import { PortUnavailable } from '../../hunt/ports';
import type { HubSettings } from '../../settings/hub';
import { assignRole, hubScope, listHubs } from './az';
import { notChecked, notOk, ok, type Check } from './check';
import { tokenCheck, type Examination } from './examination';

const SCOPE = 'https://eventhubs.azure.net/.default';

/** Whether the hub would take a message now; sends none. */
export async function hubChecks(hub: HubSettings, examination: Examination): Promise<readonly Check[]> {
  const what = `Event Hub ${hub.eventHubName}`;
  const credential = hub.kind === 'identity' ? hub.credential : undefined;
  const token = await tokenCheck('Event Hubs', credential, SCOPE, examination);
  if (token.status !== 'ok') return [token, notChecked(what, 'there is no token')];
  const sink = openHub(hub);
  try {
    await sink.probe();
    return [token, ok(what)];
  } catch (error) {
    if (!(error instanceof PortUnavailable)) throw error;
    return [token, notOk(what, error.message, hub.kind === 'identity' ? commandsFor(error.message, hub) : [])];
  } finally {
    await sink.close();
  }
}

/** The codes of the client stand in the message: src/azure/event-hub-errors.ts. */
function commandsFor(message: string, hub: HubSettings & { readonly kind: 'identity' }): readonly string[] {
  const { fullyQualifiedNamespace, eventHubName, credential } = hub;
  if (/UnauthorizedError|PublisherRevokedError/.test(message)) {
    return [assignRole('Azure Event Hubs Data Sender', credential, hubScope(fullyQualifiedNamespace, eventHubName))];
  }
  return message.includes('MessagingEntityNotFoundError') ? [listHubs(fullyQualifiedNamespace)] : [];
}
