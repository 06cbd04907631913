import { startEventHub, type LocalEventHub } from '../local/event-hub-server';
import { createKqlExecutor } from '../local/kql-executor';
import { startLogAnalytics, type LogAnalyticsServer } from '../local/log-analytics-server';
import { sampleRows } from '../local/sample-rows';
import { builtInSchemas } from '../schema/built-in';
import { InputError } from './io';
import { formatInstant, instantFromUnixMilliseconds, type Instant } from '../value/instant';

/** The servers of `npm start` on loopback: a Log Analytics workspace with sample rows of the last hours, and an Event Hub. */

export const WORKSPACE = '11111111-2222-4333-8444-555555555555';
export const HUB = 'incidents';

/** What local.settings.sample.json names. */
export const fixedPorts: Ports = { workspace: 7081, hub: 7082 };

interface Ports {
  readonly workspace: number;
  readonly hub: number;
}

export interface LocalServers {
  readonly workspace: LogAnalyticsServer;
  readonly hub: LocalEventHub;
  /** Those of the workspace; whoever adds one makes it arrive. */
  readonly rows: Readonly<Record<string, unknown>>[];
  readonly close: () => Promise<void>;
}

export const now = (): Instant => instantFromUnixMilliseconds(Date.now());

/** On free ports where none are given. Rejects where a port is taken. */
export async function startLocalServers(ports: Ports = { workspace: 0, hub: 0 }): Promise<LocalServers> {
  const rows: Readonly<Record<string, unknown>>[] = [...sampleRows(now()).imProcessCreate];
  const execute = createKqlExecutor({
    schemas: new Map(Object.entries(builtInSchemas)),
    // The name in rules, and that of the parser which stands for it in a workspace.
    tables: () =>
      new Map([
        ['imProcessCreate', rows],
        ['_Im_ProcessCreate', rows],
      ]),
    now,
  });
  const workspace = await startLogAnalytics({ execute, workspaces: [WORKSPACE], port: ports.workspace });
  try {
    const hub = await startEventHub({ hubName: HUB, port: ports.hub });
    const close = async (): Promise<void> => {
      await hub.close();
      await workspace.close();
    };
    return { workspace, hub, rows, close };
  } catch (error) {
    await workspace.close();
    throw error;
  }
}

/** `npm start -- --servers`: the servers alone, for an app that runs elsewhere, until Ctrl-C. */
export async function serve(say: (text: string) => void): Promise<void> {
  const { workspace, hub, rows, close } = await startLocalServers(fixedPorts).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' && 'port' in error)) throw error;
    throw new InputError(
      `port ${String(error.port)} of 127.0.0.1 is in use; end what listens there, perhaps another npm start -- --servers`,
    );
  });
  say(`A Log Analytics workspace at ${workspace.origin}, with ${rows.length} sample process events up to ${formatInstant(now())};`);
  say(`an Event Hub at 127.0.0.1:${hub.port}. local.settings.sample.json names both. Ctrl-C ends them.`);
  await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await close();
}
