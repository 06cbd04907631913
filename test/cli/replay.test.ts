import { join } from 'node:path';
import { deadLetterFormat, type DeadLetter } from '../../src/hunt/dead-letter';
import type { BlobStore } from '../../src/hunt/ports';
import { ingestLetterPath } from '../../src/ingest/batch';
import { startEventHub, type LocalEventHub } from '../../src/local/event-hub-server';
import { createFileStore } from '../../src/local/file-store';
import type { IngestionServer } from '../../src/local/ingestion-server';
import { fault } from '../../src/local/ingestion/faults';
import { instant } from '../../src/value/instant';
import { hunt } from '../support/command-line';
import { bytesOf, message, RULE_ID, startTestIngestion, STREAM } from '../support/ingestion';
import { temporaryFolder, type TemporaryFolder } from '../support/temporary-folder';

let folder: TemporaryFolder;
let store: BlobStore;
let hub: LocalEventHub;
let table: IngestionServer;

beforeEach(async () => {
  [folder, hub, table] = await Promise.all([temporaryFolder(), startEventHub(), startTestIngestion()]);
  store = createFileStore(join(folder.path, 'dead-letter'));
});

afterEach(async () => {
  await Promise.all([hub.close(), table.close(), folder.remove()]);
});

const HUNT_PATH = 'workspace/rule/incident/1.json';
const REASON = 'the Event Hub refuses the message for good: larger than the 262144 bytes that the hub takes';
const KEY = 'workspace/rule/2026-03-10T10:00:00.0000000Z';

async function keep(path: string, letter: Partial<DeadLetter>): Promise<string> {
  const whole: DeadLetter = {
    from: 'ingest-incidents',
    reason: REASON,
    keptAt: instant('2026-03-10T11:00:00Z'),
    partitionKey: undefined,
    body: bytesOf(message(1)),
    replayedAt: undefined,
    ...letter,
  };
  await store.write(path, deadLetterFormat.serialise(whole), undefined);
  return path;
}

const keepOfHunt = (path = HUNT_PATH, body = bytesOf(message(1))): Promise<string> => keep(path, { from: 'hunt', partitionKey: KEY, body });
const keepOfIngest = (body: Uint8Array): Promise<string> => keep(ingestLetterPath(body), { body });

const environment = (): Record<string, string> => ({
  HuntLedger: `file:${folder.path}`,
  IncidentHub: hub.connectionString,
  INGEST_ENDPOINT: table.origin,
  INGEST_RULE_ID: RULE_ID,
  INGEST_STREAM: STREAM,
});

const replay = (...args: readonly string[]) => hunt(['replay', ...args], { environment: environment() });
const replayedAt = async (path: string): Promise<unknown> => deadLetterFormat.parse((await store.read(path))?.body ?? '').replayedAt;

