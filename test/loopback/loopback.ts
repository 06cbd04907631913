import { createBlobStore } from '../../src/azure/blob-store';
import { createEventHubSink } from '../../src/azure/event-hub';
import { createLogAnalyticsSource } from '../../src/azure/log-analytics';
import { binAt } from '../../src/hunt/bins';
import type { CyclePorts } from '../../src/hunt/cycle';
import { startEventHub, type LocalEventHub } from '../../src/local/event-hub-server';
import { startLogAnalytics, type LogAnalyticsServer } from '../../src/local/log-analytics-server';
import type { QueryRequest } from '../../src/local/log-analytics/request';
import type { QueryTable } from '../../src/local/log-analytics/reply';
import type { Instant } from '../../src/value/instant';
import { COLUMNS } from '../simulation/rules';
import { LARGEST_MESSAGE, wireRow } from '../simulation/simulated-ports';
import { questionOf, type World } from '../simulation/world';
import { accountKey, connectionString } from '../support/azurite';
import { startFaultyProxy, type Fault as BlobFault, type FaultyProxy } from '../support/faulty-proxy';
import { shortTiming } from '../support/short-timing';
import type { PlannedFault } from './wire-faults';

const HUB_KEY = 'key-of-the-hub-of-the-histories';

/** What may be in no report and no error. */
export const connectionSecrets: readonly string[] = [HUB_KEY, accountKey];

/** No message of a history that must be taken is larger than that, encoded; those that must not be are. */
const LARGEST_BATCH = LARGEST_MESSAGE + 350;

export interface LoopbackOptions {
  readonly world: World;
  /** Where Azurite listens. */
  readonly azurite: string;
  /** Of its two containers. */
  readonly name: string;
  /** Rows that one query gives at most. */
  readonly maxRows: number | undefined;
}

/** A cycle is played short: short of patience in a history, where faults would cost time, and patient where all is quiet. */
export type Patience = 'short' | 'long';

/** The services of one history, on loopback, and the real clients of them. */
export class Loopback {
  private readonly world: World;
  private readonly name: string;
  private readonly azurite: string;
  private readonly logAnalytics: LogAnalyticsServer;
  private readonly hub: LocalEventHub;
  private readonly proxy: FaultyProxy;
  private blobPlan: readonly (PlannedFault & { readonly wire: { readonly service: 'Blob Storage'; readonly fault: BlobFault } })[] = [];
  private blobRequests = 0;

  private constructor({ world, azurite, name }: LoopbackOptions, logAnalytics: LogAnalyticsServer, hub: LocalEventHub, proxy: FaultyProxy) {
    this.world = world;
    this.azurite = azurite;
    this.name = name;
    this.logAnalytics = logAnalytics;
    this.hub = hub;
    this.proxy = proxy;
  }

  static async start(options: LoopbackOptions): Promise<Loopback> {
    const { world, azurite, maxRows } = options;
    const limits = maxRows === undefined ? {} : { maxRows };
    const [logAnalytics, hub, proxy] = await Promise.all([
      startLogAnalytics({ execute: async (request) => answer(world, request), limits }),
      startEventHub({ maxMessageSize: LARGEST_BATCH }),
      startFaultyProxy(azurite, { faultFor: () => loopback.blobFault() }),
    ]);
    const loopback: Loopback = new Loopback(options, logAnalytics, hub, proxy);
    return loopback;
  }

