/**
 * The service's error object: a chain of `innererror`, and `details` with chains of their own, each link with a code and a message.
 * https://learn.microsoft.com/azure/azure-monitor/logs/api/response-format
 */
export interface ServiceError {
  /** Every code in it, from the outside in, then the E_ codes that the engine writes into its messages. */
  readonly codes: readonly string[];
  readonly messages: readonly string[];
}

interface Link {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly innererror?: unknown;
  readonly details?: unknown;
}

function links(error: unknown): readonly Link[] {
  if (typeof error !== 'object' || error === null) return [];
  const link: Link = error;
  return [link, ...links(link.innererror), ...(Array.isArray(link.details) ? link.details.flatMap(links) : [])];
}

export function readServiceError(error: unknown): ServiceError {
  const chain = links(error);
  const messages = chain.flatMap(({ message }) => (typeof message === 'string' ? [message] : []));
  const codes = chain.flatMap(({ code }) => (typeof code === 'string' || typeof code === 'number' ? [String(code)] : []));
  const engineCodes = messages.flatMap((message) => message.match(/\bE_[A-Z_]+\b/g) ?? []);
  return { codes: [...new Set([...codes, ...engineCodes])], messages };
}

/**
 * The engine's words for an answer, or work, beyond its limits, and the API's for an answer beyond its own.
 * https://learn.microsoft.com/kusto/concepts/query-limits
 */
export function saysTooLarge(errorText: string): boolean {
  return /E_QUERY_RESULT_SET_TOO_LARGE|E_RUNAWAY_QUERY|ResponsePayloadTooLarge/.test(errorText);
}

const MISSING_SOURCE =
  /Failed to resolve table or column expression named '([^']*)'|Failed to resolve entity '([^']*)'|Unknown function: '([^']*)'/i;

/** The table or function that the workspace lacks, where that is what the error says. A column that it lacks is worded otherwise. */
export function missingSource({ codes, messages }: ServiceError): string | undefined {
  if (!codes.includes('SemanticError')) return undefined;
  const match = messages.map((message) => MISSING_SOURCE.exec(message)).find((found) => found !== null);
  // A group that had no part in the match is undefined, whatever its type says.
  return match?.slice(1).find((name: string | undefined) => name !== undefined);
}
