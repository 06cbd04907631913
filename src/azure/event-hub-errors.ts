import { TimeIsUp } from '../deadline';
import { withoutSecrets } from './secrets';

/** What the errors of the Event Hubs client mean to one who sends. */

/**
 * Codes that blame the events themselves. Not among them: a hub that is not found, disabled or full, which says nothing of the events.
 * Source of the codes: https://learn.microsoft.com/javascript/api/@azure/core-amqp/messagingerror
 */
const refusals: ReadonlySet<string> = new Set([
  'MessageTooLargeError',
  'ArgumentError',
  'ArgumentOutOfRangeError',
  'DecodeError',
  'InvalidFieldError',
]);

const LONGEST_TEXT = 300;

const NETWORK = 'check the name of the namespace, and that no firewall or private endpoint stands in the way (AMQP, port 5671)';
const ROLE = 'check that the identity has the role Azure Event Hubs Data Sender on the hub, or the key of the connection string';
const HUB_NAME = 'check the name of the hub';
const CAPACITY = 'check the throughput units and quotas of the namespace';
const IDENTITY = 'check that the identity exists here and can get a token';

const advice: ReadonlyMap<string, string> = new Map([
  ['UnauthorizedError', ROLE],
  ['PublisherRevokedError', ROLE],
  ['MessagingEntityNotFoundError', HUB_NAME],
  ['ServiceCommunicationError', HUB_NAME],
  ['MessagingEntityDisabledError', 'check that the hub is active'],
  ['ServerBusyError', CAPACITY],
  ['QuotaExceededError', CAPACITY],
  ['CredentialUnavailableError', IDENTITY],
  ['AuthenticationError', IDENTITY],
  ['AuthenticationRequiredError', IDENTITY],
]);

/** Whether the service will never take these events. Otherwise they were not acknowledged, and may or may not have been stored. */
export function isRefusal(error: unknown): boolean {
  return refusals.has(codeOf(decisive(error)));
}

/** Whether the hub answered, so that the connection is sound. */
export function isAnswer(error: unknown): boolean {
  return isRefusal(error) || codeOf(decisive(error)) === 'ServerBusyError';
}

/** Whether the same may succeed a moment later. */
export function mayPass(error: unknown): boolean {
  const last = decisive(error);
  return last instanceof Error && 'retryable' in last && last.retryable === true;
}

/** The code, where it says anything, and the text of an error, without secrets: a clause without a full stop. */
export function describeError(error: unknown): string {
  const last = decisive(error);
  const [line = ''] = (last instanceof Error ? last.message : String(last)).split('\n');
  const text = withoutSecrets(line)
    .slice(0, LONGEST_TEXT)
    .replace(/[\s.]+$/, '');
  const code = codeOf(last);
  if (text === '') return code;
  return code === 'Error' || last instanceof TimeIsUp ? text : `${code}: ${text}`;
}

/** What to check after an error that is not a refusal: a clause. */
export function adviseOn(error: unknown): string {
  return advice.get(codeOf(decisive(error))) ?? NETWORK;
}

/** Of several errors the last one counts: it ended the tries. */
function decisive(error: unknown): unknown {
  return flatten(error).at(-1);
}

/** An AggregateError (of several tries, addresses or credentials) may have no message, and hold others. */
function flatten(error: unknown): readonly unknown[] {
  if (typeof error !== 'object' || error === null || !('errors' in error)) return [error];
  const { errors } = error;
  return Array.isArray(errors) && errors.length > 0 ? errors.flatMap(flatten) : [error];
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  return 'code' in error && typeof error.code === 'string' && error.code !== '' ? error.code : error.name;
}