  /** The real adapters. Waits between tries pass on the world's clock; a try that is not answered takes real time. */
  ports(
    patience: Patience,
    until: { readonly instant: Instant; readonly startedAt: Instant; readonly abort: () => void } | undefined,
  ): CyclePorts {
    const { world, azurite, name, logAnalytics, hub, proxy } = this;
    const isShort = patience === 'short';
    const source = createLogAnalyticsSource({
      endpoint: logAnalytics.origin,
      credential: undefined,
      // The pace is kept by a clock that stands still while the world's goes on.
      timing: { paceMs: 0, ...(isShort ? { maxRetries: 2, attemptTimeoutMs: 400 } : {}) },
      sleep: async (ms) => world.passSeconds(ms / 1000),
      random: () => 0.5,
    });
    const store = (kind: string): CyclePorts['ledger'] =>
      createBlobStore({
        // What passes the proxy takes half as long again, and where all is quiet it has no fault.
        account: { connectionString: connectionString(isShort ? proxy.endpoint : azurite) },
        container: `${kind}-${name}`,
        timing: isShort ? { tries: 3, tryMs: 400, delayMs: 2 } : { tries: 3, tryMs: 15_000, delayMs: 100 },
      });
    return {
      clock: { now: () => world.now },
      source: {
        pull: (request) => {
          const { plan, range } = questionOf(request.workspaceId, request.query);
          const bin = binAt(plan.program.grid, range.start);
          const isClosedSince = (instant: Instant): boolean => bin.end < binAt(plan.program.grid, instant).start;
          if (until !== undefined && bin.start >= until.instant && isClosedSince(until.startedAt)) until.abort();
          return source.pull(request);
        },
      },
      sink: createEventHubSink({
        connectionString: hub.connectionString.replace('SharedAccessKey=local', `SharedAccessKey=${HUB_KEY}`),
        eventHubName: 'incidents',
        timing: isShort ? { ...shortTiming, attemptTimeoutMs: 300 } : {},
      }),
      ledger: store('ledger'),
      deadLetters: store('dead'),
    };
  }

  /** Faults for the requests from now on. What gives back how often each was met also takes those away that were not. */
  arm(faults: readonly PlannedFault[]): () => void {
    const { world } = this;
    this.blobRequests = 0;
    const ends = faults.map(({ wire, first, times }) => {
      if (wire.service === 'Blob Storage') return () => undefined;
      let seen = 0;
      const isMet = (): boolean => {
        seen += 1;
        return seen > first;
      };
      if (wire.service === 'Log Analytics') {
        const armed = this.logAnalytics.faults.arm(wire.fault, { times, when: isMet });
        return () => {
          world.hits.count(wire.name, armed.hits);
          armed.release();
        };
      }
      const set = this.hub.faults.set(wire.fault, { times });
      return () => {
        world.hits.count(wire.name, set.hits);
        set.remove();
      };
    });
    this.blobPlan = faults.flatMap(({ wire, ...rest }) => (wire.service === 'Blob Storage' ? [{ ...rest, wire }] : []));
    return () => {
      this.blobPlan = [];
      ends.forEach((end) => end());
    };
  }

  /** Brings what the services hold into the world, where the judge looks for it. */
  async settle(): Promise<void> {
    const { world, hub, name } = this;
    for (const { partitionKey = '', body } of hub.events().slice(world.received.length))
      world.receive(partitionKey, Buffer.from(body).toString('utf8'));
    for (const [kind, copy] of [
      ['ledger', world.ledger],
      ['dead', world.deadLetters],
    ] as const) {
      const blobs = createBlobStore({ account: { connectionString: connectionString(this.azurite) }, container: `${kind}-${name}` });
      for (const path of await blobs.list('')) copy.write(path, (await blobs.read(path))?.body ?? '', '*');
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.logAnalytics.close(), this.hub.close(), this.proxy.close()]);
  }

  private blobFault(): BlobFault {
    const number = this.blobRequests;
    this.blobRequests += 1;
    const met = this.blobPlan.find(({ first, times }) => number >= first && number < first + times);
    if (met === undefined) return 'none';
    this.world.hits.count(met.wire.name);
    return met.wire.fault;
  }
}

/** The rows that the workspace has now, some seconds later. */
function answer(world: World, { workspaceId, query }: QueryRequest): QueryTable {
  const rows = world.rows(questionOf(workspaceId, query)).map(wireRow);
  world.passSeconds(world.history.latency);
  return { columns: COLUMNS.map((name) => ({ name, type: 'string' })), rows };
}
