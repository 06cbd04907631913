import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoopbackServer {
  readonly port: number;
  /** http://127.0.0.1:port */
  readonly origin: string;
  /** Ends everything under way, and closes the port. */
  close(): Promise<void>;
}

export interface LoopbackOptions {
  /** Default: any free one. */
  readonly port?: number | undefined;
  /** Aborted when the server closes: for what is under way without a word on its connection. */
  readonly closing?: AbortController;
}

/** Serves http on loopback. Resolves when it listens. */
export async function serveOnLoopback(listener: RequestListener, { port = 0, closing }: LoopbackOptions = {}): Promise<LoopbackServer> {
  const server = createServer(listener);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: listening } = server.address() as AddressInfo;
  return {
    port: listening,
    origin: `http://127.0.0.1:${listening}`,
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      closing?.abort();
      server.closeAllConnections();
      await closed;
    },
  };
}
