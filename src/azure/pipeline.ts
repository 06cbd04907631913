import type { TokenCredential } from '@azure/identity';
import { withoutSecrets } from './secrets';

/** What the clients of Azure's HTTP services have in common here. */

/** A credential could not give a token. The message is the credential's own, cut and without secrets. */
export class NoToken extends Error {
  override readonly name = 'NoToken';
}

const LONGEST_REASON = 300;

/** Tells a credential's failure from the service's, which reach us by the same way. */
export function markedCredential(credential: TokenCredential): TokenCredential {
  return {
    getToken: async (...args) => {
      try {
        return await credential.getToken(...args);
      } catch (error) {
        const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
        throw new NoToken(withoutSecrets(firstLine).slice(0, LONGEST_REASON), { cause: error });
      }
    },
  };
}

export const noCredential: TokenCredential = { getToken: () => Promise.resolve(null) };

interface Pipeline {
  removePolicy(options: { readonly name: string }): unknown;
}

/** Takes out what stands between a client and http on loopback. */
export function openToLoopback(pipeline: Pipeline): void {
  // It refuses http even to loopback.
  pipeline.removePolicy({ name: 'bearerTokenAuthenticationPolicy' });
  // It would send what is meant for loopback to the proxy of HTTP_PROXY.
  pipeline.removePolicy({ name: 'proxyPolicy' });
}

interface Request {
  readonly url: string;
  requestOverrides?: Record<string, unknown>;
}

/** Node takes an IPv6 address without the brackets that the clients leave on. */
export function allowIpv6Loopback(request: Request): void {
  if (request.url.startsWith('http://[::1]')) request.requestOverrides = { hostname: '::1' };
}
