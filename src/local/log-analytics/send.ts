import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './faults';
import type { Reply } from './reply';

function writeHead(response: ServerResponse, { status, headers }: Reply, contentLength: number): void {
  response.writeHead(status, { ...headers, ...(status === 204 ? {} : { 'content-length': contentLength }) });
}

/** Resolves when the bytes are handed to the socket, or the socket is gone: then the callback never comes. */
async function write(response: ServerResponse, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve) => {
    response.once('close', resolve);
    response.write(bytes, () => resolve());
  });
}

/** Resolves at the first abort, or when the client hangs up. */
async function interruption(response: ServerResponse, signals: readonly AbortSignal[]): Promise<void> {
  if (response.destroyed || signals.some((signal) => signal.aborted)) return;
  const settled = new AbortController();
  await Promise.race([
    once(response, 'close', { signal: settled.signal }),
    ...signals.map((signal) => once(signal, 'abort', { signal: settled.signal })),
  ]);
  settled.abort();
}

/**
 * Sends the reply as the fault has it. Resolves when there is no more to do for this request, on every path, also when the client hangs up or
 * `closing` is aborted.
 */
export async function send(
  response: ServerResponse,
  reply: Reply,
  met: { readonly fault: Fault; readonly released: AbortSignal } | undefined,
  closing: AbortSignal,
): Promise<void> {
  const bytes = Buffer.from(reply.body);
  const fault = met?.fault;
  const half = bytes.subarray(0, bytes.length >> 1);
  const reset = (): void => void response.socket?.resetAndDestroy();

  if (fault?.kind === 'reset' && fault.at === 'before') return reset();
  if (fault?.kind === 'stall' && fault.at === 'before') await interruption(response, [met?.released ?? closing, closing]);
  if (response.destroyed) return;
  writeHead(response, reply, bytes.length);
  if (fault === undefined || fault.kind === 'answer' || (fault.kind === 'stall' && fault.at === 'before')) {
    response.end(bytes);
    return;
  }
  await write(response, half);
  switch (fault.kind) {
    case 'half-body':
      response.socket?.end();
      return;
    case 'reset':
      return reset();
    case 'stall':
      await interruption(response, [met?.released ?? closing, closing]);
      break;
    case 'slow':
      await sleep(fault.ms, undefined, { signal: closing }).catch(() => undefined);
      break;
  }
  response.end(bytes.subarray(half.length));
}
