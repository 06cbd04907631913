import { readOrigin } from '../endpoint';

/** Where queries go, and for whom the token is. */
export interface QueryEndpoint {
  readonly url: string;
  /** Undefined on loopback over http: no token is asked for or sent. */
  readonly scope: string | undefined;
}

/** An origin is its own audience (also in the sovereign clouds), except for the newer name of the public one. */
const audienceOf: Readonly<Record<string, string>> = {
  'https://api.loganalytics.azure.com': 'https://api.loganalytics.io',
};

/**
 * Reads the origin of a Log Analytics endpoint, e.g. https://api.loganalytics.io; `audience` is for a host that takes tokens of another.
 * Throws TypeError as readOrigin does.
 */
export function readEndpoint(endpoint: string, audience?: string): QueryEndpoint {
  const { origin, scope } = readOrigin(
    endpoint,
    'Log Analytics',
    'https://api.loganalytics.io',
    (url) => audience ?? audienceOf[url.origin] ?? url.origin,
  );
  return { url: `${origin}/v1`, scope };
}
