import type { IncidentMessage } from '../incident/message';
import { validateMessage } from '../incident/validate-message';

/** What an event holds: a message of ours, or why it is not one, as one sentence without contents. */
export type ReadMessage = { readonly message: IncidentMessage } | { readonly reason: string };

/** The schemaVersion that this program knows. */
const SCHEMA_VERSION = 1;

/**
 * Reads an event's body as it came from the hub: UTF-8 of an incident message by the published schema. A body that the host has parsed
 * already is taken as it is.
 */
export function readMessage(body: unknown): ReadMessage {
  const parsed = body instanceof Uint8Array || typeof body === 'string' ? parse(body) : { value: body };
  if ('reason' in parsed) return parsed;
  const { value } = parsed;
  const version = versionOf(value);
  if (version !== undefined && version > SCHEMA_VERSION) {
    return {
      reason: `its schemaVersion is ${version}, and this program knows ${SCHEMA_VERSION}: deploy the newer version of this app, then replay it`,
    };
  }
  if (isMessage(value)) return { message: value };
  const [first] = validateMessage.errors ?? [];
  const place = first === undefined || first.instancePath === '' ? 'the whole' : first.instancePath;
  return { reason: `it is not an incident message: ${place} ${first?.message ?? 'is wrong'}` };
}

function isMessage(value: unknown): value is IncidentMessage {
  return validateMessage(value);
}

function parse(body: Uint8Array | string): { readonly value: unknown } | { readonly reason: string } {
  let text: string;
  try {
    text = typeof body === 'string' ? body : new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return { reason: 'it is not UTF-8' };
  }
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { reason: 'it is not JSON' };
  }
}

function versionOf(value: unknown): number | undefined {
  const version = typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined;
  return typeof version === 'number' && Number.isSafeInteger(version) ? version : undefined;
}
