import { createBlobStore } from '../../src/azure/blob-store';
import { startEventHub, type LocalEventHub } from '../../src/local/event-hub-server';
import { createKqlExecutor, type TableRows } from '../../src/local/kql-executor';
import { startLogAnalytics, type LogAnalyticsServer } from '../../src/local/log-analytics-server';
import type { QueryRequest } from '../../src/local/log-analytics/request';
import { builtInSchemas } from '../../src/schema/built-in';
import { instant, instantFromUnixMilliseconds, type Instant } from '../../src/value/instant';
import { accountKey, connectionString, startAzurite, type Azurite } from '../support/azurite';
import { startFaultyProxy, type FaultyProxy, type ProxiedRequest } from '../support/faulty-proxy';
import { Store } from '../simulation/store';
import { columnsOf, WORKSPACES, type ProcessRow } from './rows';
import type { Observed } from './moments';

const HUB_KEY = 'key-of-the-hub-of-the-crash-runs';

/** Within it half of an answer has left over loopback. */
const HALF_SENT_MS = 30;

/** What may be in no output of the app: the rows have one of their own. */
export const connectionSecrets = [HUB_KEY, accountKey];

/** The world around the app: a workspace, a hub and a storage account, which see what it does and outlive it. */
export class CrashWorld {
  readonly rows: ProcessRow[] = [];
  /** Asked at each moment that is seen whether the app dies now; then what it asked for does not happen. */
  isLast: (moment: Observed) => boolean = () => false;
  kill: () => void = () => undefined;
  private aheadMs = 0;
  private readonly tables = new Map<string, Map<ProcessRow['table'], TableRows[number][]>>();
  private hasUnrecorded = false;
  private diesOfHalf = false;
  private readonly servers: Servers;

  private constructor(servers: Servers) {
    this.servers = servers;
    for (const workspace of WORKSPACES)
      this.tables.set(
        workspace,
        new Map([
          ['_Im_ProcessCreate', []],
          ['SecurityEvent', []],
        ]),
      );
  }

  static async start(): Promise<CrashWorld> {
    const azurite = await startAzurite();
    const schemas = new Map(Object.entries(builtInSchemas));
    const hub = await startEventHub();
    const run = createKqlExecutor({ schemas, tables: (workspace) => world.tables.get(workspace) ?? new Map(), now: () => world.now });
    const execute: typeof run = async (request) => {
      world.dies('rows are asked for');
      const answer = await run(withoutTimes(request));
      if (world.diesOfHalf) setTimeout(() => world.kill(), HALF_SENT_MS);
      return answer;
    };
    const logAnalytics = await startLogAnalytics({ execute, workspaces: WORKSPACES });
    const proxy = await startFaultyProxy(new URL(blobEndpoint(azurite)).origin, {
      faultFor: (request) => (world.isBefore(request) ? 'hang' : 'none'),
      onAnswer: (request, status) => status < 300 && world.isAfter(request),
    });
    const world = new CrashWorld({ azurite, hub, logAnalytics, proxy });
    world.watchHub();
    world.watchAnswers();
    return world;
  }

  get now(): Instant {
    return instantFromUnixMilliseconds(Date.now() + this.aheadMs);
  }

  get clockAheadMs(): number {
    return this.aheadMs;
  }

  passMinutes(minutes: number): void {
    this.aheadMs += minutes * 60_000;
  }

  arrive(rows: readonly ProcessRow[]): void {
    for (const row of rows) {
      this.rows.push(row);
      this.tables.get(row.workspace)?.get(row.table)?.push(columnsOf(row));
    }
  }

  environment(rules: readonly string[], start: string): Readonly<Record<string, string>> {
    const { logAnalytics, hub, proxy } = this.servers;
    return {
      HUNT_WORKSPACES: WORKSPACES.join(','),
      HUNT_RULES: rules.join(','),
      HUNT_START: start,
      LOG_ANALYTICS_ENDPOINT: logAnalytics.origin,
      IncidentHub: hub.connectionString.replace('SharedAccessKey=local', `SharedAccessKey=${HUB_KEY}`),
      HuntLedger: connectionString(proxy.endpoint),
    };
  }

  get hub(): LocalEventHub {
    return this.servers.hub;
  }

