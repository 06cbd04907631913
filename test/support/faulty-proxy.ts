import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { serveOnLoopback } from '../../src/local/loopback-server';

/**
 * What happens to one request.
 * - none: it is passed on, and so is its answer.
 * - hang: it is not passed on, and never answered.
 * - reset: it is not passed on; the connection is reset.
 * - lose-answer: it is passed on; then the connection is reset.
 * - half-answer: the first half of the answer's body comes, then the connection is closed.
 * - stall: the first half of the answer's body comes, then nothing.
 * - a status: it is not passed on; this is the answer.
 */
export type Fault =
  'none' | 'hang' | 'reset' | 'lose-answer' | 'half-answer' | 'stall' | { readonly status: number; readonly code: string };

export interface ProxiedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly body: Buffer;
}

export interface FaultyProxyOptions {
  /** Asked about each request for which no fault was injected; default none. */
  readonly faultFor?: (request: ProxiedRequest) => Fault;
  /** Told of each answer of the target, before it is passed on. One that gives true is not passed on. */
  readonly onAnswer?: (request: ProxiedRequest, status: number) => boolean;
}

export interface FaultyProxy {
  /** http://127.0.0.1:PORT */
  readonly endpoint: string;
  /** `METHOD path?query` of every request that came. */
  readonly requests: readonly string[];
  /** The next requests meet these faults, one each; those after them none. */
  inject(...faults: readonly Fault[]): void;
  /** Faults that no request has met yet. */
  readonly pendingFaults: number;
  close(): Promise<void>;
}

/** A server on loopback in front of another, `target`, that does to the requests what it is told. */
export async function startFaultyProxy(target: string, options: FaultyProxyOptions = {}): Promise<FaultyProxy> {
  const requests: string[] = [];
  const faults: Fault[] = [];
  const server = await serveOnLoopback((incoming, answer) => {
    const { method = 'GET', url = '/' } = incoming;
    requests.push(`${method} ${url}`);
    const injected = faults.shift();
    // A client that is gone ends its request in mid-way.
    serve(target, injected, options, incoming, answer).catch(() => answer.destroy());
  });
  return {
    endpoint: server.origin,
    requests,
    inject: (...more) => void faults.push(...more),
    get pendingFaults() {
      return faults.length;
    },
    close: server.close,
  };
}

async function serve(
  target: string,
  injected: Fault | undefined,
  { faultFor, onAnswer }: FaultyProxyOptions,
  incoming: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = incoming;
  const proxied: ProxiedRequest = { method, url, body: await bodyOf(incoming) };
  const fault = injected ?? faultFor?.(proxied) ?? 'none';
  if (fault === 'hang') return;
  if (fault === 'reset') {
    incoming.socket.resetAndDestroy();
    return;
  }
  if (typeof fault === 'object') {
    const error = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${fault.code}</Code><Message>as told</Message></Error>`;
    answer.writeHead(fault.status, { 'x-ms-error-code': fault.code, 'content-type': 'application/xml' }).end(error);
    return;
  }
  const passed = request(new URL(url, target), { method, headers: incoming.headers });
  passed.end(proxied.body);
  const [reply] = (await once(passed, 'response')) as [IncomingMessage];
  const whole = await bodyOf(reply);
  const { statusCode = 500 } = reply;
  if (onAnswer?.(proxied, statusCode) === true) return;
  if (fault === 'lose-answer') {
    incoming.socket.resetAndDestroy();
    return;
  }
  answer.writeHead(statusCode, reply.headers);
  if (fault === 'none') {
    answer.end(whole);
    return;
  }
  answer.write(whole.subarray(0, whole.length / 2), () => {
    if (fault === 'half-answer') incoming.socket.destroy();
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}
