import { join } from 'node:path';
import { runHunt } from '../../src/app';
import type { Io } from '../../src/cli/io';
import { startEventHub } from '../../src/local/event-hub-server';
import { createKqlExecutor } from '../../src/local/kql-executor';
import { startLogAnalytics } from '../../src/local/log-analytics-server';
import { builtInSchemas } from '../../src/schema/built-in';
import { addTicks, instant, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import { hunt, type Ended } from './command-line';
import { compileShippedRules } from './compiled-rules';
import { temporaryFolder } from './temporary-folder';

export const WORKSPACE = '0a1b2c3d-0000-4000-8000-00000000c0de';
export const ASIM_RULE = '4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87';

type Row = Readonly<Record<string, unknown>>;

/** The rows that make one incident of the shipped rule. */
export function pair(hour: string, account: string): readonly Row[] {
  const event = (minute: string, command: string): Row => ({
    TimeGenerated: `${hour}:${minute}:00Z`,
    Dvc: 'ex01.contoso.com',
    ActorUsername: account,
    Process: 'C:\\Windows\\System32\\cmd.exe',
    CommandLine: command,
    EventVendor: 'Microsoft',
    EventProduct: 'Security Events',
  });
  return [event('05', 'New-MailboxExportRequest -Mailbox ceo'), event('17', 'Remove-MailboxExportRequest -Identity ceo')];
}

export interface LedgerScene {
  /** What the workspace has. */
  readonly rows: Row[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Requests that the workspace has had. */
  readonly requests: () => number;
  /** Bodies of all messages in the hub, in order. */
  readonly messages: () => readonly { readonly id: string; readonly revision: number; readonly status: string }[];
  readonly at: (time: string) => void;
  readonly now: () => Instant;
  /** Runs the function; resolves to its log. */
  readonly cycle: (more?: Readonly<Record<string, string>>) => Promise<readonly string[]>;
  /** Runs the command line at the scene's time. */
  readonly hunt: (args: readonly string[], io?: Partial<Io>) => Promise<Ended>;
  readonly close: () => Promise<void>;
}

/** The function and the command line on one ledger of files, with a local workspace and a local hub. */
export async function startLedgerScene(start: string): Promise<LedgerScene> {
  const folder = await temporaryFolder();
  const compiledRules = join(folder.path, 'rules');
  await compileShippedRules(compiledRules);
  const rows: Row[] = [];
  let now = instant(start);
  const execute = createKqlExecutor({
    schemas: new Map(Object.entries(builtInSchemas)),
    tables: () => new Map([['_Im_ProcessCreate', rows]]),
    now: () => now,
  });
  const workspace = await startLogAnalytics({ execute, workspaces: [WORKSPACE] });
  const hub = await startEventHub({ hubName: 'incidents' });
  const environment = {
    HUNT_WORKSPACES: WORKSPACE,
    HUNT_START: start,
    LOG_ANALYTICS_ENDPOINT: workspace.origin,
    IncidentHub: hub.connectionString,
    HuntLedger: `file:${join(folder.path, 'ledger')}`,
  };
  return {
    rows,
    folder: folder.path,
    environment,
    requests: () => workspace.requests().length,
    messages: () =>
      hub.events().map(({ body }) => JSON.parse(new TextDecoder().decode(body)) as { id: string; revision: number; status: string }),
    at: (time) => {
      now = instant(time);
    },
    now: () => now,
    cycle: async (more = {}) => {
      const lines: string[] = [];
      const log = (text: string): void => void lines.push(text);
      await runHunt({
        environment: { ...environment, ...more },
        rulesFolder: compiledRules,
        log: { info: log, warn: log, error: log },
        clock: { now: () => now },
        beginMs: 200_000,
        endMs: 240_000,
        stopMs: 275_000,
      });
      return lines;
    },
    hunt: async (args, io = {}) => hunt(args, { environment, compiledRules, startedAt: addTicks(now, TICKS_PER_MINUTE), ...io }),
    close: async () => {
      await hub.close();
      await workspace.close();
      await folder.remove();
    },
  };
}
