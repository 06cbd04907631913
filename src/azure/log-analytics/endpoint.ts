/** Where queries go, and for whom the token is. */
export interface Endpoint {
  readonly url: string;
  /** Undefined on loopback over http: no token is asked for or sent. */
  readonly scope: string | undefined;
}

/** An origin is its own audience (also in the sovereign clouds), except for the newer name of the public one. */
const audienceOf: Readonly<Record<string, string>> = {
  'https://api.loganalytics.azure.com': 'https://api.loganalytics.io',
};

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * Reads the origin of a Log Analytics endpoint, e.g. https://api.loganalytics.io; `audience` is for a host that takes tokens of another.
 * Throws TypeError for what is not an origin, and for http beyond loopback, where a query and its rows could be read on the way.
 */
export function readEndpoint(endpoint: string, audience?: string): Endpoint {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isOrigin = url !== undefined && endpoint.replace(/\/$/, '').toLowerCase() === `${url.protocol}//${url.host}`;
  if (!isOrigin || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(
      `the Log Analytics endpoint is not an origin: '${endpoint}'; write it like https://api.loganalytics.io, without a path`,
    );
  }
  if (url.protocol === 'https:') {
    return { url: `${url.origin}/v1`, scope: `${audience ?? audienceOf[url.origin] ?? url.origin}/.default` };
  }
  if (!isLoopback(url.hostname)) {
    throw new TypeError(`the Log Analytics endpoint ${url.origin} is http, which is for loopback only; write https://${url.host}`);
  }
  return { url: `${url.origin}/v1`, scope: undefined };
}
