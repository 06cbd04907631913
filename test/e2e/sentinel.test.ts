import { join } from 'node:path';
import { runHunt } from '../../src/app';
import type { IncidentMessage } from '../../src/incident/message';
import { runIngest } from '../../src/ingest-app';
import { startEventHub } from '../../src/local/event-hub-server';
import type { StoredEvent } from '../../src/local/event-hub/partitions';
import { fault, type Fault } from '../../src/local/ingestion/faults';
import { createKqlExecutor } from '../../src/local/kql-executor';
import { startLogAnalytics } from '../../src/local/log-analytics-server';
import { seededRandom } from '../../src/local/sample-random';
import { builtInSchemas } from '../../src/schema/built-in';
import { addTicks, formatInstant, instant, TICKS_PER_MINUTE, TICKS_PER_SECOND, type Instant } from '../../src/value/instant';
import type { Value } from '../../src/value/types';
import { FREQUENCY, runAnalyticsRule } from '../support/analytics-rule';
import { compileShippedRules } from '../support/compiled-rules';
import { RULE_ID, startTestIngestion, STREAM } from '../support/ingestion';
import { temporaryFolder } from '../support/temporary-folder';

/**
 * The whole way: rows in a workspace, the function hunt, the Event Hub, the function ingest-incidents, Sentinel's table, and the analytics rule's
 * own query, run every five minutes over the table as it grows.
 */

type Row = Readonly<Record<string, unknown>>;
/** A whole number, both ends included. */
type Between = (least: number, most: number) => number;
type Alert = Readonly<Record<string, Value>>;

const WORKSPACE = '0a1b2c3d-0000-4000-8000-00000000e2e0';

const event = (time: Instant, host: string, account: string, command: string): Row => ({
  TimeGenerated: formatInstant(time),
  Dvc: `${host}.contoso.com`,
  ActorUsername: `CONTOSO\\${account}`,
  Process: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
  CommandLine: `powershell -c "${command} -Mailbox ceo"`,
  EventVendor: 'Microsoft',
  EventProduct: 'Security Events',
});

/** The Functions host before ingest-incidents: batches of a partition in order, a checkpoint after each that went well. */
class TriggerHost {
  private readonly checkpoints = new Map<string, number>();
  private readonly ingest: (batch: readonly StoredEvent[]) => Promise<void>;
  failures = 0;
  redeliveries = 0;

  constructor(ingest: (batch: readonly StoredEvent[]) => Promise<void>) {
    this.ingest = ingest;
  }

  /** Hands over what is new, up to `size` events a batch. `dies` tells whether the instance dies behind a batch, before its checkpoint. */
  async deliver(events: readonly StoredEvent[], size: number, dies: () => boolean): Promise<void> {
    for (const partition of new Set(events.map((each) => each.partition))) {
      const log = events.filter((each) => each.partition === partition);
      for (let at = this.checkpoints.get(partition) ?? 0; at < log.length; at = this.checkpoints.get(partition) ?? 0) {
        const batch = log.slice(at, at + size);
        try {
          await this.ingest(batch);
        } catch {
          this.failures += 1;
          break;
        }
        if (dies()) {
          this.redeliveries += 1;
          break;
        }
        this.checkpoints.set(partition, at + batch.length);
      }
    }
  }

  /** Another instance takes a partition over from an older checkpoint. */
  goBack(partition: string, count: number): void {
    const at = this.checkpoints.get(partition) ?? 0;
    if (at > 0) this.redeliveries += 1;
    this.checkpoints.set(partition, Math.max(0, at - count));
  }
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  await compileShippedRules(join(folder.path));
});

afterAll(() => folder.remove());

/** Everything from the workspace to the table, on a clock of its own. */
async function startScene(start: Instant, between: Between) {
  const rows: Row[] = [];
  let now = start;
  const clock = { now: () => now };
  const execute = createKqlExecutor({
    schemas: new Map(Object.entries(builtInSchemas)),
    tables: () => new Map([['_Im_ProcessCreate', rows]]),
    now: clock.now,
  });
  const workspace = await startLogAnalytics({ execute, workspaces: [WORKSPACE] });
  const hub = await startEventHub({ hubName: 'incidents', partitions: 2 });
  const table = await startTestIngestion(clock.now);
  const ledger = await temporaryFolder();
  const lines: string[] = [];
  const log = { info: say, warn: say, error: say };
  function say(text: string): void {
    lines.push(text);
  }
  const environment = {
    HUNT_WORKSPACES: WORKSPACE,
    HUNT_START: formatInstant(start),
    LOG_ANALYTICS_ENDPOINT: workspace.origin,
    IncidentHub: hub.connectionString,
    HuntLedger: `file:${ledger.path}`,
    INGEST_ENDPOINT: table.origin,
    INGEST_RULE_ID: RULE_ID,
    INGEST_STREAM: STREAM,
  };
  const host = new TriggerHost((batch) =>
    runIngest({
      environment,
      log,
      clock,
      partition: batch[0]?.partition ?? '',
      events: batch.map(({ body, partitionKey }) => ({ body, partitionKey, enqueuedAt: undefined })),
    }),
  );
  return {
    rows,
    table,
    hub,
    host,
    lines,
    now: () => now,
    at(time: Instant): void {
      now = time;
    },
    hunt: () => runHunt({ environment, rulesFolder: folder.path, log, clock, beginMs: 200_000, endMs: 240_000, stopMs: 275_000 }),
    deliver: (dies: () => boolean) => host.deliver(hub.events(), between(1, 4), dies),
    messages: (): readonly IncidentMessage[] => hub.events().map(({ body }) => JSON.parse(Buffer.from(body).toString()) as IncidentMessage),
    async close(): Promise<void> {
      await hub.close();
      await table.close();
      await workspace.close();
      await ledger.remove();
    },
  };
}

