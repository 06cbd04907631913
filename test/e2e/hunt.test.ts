import { runHunt } from '../../src/app';
import type { IncidentMessage } from '../../src/incident/message';
import { startEventHub } from '../../src/local/event-hub-server';
import { readIncidents } from '../../src/local/incident-reader';
import { createKqlExecutor } from '../../src/local/kql-executor';
import { startLogAnalytics } from '../../src/local/log-analytics-server';
import { builtInSchemas } from '../../src/schema/built-in';
import { addTicks, instant, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import { startAzurite, type Azurite } from '../support/azurite';
import { compileShippedRules } from '../support/compiled-rules';
import { expectValidIncident } from '../support/incident-schema';
import { temporaryFolder } from '../support/temporary-folder';

/** The function from settings to the hub: the real Azure clients, against the local workspace, the local Event Hub, and Azurite. */

type Row = Readonly<Record<string, unknown>>;

const WORKSPACE = '0a1b2c3d-0000-4000-8000-00000000e2e0';
const EXPORT = 'powershell -c "New-MailboxExportRequest -Mailbox ceo"';
const REMOVAL = 'powershell -c "Remove-MailboxExportRequest -Identity ceo"';

function event(time: string, CommandLine: string, more: Row = {}): Row {
  return {
    TimeGenerated: time,
    Dvc: 'ex01.contoso.com',
    ActorUsername: 'CONTOSO\\alice',
    ActorUserId: 'S-1-5-21-1-2-3-1104',
    ActorUserIdType: 'SID',
    Process: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    CommandLine,
    EventVendor: 'Microsoft',
    EventProduct: 'Security Events',
    ...more,
  };
}

let azurite: Azurite;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  [azurite, folder] = await Promise.all([startAzurite(), temporaryFolder()]);
  await compileShippedRules(folder.path);
});

afterAll(async () => {
  await azurite.stop();
  await folder.remove();
});