describe('hunt replay', () => {
  it('sends letters of hunt to the hub and those of ingest-incidents into the table, byte for byte, and marks them', async () => {
    const ours = bytesOf(message(2));
    const paths = [await keepOfHunt(), await keepOfIngest(ours)];
    const { exitCode, stdout } = await replay();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/2 dead letters: 2 replayed\n$/);
    expect(hub.events().map(({ body, partitionKey }) => [Buffer.from(body), partitionKey])).toEqual([[bytesOf(message(1)), KEY]]);
    expect(table.rows().map(({ IncidentId }) => IncidentId)).toEqual([message(2).id]);
    for (const path of paths) expect(await replayedAt(path)).toBe(instant('2026-03-10T12:00:00Z'));
  });

  it('does nothing when it is run again', async () => {
    await keepOfHunt();
    await keepOfIngest(bytesOf(message(2)));
    await replay();
    expect(await replay()).toEqual({ exitCode: 0, stdout: 'no dead letters wait\n', stderr: '' });
    expect(hub.events()).toHaveLength(1);
    expect(table.rows()).toHaveLength(1);
  });

  it('only lists with --dry-run, needs no hub and no table for it, and says what would be refused again', async () => {
    await keepOfHunt();
    const alien = await keepOfIngest(bytesOf('nonsense'));
    const { exitCode, stdout } = await hunt(['replay', '--dry-run'], { environment: { HuntLedger: `file:${folder.path}` } });
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      alien,
      '  refused by ingest-incidents, kept at 2026-03-10T11:00:00Z',
      `  ${REASON}`,
      '  would be refused again: it is not JSON',
      '',
      HUNT_PATH,
      '  refused by the Event Hub, kept at 2026-03-10T11:00:00Z',
      `  ${REASON}`,
      '  waits',
      '',
      '2 dead letters: 1 refused, 1 waiting',
      '',
    ]);
    expect([hub.events(), table.rows()]).toEqual([[], []]);
    expect(await replayedAt(HUNT_PATH)).toBeUndefined();
  });

  it('shows in its help what it writes', async () => {
    await keepOfHunt(
      '11111111-2222-4333-8444-555555555555/4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87/7aa1f8be-da6b-5ba8-8e8b-ecf47e531474/1.json',
    );
    await keep(ingestLetterPath(bytesOf('nonsense')), { body: bytesOf('nonsense'), reason: 'it is not JSON' });
    const { stdout } = await replay('--dry-run');
    const { stdout: help } = await hunt(['replay', '--help']);
    expect(help).toContain(`  $ hunt replay --dry-run\n${stdout.trimEnd().replaceAll(/^(?=.)/gm, '  ')}\n`);
  });

  it('gives the same as JSON', async () => {
    await keepOfHunt();
    const { stdout } = await replay('--dry-run', '--format', 'json');
    expect(JSON.parse(stdout)).toEqual([
      {
        path: HUNT_PATH,
        from: 'hunt',
        keptAt: '2026-03-10T11:00:00.0000000Z',
        reason: REASON,
        bytes: bytesOf(message(1)).length,
        outcome: 'waiting',
      },
    ]);
  });

  it('replays only the letters that are named', async () => {
    await keepOfHunt();
    await keepOfHunt('workspace/rule/incident/2.json', bytesOf(message(2)));
    expect((await replay(HUNT_PATH)).stdout).toMatch(/1 dead letters: 1 replayed/);
    expect(hub.events()).toHaveLength(1);
    expect(await replay('nowhere.json')).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/no dead letter nowhere.json waits/) });
  });

  it('names every setting that the waiting letters need and no others', async () => {
    await keepOfHunt();
    const run = (settings: Record<string, string>) => hunt(['replay'], { environment: settings });
    expect((await run({})).stderr).toMatch(/HuntLedger__blobServiceUri is not set/);
    const { exitCode, stderr } = await run({ HuntLedger: `file:${folder.path}` });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/IncidentHub__fullyQualifiedNamespace is not set/);
    expect(stderr).not.toContain('INGEST');
    await keepOfIngest(bytesOf(message(2)));
    expect((await run({ HuntLedger: `file:${folder.path}` })).stderr).toMatch(/IncidentHub[^]+INGEST_ENDPOINT[^]+INGEST_RULE_ID/);
  });
});

describe('a letter that was not acknowledged', () => {
  it('of hunt that the hub refuses again stays, with the new reason, and the others go', async () => {
    await keepOfHunt();
    await keepOfHunt('workspace/rule/incident/2.json', bytesOf(message(2)));
    const met = hub.faults.set(
      { at: 'send', answer: 'reject', condition: 'amqp:link:message-size-exceeded' },
      { onlyFor: (body) => body.includes(message(1).id) },
    );
    const { exitCode, stdout } = await replay();
    expect(met.hits).toBeGreaterThan(0);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/refused again: MessageTooLargeError[^]+2 dead letters: 1 refused, 1 replayed/);
    expect(await replayedAt(HUNT_PATH)).toBeUndefined();
    expect(await replayedAt('workspace/rule/incident/2.json')).toBeDefined();
  });

  it('of ingest-incidents stays while the table takes nothing, and goes when it does', async () => {
    const path = await keepOfIngest(bytesOf(message(2)));
    const met = table.faults.arm(fault.forbidden);
    expect(await replay()).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/not replayed: .+Monitoring Metrics Publisher/) });
    expect(met.hits).toBe(1);
    expect(await replayedAt(path)).toBeUndefined();

    expect(await replay()).toMatchObject({ exitCode: 0 });
    expect(await replayedAt(path)).toBeDefined();
    expect(table.rows()).toHaveLength(1);
  });

  it('is sent again where the answer was lost, never given up', async () => {
    await keepOfIngest(bytesOf(message(2)));
    const met = table.faults.arm({ kind: 'reset', stored: true });
    expect(await replay()).toMatchObject({ exitCode: 0 });
    expect(met.hits).toBe(1);
    expect(table.rows()).toHaveLength(2);
  });

  it('is not in the way of others where it is no message of ours, or no letter', async () => {
    const alien = await keepOfIngest(bytesOf('nonsense'));
    await store.write('odd.json', 'no letter', undefined);
    await store.write('doctor/checked.json', '{}', undefined);
    await keepOfIngest(bytesOf(message(2)));
    const { exitCode, stdout } = await replay();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/odd\.json\n {2}no dead letter of this program: it is not JSON/);
    expect(stdout).toContain(
      `${alien}\n  refused by ingest-incidents, kept at 2026-03-10T11:00:00Z\n  ${REASON}\n  refused again: it is not JSON\n`,
    );
    expect(stdout).toMatch(/3 dead letters: 1 replayed, 1 refused, 1 unreadable/);
    expect(table.rows()).toHaveLength(1);
  });
});