  /** A copy of the ledger, and of the dead letters. */
  async stores(): Promise<{ readonly ledger: Store; readonly deadLetters: Store }> {
    return { ledger: await this.copyOf('hunt-ledger'), deadLetters: await this.copyOf('dead-letter') };
  }

  /** What the dead app was still waiting for. */
  forgetApp(): void {
    this.hasUnrecorded = false;
    this.diesOfHalf = false;
    this.isLast = () => false;
  }

  async close(): Promise<void> {
    const { azurite, hub, logAnalytics, proxy } = this.servers;
    await Promise.all([hub.close(), logAnalytics.close(), proxy.close()]);
    await azurite.stop();
  }

  private async copyOf(container: string): Promise<Store> {
    const blobs = createBlobStore({ account: { connectionString: this.servers.azurite.connectionString }, container });
    const copy = new Store();
    for (const path of await blobs.list('')) copy.write(path, (await blobs.read(path))?.body ?? '', undefined);
    return copy;
  }

  private dies(moment: Observed): boolean {
    const isDead = this.isLast(moment);
    if (isDead) this.kill();
    return isDead;
  }

  /** The answer is made after the fault is chosen; the app dies when half of it was sent. */
  private willDieOfHalf(): boolean {
    this.diesOfHalf = this.isLast('half of the rows have come');
    return this.diesOfHalf;
  }

  /** A request to the ledger has come, and is not passed on yet. */
  private isBefore(request: ProxiedRequest): boolean {
    if (request.method === 'GET') return this.dies('a blob of the ledger is asked for');
    if (!isWrite(request)) return false;
    if (request.url.includes('/head.json')) return this.dies('the head is to be written');
    if (this.dies('a bin is to be recorded')) return true;
    const hadUnrecorded = this.hasUnrecorded;
    this.hasUnrecorded = false;
    return hadUnrecorded && this.dies('what the hub has acknowledged is to be recorded');
  }

  /** A request to the ledger was carried out, and is not answered yet. */
  private isAfter(request: ProxiedRequest): boolean {
    if (!isWrite(request)) return false;
    if (request.url.includes('/head.json')) return this.dies('the head is written');
    if (request.body.includes('"pending":[{') && this.dies('a bin is recorded with messages pending')) return true;
    return this.dies('a bin is recorded');
  }

  /** The batch in which the app dies is stored or not, and never answered. */
  private watchHub(): void {
    const { faults } = this.servers.hub;
    faults.set({ at: 'send', answer: 'silence', stored: false }, { onlyFor: () => this.dies('a batch has come to the hub') });
    faults.set({ at: 'send', answer: 'silence', stored: true }, { onlyFor: () => this.dies('a batch is stored in the hub') });
    const noteSent = (): boolean => {
      this.hasUnrecorded = true;
      return false;
    };
    faults.set({ at: 'send', answer: 'release' }, { onlyFor: noteSent });
  }

  private watchAnswers(): void {
    const { faults } = this.servers.logAnalytics;
    faults.arm({ kind: 'stall', at: 'midway' }, { times: Infinity, when: () => this.willDieOfHalf() });
  }
}

interface Servers {
  readonly azurite: Azurite;
  readonly hub: LocalEventHub;
  readonly logAnalytics: LogAnalyticsServer;
  /** In front of Azurite. */
  readonly proxy: FaultyProxy;
}

const RANGE = /TimeGenerated >= datetime\(([^)]+)\) and TimeGenerated < datetime\(([^)]+)\)/;

/** The same question in a text that is the same for every range, so that it is read once: the range is the request's own timespan then. */
function withoutTimes(request: QueryRequest): QueryRequest {
  const [, start = '', end = ''] = RANGE.exec(request.query) ?? [];
  const query = request.query.replaceAll(start, '2000-01-01T00:00:00.0000000Z').replaceAll(end, '2100-01-01T00:00:00.0000000Z');
  return { ...request, query, timespan: { start: instant(start), end: instant(end) } };
}

function isWrite({ method, url }: ProxiedRequest): boolean {
  return method === 'PUT' && url.includes('.json');
}

function blobEndpoint(azurite: Azurite): string {
  return /BlobEndpoint=([^;]+)/.exec(azurite.connectionString)?.[1] ?? '';
}