async function startScene(start: Instant) {
  const rows: Row[] = [];
  let now = start;
  const execute = createKqlExecutor({
    schemas: new Map(Object.entries(builtInSchemas)),
    tables: () => new Map([['_Im_ProcessCreate', rows]]),
    now: () => now,
  });
  const workspace = await startLogAnalytics({ execute, workspaces: [WORKSPACE] });
  const hub = await startEventHub({ hubName: 'incidents' });
  const lines: string[] = [];
  const log = (text: string): void => void lines.push(text);
  let read = 0;
  return {
    rows,
    workspace,
    lines,
    /** Runs a cycle some minutes later; gives the summary line and the messages that came with it. */
    async cycle(minutesLater: number, more: Readonly<Record<string, string>> = {}) {
      now = addTicks(now, BigInt(minutesLater) * TICKS_PER_MINUTE);
      await runHunt({
        environment: {
          HUNT_WORKSPACES: WORKSPACE,
          HUNT_START: '2026-03-10T08:00:00Z',
          LOG_ANALYTICS_ENDPOINT: workspace.origin,
          IncidentHub: hub.connectionString,
          HuntLedger: azurite.connectionString,
          ...more,
        },
        rulesFolder: folder.path,
        log: { info: log, warn: log, error: log },
        clock: { now: () => now },
        beginMs: 200_000,
        endMs: 240_000,
        stopMs: 275_000,
      });
      const events = hub.events();
      const messages = events.slice(read).map(({ body }) => expectValidIncident(body));
      read = events.length;
      return { messages, summary: JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
    },
    async received(): Promise<readonly IncidentMessage[]> {
      const all = await readIncidents({ connectionString: hub.connectionString, eventHubName: 'incidents' });
      return all.map(({ body }) => body as IncidentMessage);
    },
    async close(): Promise<void> {
      await hub.close();
      await workspace.close();
    },
  };
}

it('posts an incident once, and exactly one revision for a late row', async () => {
  const scene = await startScene(instant('2026-03-10T12:02:00Z'));
  try {
    scene.rows.push(event('2026-03-10T10:00:00.0000000Z', EXPORT), event('2026-03-10T10:59:59.9999999Z', REMOVAL));
    // Not the same hour, not the same account.
    scene.rows.push(event('2026-03-10T11:00:00Z', REMOVAL), event('2026-03-10T11:01:00Z', EXPORT, { ActorUsername: 'CONTOSO\\bob' }));

    const first = await scene.cycle(0);
    expect(first.messages).toHaveLength(1);
    expect(first.messages[0]).toMatchObject({
      revision: 1,
      status: 'active',
      bin: { start: '2026-03-10T10:00:00.0000000Z', end: '2026-03-10T11:00:00.0000000Z' },
      entities: [
        { Type: 'host', HostName: 'ex01', DnsDomain: 'contoso.com' },
        { Type: 'account', Name: 'alice', NTDomain: 'CONTOSO', Sid: 'S-1-5-21-1-2-3-1104' },
      ],
    });
    expect(first.messages[0]?.evidence.rows.map(({ columns }) => columns['CommandLine'])).toEqual([EXPORT, REMOVAL]);
    // Five bins of the rule's own, and the four shifted ones between them, which need no request.
    expect(first.summary).toMatchObject({ message: 'hunt.cycle', outcome: 'ok', bins: { due: 9, done: 9, left: 0 }, rows: 4, requests: 5 });

    const second = await scene.cycle(5);
    expect(second.messages).toEqual([]);
    expect(second.summary).toMatchObject({ incidents: { new: 0, revised: 0 } });

    scene.rows.push(event('2026-03-10T10:30:00.1234567Z', REMOVAL.replace('ceo', 'cfo')));
    const third = await scene.cycle(60);
    expect(third.messages).toHaveLength(1);
    expect(third.messages[0]).toMatchObject({ id: first.messages[0]?.id, revision: 2, status: 'active' });
    expect(third.messages[0]?.evidence.rows.map(({ columns }) => columns['TimeGenerated'])).toContain('2026-03-10T10:30:00.1234567Z');

    expect((await scene.cycle(5)).messages).toEqual([]);
    expect((await scene.received()).map(({ revision }) => revision)).toEqual([1, 2]);
  } finally {
    await scene.close();
  }
});

it('posts a pair that the edge of an hour parts on its own, until the rule has an incident beside it', async () => {
  const scene = await startScene(instant('2026-03-10T12:02:00Z'));
  const HuntLedger = `file:${folder.path}/ledger-of-pairs`;
  try {
    scene.rows.push(event('2026-03-10T10:48:00Z', EXPORT), event('2026-03-10T11:03:00.0000001Z', REMOVAL));
    const first = await scene.cycle(0, { HuntLedger });
    expect(first.messages).toHaveLength(1);
    expect(first.messages[0]).toMatchObject({
      revision: 1,
      match: 'split-by-bin-edge',
      severity: 'Low',
      title: 'Host Exporting Mailbox and Removing Export (Normalized Process Events) (parted by the edge of two bins)',
      bin: { start: '2026-03-10T10:30:00.0000000Z', end: '2026-03-10T11:30:00.0000000Z' },
      evidence: { results: [{ timekey: '2026-03-10T10:30:00.0000000Z' }], rowCount: 2 },
    });
    const times = first.messages[0]?.evidence.rows.map(({ columns }) => columns['TimeGenerated']);
    expect(times).toEqual(['2026-03-10T10:48:00.0000000Z', '2026-03-10T11:03:00.0000001Z']);

    expect((await scene.cycle(5, { HuntLedger })).messages).toEqual([]);

    scene.rows.push(event('2026-03-10T11:40:00Z', EXPORT.replace('ceo', 'cfo')));
    const third = await scene.cycle(10, { HuntLedger });
    expect(third.messages).toMatchObject([
      { revision: 1, match: 'rule', status: 'active', bin: { start: '2026-03-10T11:00:00.0000000Z' } },
      { id: first.messages[0]?.id, revision: 2, match: 'split-by-bin-edge', status: 'withdrawn', reason: 'superseded' },
    ]);

    const off = await startScene(instant('2026-03-10T12:02:00Z'));
    try {
      off.rows.push(...scene.rows.slice(0, 2));
      const { messages, summary } = await off.cycle(0, { HUNT_SPLIT_PAIRS: 'off', HuntLedger: `file:${folder.path}/ledger-of-off` });
      expect([messages, summary['bins']]).toMatchObject([[], { due: 5, done: 5 }]);
    } finally {
      await off.close();
    }
  } finally {
    await scene.close();
  }
});

it('writes and sends nothing in a dry run', async () => {
  const scene = await startScene(instant('2026-03-10T12:02:00Z'));
  try {
    scene.rows.push(event('2026-03-10T11:10:00Z', EXPORT), event('2026-03-10T11:20:00Z', REMOVAL));
    const dry = await scene.cycle(0, { HUNT_DRY_RUN: 'true', IncidentHub: '', HuntLedger: '' });
    expect(dry.messages).toEqual([]);
    expect(dry.summary).toMatchObject({ outcome: 'ok', incidents: { new: 1 }, bins: { done: 3 }, requests: 2 });
  } finally {
    await scene.close();
  }
});

it('names every wrong setting before anything runs', async () => {
  const scene = await startScene(instant('2026-03-10T12:02:00Z'));
  try {
    const wrong = { HUNT_WORKSPACES: 'contoso', HUNT_START: 'yesterday', IncidentHub: 'nonsense' };
    await expect(scene.cycle(0, wrong)).rejects.toThrow(/HUNT_WORKSPACES[^]*HUNT_START[^]*IncidentHub/);
    expect(scene.workspace.requests()).toEqual([]);
  } finally {
    await scene.close();
  }
});

it('refuses a rule that the build does not have, naming those it has', async () => {
  const scene = await startScene(instant('2026-03-10T12:02:00Z'));
  try {
    await expect(scene.cycle(0, { HUNT_RULES: '00000000-0000-4000-8000-000000000000' })).rejects.toThrow(
      /4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87/,
    );
  } finally {
    await scene.close();
  }
});