const STEPS = 30;
const seed = 20260310;

it(`raises one alert for each incident, ever, with host and account (seed ${seed})`, async () => {
  const random = seededRandom(seed);
  const between: Between = (least, most) => least + Math.floor(random() * (most - least + 1));
  const start = instant('2026-03-10T10:00:00Z');
  const scene = await startScene(start, between);
  const alerts: Alert[] = [];
  const faults: Fault[] = [{ kind: 'reset', stored: true }, { kind: 'reset', stored: false }, fault.forbidden, fault.status(500)];
  const armed = [];
  try {
    for (let step = 1; step <= STEPS; step += 1) {
      const stepAt = addTicks(start, BigInt(step) * FREQUENCY);
      const within = (): Instant => addTicks(stepAt, -BigInt(between(0, 299)) * TICKS_PER_SECOND);
      scene.at(addTicks(stepAt, -4n * TICKS_PER_MINUTE));

      // A new pair, sometimes one in an hour that has one already (a revision), or rows that turn out to be another account's (a withdrawal).
      if (step <= STEPS - 6) {
        const [host, account] = [`ex${between(1, 3)}`, `user${between(1, 4)}`];
        const time = within();
        scene.rows.push(event(time, host, account, 'New-MailboxExportRequest'), event(time, host, account, 'Remove-MailboxExportRequest'));
        if (step % 9 === 0) {
          const first = scene.rows[0]?.['ActorUsername'];
          const renamed = scene.rows.map((row) =>
            row['ActorUsername'] === first ? { ...row, ActorUsername: `CONTOSO\\late${step}` } : row,
          );
          scene.rows.splice(0, scene.rows.length, ...renamed);
        }
      }
      await scene.hunt();

      // Some arrive at the very instant of a run.
      scene.at(between(0, 3) === 0 ? stepAt : within());
      const given = faults[between(0, 9)];
      if (given !== undefined) armed.push(scene.table.faults.arm(given));
      await scene.deliver(() => between(0, 4) === 0);
      scene.at(stepAt);
      if (between(0, 2) === 0) scene.host.goBack(String(between(0, 1)), between(1, 6));
      await scene.deliver(() => false);

      alerts.push(...(await runAnalyticsRule('new-incidents', scene.table.rows(), stepAt)));
    }

    // The history had in it what it is about.
    const messages = scene.messages();
    const first = messages.filter(({ revision }) => revision === 1);
    expect(first.length).toBeGreaterThan(10);
    expect(messages.filter(({ revision, status }) => revision > 1 && status === 'active').length).toBeGreaterThan(2);
    expect(messages.filter(({ status }) => status === 'withdrawn').length).toBeGreaterThan(0);
    expect(scene.host.redeliveries).toBeGreaterThan(5);
    expect(scene.host.failures).toBeGreaterThan(0);
    expect(armed.reduce((hits, { hits: each }) => hits + each, 0)).toBeGreaterThan(3);
    const delivered = scene.table.rows();
    expect(delivered.length).toBeGreaterThan(messages.length + 5);

    // Nothing is lost on the way into the table.
    const keyOf = (id: unknown, revision: unknown): string => `${String(id)}/${String(revision)}`;
    const inTable = new Set(delivered.map(({ IncidentId, Revision }) => keyOf(IncidentId, Revision)));
    expect([...inTable].sort()).toEqual([...new Set(messages.map(({ id, revision }) => keyOf(id, revision)))].sort());

    // Each incident raised one alert, whatever came again.
    expect(alerts.map(({ IncidentId }) => String(IncidentId)).sort()).toEqual([...new Set(first.map(({ id }) => id))].sort());
    for (const alert of alerts) {
      expect(alert).toMatchObject({
        HostName: expect.stringMatching(/^ex\d$/),
        HostDnsDomain: 'contoso.com',
        AccountName: expect.stringMatching(/^(?:user|late)\d+$/),
        AccountNTDomain: 'CONTOSO',
        Severity: 'Medium',
        Status: 'active',
        Revision: 1,
      });
    }
  } finally {
    await scene.close();
  }
});

it('raises an alert of its own where a run has more incidents than it may make alerts for', async () => {
  const arrived = '2026-03-10T11:58:00.0000000Z';
  const rows = (count: number): readonly Row[] =>
    Array.from({ length: count }, (_, index) => ({
      TimeGenerated: arrived,
      $IngestionTime: arrived,
      IncidentId: `id-${index}`,
      Revision: 1,
      Status: 'active',
      HostName: `ex${index % 7}`,
      AccountName: 'alice',
      RuleName: 'a rule',
    }));
  const now = instant('2026-03-10T12:00:00Z');
  expect(await runAnalyticsRule('many-new-incidents', rows(149), now)).toEqual([]);
  expect(await runAnalyticsRule('many-new-incidents', rows(150), now)).toMatchObject([{ NewIncidents: 150n, Hosts: 7n, Accounts: 1n }]);
});
