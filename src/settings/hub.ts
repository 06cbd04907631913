import { connectionPairs, type CredentialChoice, readConnection } from './connection';
import type { Parsed, SettingsReader } from './environment';
import { isLoopback } from './values';

/** The event hub that takes the incidents. */
export type HubSettings = { readonly eventHubName: string } & (
  | { readonly kind: 'connection-string'; readonly connectionString: string }
  | { readonly kind: 'identity'; readonly fullyQualifiedNamespace: string; readonly credential: CredentialChoice }
);

export const eventHubNameSetting = 'IncidentHub__eventHubName';
export const defaultEventHubName = 'incidents';

/** As readConnection. A connection string may name its event hub itself, as EntityPath. */
export function readHub(settings: SettingsReader, required: boolean): HubSettings | undefined {
  const connection = readConnection(settings, {
    name: 'IncidentHub',
    text: 'a connection string of Event Hubs',
    parseText: parseConnectionString,
    address: 'IncidentHub__fullyQualifiedNamespace',
    parseAddress: parseNamespace,
    required,
  });
  const named = settings.optional(eventHubNameSetting, parseEventHubName);
  if (connection === undefined) return undefined;
  if (connection.kind === 'identity') {
    const { address: fullyQualifiedNamespace, credential } = connection;
    return { kind: 'identity', fullyQualifiedNamespace, credential, eventHubName: named ?? defaultEventHubName };
  }
  const { connectionString, entityPath } = connection.value;
  if (named !== undefined && entityPath !== undefined && named !== entityPath) {
    settings.report(eventHubNameSetting, 'is another event hub than EntityPath in IncidentHub', 'Name the event hub in one of the two.');
  }
  return { kind: 'connection-string', connectionString, eventHubName: entityPath ?? named ?? defaultEventHubName };
}

interface HubConnectionString {
  readonly connectionString: string;
  readonly entityPath: string | undefined;
}

function parseConnectionString(connectionString: string): Parsed<HubConnectionString> {
  const pairs = connectionPairs(connectionString);
  const host = hostOf(pairs.get('Endpoint') ?? '');
  if (pairs.get('UseDevelopmentEmulator') === 'true' && host !== undefined && !isLoopback(host)) {
    const remedy = 'Use the emulator on this machine, or leave UseDevelopmentEmulator out.';
    return { problem: 'asks for the emulator on another machine, which would be without TLS', remedy };
  }
  const keyed = (pairs.has('SharedAccessKeyName') && pairs.has('SharedAccessKey')) || pairs.has('SharedAccessSignature');
  if (keyed && pairs.get('Endpoint')?.startsWith('sb://') === true) {
    return { value: { connectionString, entityPath: pairs.get('EntityPath') } };
  }
  const remedy = 'Write Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…, as the portal or the emulator gives it.';
  return { problem: 'is not a connection string of Event Hubs', remedy };
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

function parseNamespace(text: string): Parsed<string> {
  if (/^[a-z\d-]+(?:\.[a-z\d-]+)+$/i.test(text)) return { value: text.toLowerCase() };
  return { problem: 'is not a host name', remedy: 'Write NAMESPACE.servicebus.windows.net, without scheme, port or path.' };
}

function parseEventHubName(text: string): Parsed<string> {
  if (text.length <= 256 && /^[a-z\d](?:[\w.-]*[a-z\d])?$/i.test(text)) return { value: text };
  return { problem: 'is not the name of an event hub', remedy: 'Write the name alone: letters, digits, and . _ - between them.' };
}
