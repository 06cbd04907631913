import { isLoopback } from '../settings/values';

/** Where a client sends its requests, and for whom the token is. */
export interface Endpoint {
  readonly origin: string;
  /** Undefined on loopback over http: no token is asked for or sent. */
  readonly scope: string | undefined;
}

/**
 * Reads the origin of a service's endpoint. `audienceOf` tells for whom a token for it must be.
 * Throws TypeError for what is not an origin, and for http beyond loopback, where what is sent could be read on the way.
 */
export function readOrigin(endpoint: string, service: string, example: string, audienceOf: (url: URL) => string): Endpoint {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isOrigin = url !== undefined && endpoint.replace(/\/$/, '').toLowerCase() === `${url.protocol}//${url.host}`;
  if (!isOrigin || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`the ${service} endpoint is not an origin: '${endpoint}'; write it like ${example}, without a path`);
  }
  if (url.protocol === 'https:') return { origin: url.origin, scope: `${audienceOf(url)}/.default` };
  if (!isLoopback(url.hostname)) {
    throw new TypeError(`the ${service} endpoint ${url.origin} is http, which is for loopback only; write https://${url.host}`);
  }
  return { origin: url.origin, scope: undefined };
}
