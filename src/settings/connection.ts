import type { Parsed, SettingsReader } from './environment';
import { parseGuid } from './values';

/**
 * A service that a function reaches, in the convention of Azure Functions: the setting NAME is a text such as a connection string, or
 * else NAME__… are an address, and by whose identity it is reached.
 * https://learn.microsoft.com/azure/azure-functions/functions-reference#configure-an-identity-based-connection
 */

/** Whose token is asked for: the app's managed identity, user-assigned where there is a `clientId`; or that of whoever is signed in. */
export type CredentialChoice = { readonly kind: 'managedidentity'; readonly clientId?: string } | { readonly kind: 'default' };

export type Connection<T> =
  | { readonly kind: 'text'; readonly value: T }
  | { readonly kind: 'identity'; readonly address: string; readonly credential: CredentialChoice };

export interface ConnectionForm<T> {
  readonly name: string;
  /** What NAME may hold, as the end of a remedy. */
  readonly text: string;
  readonly parseText: (text: string) => Parsed<T>;
  /** The setting that holds the address. */
  readonly address: string;
  readonly parseAddress: (text: string) => Parsed<string>;
  readonly required: boolean;
}

/** Undefined where neither is set, or something is wrong. Every mistake is reported; that neither is set, only where one is required. */
export function readConnection<T>(settings: SettingsReader, form: ConnectionForm<T>): Connection<T> | undefined {
  const { name } = form;
  const value = settings.optional(name, form.parseText);
  const address = settings.optional(form.address, form.parseAddress);
  const credential = readCredential(settings, form);
  const hasText = settings.isSet(name);
  const hasAddress = settings.isSet(form.address);
  if (hasText && hasAddress) settings.report(name, `and ${form.address} are both set`, 'Remove one of them.');
  if (!hasText && !hasAddress && form.required) {
    settings.report(form.address, 'is not set', `Set it, or set ${name} to ${form.text}.`);
  }
  if (value !== undefined) return { kind: 'text', value };
  return address === undefined || credential === undefined ? undefined : { kind: 'identity', address, credential };
}

function readCredential(
  settings: SettingsReader,
  { name, address }: Pick<ConnectionForm<unknown>, 'name' | 'address'>,
): CredentialChoice | undefined {
  const [credential, client] = [`${name}__credential`, `${name}__clientId`];
  const kind = settings.optional(credential, parseCredential);
  const clientId = settings.optional(client, parseGuid);
  if (settings.isSet(credential) && !settings.isSet(address)) {
    settings.report(credential, `is set without ${address}`, `Set ${address}, or remove it.`);
  }
  if (settings.isSet(client) && !settings.isSet(credential)) {
    settings.report(client, `is set without ${credential}`, `Set ${credential} to managedidentity, or remove it.`);
  }
  if (kind === undefined) return settings.isSet(credential) ? undefined : { kind: 'default' };
  return clientId === undefined ? { kind } : { kind, clientId };
}

function parseCredential(text: string): Parsed<'managedidentity'> {
  if (text === 'managedidentity') return { value: text };
  return { problem: 'is not managedidentity', remedy: 'Write managedidentity, or remove the setting to use whoever is signed in.' };
}

/** The `key=value` pairs of a connection string. Keys keep their case, which the Azure clients heed; a value may have a `=`. */
export function connectionPairs(connectionString: string): ReadonlyMap<string, string> {
  const pairs = connectionString.split(';').map((pair) => /^\s*(\w+)=(.*)$/.exec(pair));
  return new Map(pairs.flatMap((match) => (match === null ? [] : [[match[1] ?? '', match[2] ?? '']])));
}
