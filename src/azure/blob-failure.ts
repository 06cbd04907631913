import { RestError } from '@azure/storage-blob';
import { PortUnavailable } from '../hunt/ports';
import { TimeIsUp } from '../deadline';

/**
 * What Blob Storage's failures mean. Messages are made of its status and error code alone: its own texts may quote a request.
 * https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
 */

const TRANSIENT = new Set([408, 429, 500, 502, 503, 504]);

/** The answer began and its body did not arrive whole. */
export class BrokenBody extends Error {
  override readonly name = 'BrokenBody';

  constructor(options?: ErrorOptions) {
    super('the answer broke off', options);
  }
}

/** No answer, half an answer, or one that another try may better. */
export function isTransient(error: unknown): boolean {
  if (error instanceof BrokenBody) return true;
  return error instanceof RestError && (error.statusCode === undefined || TRANSIENT.has(error.statusCode));
}

/** Whether the service answered with one of these error codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof RestError && error.code !== undefined && codes.includes(error.code);
}

/**
 * One sentence: what was asked, why it failed, and what to check.
 * @param action what was asked, e.g. `reading a/b.json in container 'x' at host`
 */
export function unavailable(action: string, error: unknown): PortUnavailable {
  if (error instanceof PortUnavailable) return error;
  const [reason, check] = explain(error);
  return new PortUnavailable('ledger', `${action} failed: ${reason}; check ${check}.`, { cause: error });
}

const REACH = 'that the storage account exists and can be reached from here (its name, DNS, firewall and private endpoints)';
const ROLE =
  'that the identity has the role Storage Blob Data Contributor or Storage Blob Data Owner on the storage account, ' +
  'and that the account admits this network';
const CREDENTIAL = 'that the identity in the settings exists and can get a token';

function explain(error: unknown): readonly [reason: string, check: string] {
  if (error instanceof TimeIsUp || error instanceof BrokenBody) return [error.message, REACH];
  if (!(error instanceof RestError)) return [`the client could not ask (${nameOf(error)})`, CREDENTIAL];
  const code = error.code ?? 'no error code';
  if (error.statusCode === undefined) return [`no answer (${code})`, REACH];
  const answer = `the answer was ${error.statusCode} ${code}`;
  if (hasCode(error, 'ContainerNotFound')) return [answer, `that the container exists, or, for its creation, ${ROLE}`];
  if (error.statusCode === 401 || error.statusCode === 403) return [answer, ROLE];
  if (TRANSIENT.has(error.statusCode)) return [answer, 'the health and the limits of the storage account'];
  return [answer, 'that the address is that of a blob endpoint, and that no lease or policy holds the blob'];
}

function nameOf(error: unknown): string {
  const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;
  return typeof name === 'string' ? name : typeof error;
}
