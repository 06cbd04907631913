import { connectionPairs, type CredentialChoice, readConnection } from './connection';
import type { Parsed, SettingsReader } from './environment';
import { isLoopback, parseEndpoint } from './values';

/** Where the ledger and the dead letters are kept, each in its container: a storage account, or a folder. */
export type LedgerSettings =
  | { readonly kind: 'connection-string'; readonly connectionString: string }
  | { readonly kind: 'identity'; readonly blobServiceUri: string; readonly credential: CredentialChoice }
  | { readonly kind: 'files'; readonly folder: string };

export const ledgerContainer = 'hunt-ledger';
export const deadLetterContainer = 'dead-letter';

const FILES = 'file:';

/** As readConnection. */
export function readLedger(settings: SettingsReader, required: boolean): LedgerSettings | undefined {
  const connection = readConnection(settings, {
    name: 'HuntLedger',
    text: 'a connection string of a storage account, or to file:FOLDER',
    parseText: parseLedger,
    address: 'HuntLedger__blobServiceUri',
    parseAddress: parseBlobServiceUri,
    required,
  });
  if (connection?.kind !== 'identity') return connection?.value;
  return { kind: 'identity', blobServiceUri: connection.address, credential: connection.credential };
}

function parseLedger(text: string): Parsed<Exclude<LedgerSettings, { readonly kind: 'identity' }>> {
  if (text.startsWith(FILES)) {
    const folder = text.slice(FILES.length);
    return folder === ''
      ? { problem: 'names no folder', remedy: `Write ${FILES} and the path of a folder.` }
      : { value: { kind: 'files', folder } };
  }
  if (isWithoutTls(text)) {
    const remedy = 'Write https:// addresses, or an emulator on this machine.';
    return { problem: 'names an address without TLS beyond this machine', remedy };
  }
  if (isConnectionString(text)) return { value: { kind: 'connection-string', connectionString: text } };
  const remedy = 'Write the connection string as the portal or Azurite gives it, or write file:FOLDER.';
  return { problem: 'is neither a connection string of a storage account nor file:FOLDER', remedy };
}

function isConnectionString(text: string): boolean {
  const pairs = connectionPairs(text);
  const has = (...keys: readonly string[]): boolean => keys.every((key) => pairs.has(key));
  return (
    pairs.get('UseDevelopmentStorage') === 'true' ||
    has('BlobEndpoint', 'SharedAccessSignature') ||
    has('AccountName', 'AccountKey', 'BlobEndpoint') ||
    has('AccountName', 'AccountKey', 'DefaultEndpointsProtocol', 'EndpointSuffix')
  );
}

function isWithoutTls(text: string): boolean {
  const pairs = connectionPairs(text);
  const addresses = ['BlobEndpoint', 'DevelopmentStorageProxyUri'].flatMap((key) => pairs.get(key) ?? []);
  // Without an address of its own the blob service is ACCOUNT.blob.SUFFIX.
  const isNamed = addresses.length > 0 || pairs.get('UseDevelopmentStorage') === 'true';
  if (!isNamed) return pairs.get('DefaultEndpointsProtocol')?.toLowerCase() === 'http';
  return addresses.some(
    (address) => URL.canParse(address) && new URL(address).protocol === 'http:' && !isLoopback(new URL(address).hostname),
  );
}

function parseBlobServiceUri(text: string): Parsed<string> {
  const endpoint = parseEndpoint(text);
  if ('value' in endpoint && endpoint.value.startsWith('https:')) return endpoint;
  return { problem: 'is not the URI of a blob service', remedy: 'Write https://ACCOUNT.blob.core.windows.net, without path and query.' };
}
