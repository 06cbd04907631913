import Ajv2020 from 'ajv/dist/2020.js';
import schema from '../../src/incident/incident.schema.json';
import type { IncidentMessage } from '../../src/incident/message';
import { MESSAGE_LIMIT } from '../../src/incident/pack';

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile<IncidentMessage>(schema);

function holdsLoneSurrogate(value: unknown): boolean {
  if (typeof value === 'string') return /\p{Surrogate}/u.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => holdsLoneSurrogate(name) || holdsLoneSurrogate(member));
}

/** The message that the bytes are. Throws unless they are valid UTF-8, valid JSON by the published schema, and within the limit. */
export function expectValidIncident(bytes: Uint8Array): IncidentMessage {
  if (bytes.length > MESSAGE_LIMIT) throw new Error(`a message of ${bytes.length} bytes`);
  const message: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  if (!validate(message)) throw new Error(`not an incident message: ${JSON.stringify(validate.errors, undefined, 2)}`);
  if (holdsLoneSurrogate(message)) throw new Error('a lone surrogate in an incident message');
  return message;
}
