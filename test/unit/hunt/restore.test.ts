import { runCycle } from '../../../src/hunt/cycle';
import { backfillDay, backfillDays, planBackfill } from '../../../src/hunt/backfill';
import { restoreLedger, type Restoration, type RestoreContext } from '../../../src/hunt/restore';
import { instant } from '../../../src/value/instant';
import { fakeProgram, FakeWorld, RULE, WORKSPACE, type FakeRow } from '../../support/hunt-fakes';

const first: FakeRow = { at: '2026-03-10T10:01Z', host: 'ex01', note: 'export' };
const second: FakeRow = { at: '2026-03-10T10:02Z', host: 'ex01', note: 'removal', arrives: '2026-03-10T10:11Z' };
const third: FakeRow = { at: '2026-03-10T10:03Z', host: 'ex01', note: 'more', arrives: '2026-03-10T10:30Z' };

const day = `${WORKSPACE}/${RULE}/2026-03-10.json`;
const head = `${WORKSPACE}/${RULE}/head.json`;
const bin10 = '2026-03-10T10:00:00.0000000Z/2026-03-10T11:00:00.0000000Z';

function world(...rows: readonly FakeRow[]): FakeWorld {
  const made = new FakeWorld('2026-03-10T10:10Z');
  made.rows.push(...rows);
  made.ledger.now = () => made.clock.now();
  return made;
}

const startAt = instant('2026-03-10T10:00Z');

const options = { workspaceIds: [WORKSPACE], programs: [fakeProgram()] };
const backfilled = { start: '2026-03-01T10:00:00.0000000Z', end: '2026-03-01T12:00:00.0000000Z' };

/** A world in which a cycle ran, and two hours of an earlier day were backfilled since. */
async function backfilledWorld(): Promise<FakeWorld> {
  const hunt = world({ at: '2026-03-01T10:05Z', host: 'old', note: 'export' }, first);
  await hunt.cycleOfOne({ startAt });
  const lanes = await planBackfill(hunt.ports, options, { start: instant(backfilled.start), end: instant(backfilled.end) });
  for (const each of backfillDays(lanes)) await backfillDay(hunt.ports, options, lanes, each);
  return hunt;
}

async function restore(hunt: FakeWorld, more: Partial<RestoreContext> = {}): Promise<readonly Restoration[]> {
  const context = { store: hunt.ledger, workspaceId: WORKSPACE, program: fakeProgram(), startAt, now: hunt.clock.now() };
  return (await restoreLedger({ ...context, dryRun: false, startOver: false, ...more })).restorations;
}

/** The store as it is where all versions that were written after an instant are gone. */
function forgetting(hunt: FakeWorld, after: string): RestoreContext['store'] {
  const { ledger } = hunt;
  return {
    read: (path) => ledger.read(path),
    write: (path, body, expected) => ledger.write(path, body, expected),
    list: (prefix) => ledger.list(prefix),
    readVersion: (path, id) => ledger.readVersion(path, id),
    versions: async (path) => (await ledger.versions(path)).filter(({ writtenAt }) => writtenAt <= instant(after)),
  };
}

function contents(hunt: FakeWorld): ReadonlyMap<string, ReadonlySet<string>> {
  const bodies = new Map<string, Set<string>>();
  for (const { body } of hunt.sink.received) {
    const text = new TextDecoder().decode(body);
    const { id, revision } = JSON.parse(text) as { id: string; revision: number };
    const key = `${id} ${revision}`;
    bodies.set(key, (bodies.get(key) ?? new Set()).add(text));
  }
  return bodies;
}

describe('restoring a day', () => {
  it('brings back the newest version that can be read, and tells its incidents again above what can have been sent', async () => {
    const hunt = world(first, second, third);
    await hunt.cycleOfOne({ startAt });
    hunt.clock.set('2026-03-10T10:15Z');
    await hunt.cycleOfOne();
    expect(hunt.messages.map(({ revision }) => revision)).toEqual([1, 2]);
    hunt.ledger.put(day, '{"formatVersion":1,"bi');
    hunt.clock.set('2026-03-10T10:35Z');
    expect((await hunt.cycleOfOne()).summary).toMatchObject({ outcome: 'failed', bins: { failing: 1 } });
    expect(hunt.ledger.peek(day)).toBe('{"formatVersion":1,"bi');

    const [restoration] = await restore(hunt, { store: forgetting(hunt, '2026-03-10T10:10Z') });
    expect(restoration).toMatchObject({ path: day, kind: 'restored', version: { writtenAt: instant('2026-03-10T10:10Z') } });
    expect(hunt.stored('2026-03-10').bins?.[bin10]?.evaluatedAt).toBeUndefined();

    hunt.clock.advanceMinutes(5);
    const { summary } = await hunt.cycleOfOne();
    expect(summary).toMatchObject({ outcome: 'ok', bins: { done: 1, failing: 0 }, lateAfterFinal: 0 });
    const last = hunt.messages.at(-1);
    // A second passed for each revision that may have been sent and is forgotten, and ten minutes for clocks that differ.
    expect(last).toMatchObject({ status: 'active', notes: ['export', 'more', 'removal'], revision: 1 + 25 * 60 + 1 + 600 + 1 + 1 });
    for (const bodies of contents(hunt).values()) expect(bodies.size).toBe(1);

    hunt.clock.advanceMinutes(5);
    const before = hunt.messages.length;
    await hunt.cycleOfOne();
    expect(hunt.messages).toHaveLength(before);
  });

  it('begins above it also what the restored version does not know', async () => {
    const late: FakeRow = { at: '2026-03-10T10:05Z', host: 'ex02', note: 'export', arrives: '2026-03-10T10:12Z' };
    const hunt = world(first, late);
    await hunt.cycleOfOne({ startAt });
    hunt.clock.set('2026-03-10T10:15Z');
    await hunt.cycleOfOne();
    expect(hunt.messages).toHaveLength(2);
    hunt.ledger.put(day, 'damaged');
    await restore(hunt, { store: forgetting(hunt, '2026-03-10T10:10Z') });
    hunt.clock.advanceMinutes(5);
    await hunt.cycleOfOne();
    expect(hunt.messages.slice(2).map(({ revision }) => revision > 300)).toEqual([true, true]);
    for (const bodies of contents(hunt).values()) expect(bodies.size).toBe(1);
  });

  it('has its bins due at once, also one that was failing and waited', async () => {
    const hunt = world(first);
    hunt.source.end({ kind: 'failed', code: 'busy', reason: 'It was busy.' });
    await hunt.cycleOfOne({ startAt });
    expect(hunt.stored('2026-03-10').bins?.[bin10]).toHaveProperty('failure');
    hunt.ledger.put(day, 'damaged');
    await restore(hunt);
    expect((await hunt.cycleOfOne({ startAt })).summary.bins).toMatchObject({ done: 1, failing: 0 });
  });

  it('publishes what was pending in the restored version, byte for byte', async () => {
    const hunt = world(first);
    hunt.sink.loseNextAcknowledgement();
    await hunt.cycleOfOne({ startAt });
    hunt.clock.advanceMinutes(5);
    hunt.ledger.put(day, 'damaged');
    await restore(hunt);
    await hunt.cycleOfOne();
    expect(hunt.messages.map(({ revision }) => revision)).toEqual([1, 1, expect.any(Number)]);
    for (const bodies of contents(hunt).values()) expect(bodies.size).toBe(1);
  });

  it('makes cycles look again at a day that was settled, until it is again', async () => {
    const hunt = world(first);
    await hunt.cycleOfOne({ startAt });
    for (const time of ['2026-03-18T00:00Z', '2026-03-18T01:00Z']) {
      hunt.clock.set(time);
      await hunt.cycleOfOne();
    }
    expect(hunt.stored('head').settledThrough).toBe('2026-03-11T00:00:00.0000000Z');
    hunt.ledger.put(day, 'damaged');
    hunt.clock.advanceMinutes(5);
    expect((await hunt.cycleOfOne()).summary.outcome).toBe('ok');
    expect(await restore(hunt)).toMatchObject([{ kind: 'restored', lost: 1 }]);
    expect(hunt.stored('head').unsettled).toEqual([{ start: '2026-03-10T10:00:00.0000000Z', end: '2026-03-11T00:00:00.0000000Z' }]);
    const { summary } = await hunt.cycleOfOne();
    expect(summary).toMatchObject({ bins: { done: 14 }, incidents: { revised: 1 } });
    hunt.clock.advanceMinutes(60);
    await hunt.cycleOfOne();
    expect(hunt.stored('head').unsettled).toEqual([]);
  });

  it('makes cycles look again at a day that was backfilled and settled', async () => {
    const hunt = await backfilledWorld();
    hunt.clock.advanceMinutes(60);
    await hunt.cycleOfOne();
    expect(hunt.stored('head').unsettled).toEqual([]);
    hunt.ledger.put(`${WORKSPACE}/${RULE}/2026-03-01.json`, 'damaged');
    await restore(hunt);
    expect(hunt.stored('head').unsettled).toEqual([backfilled]);
  });

  it('leaves alone what a newer program wrote, also as an earlier version', async () => {
    const hunt = world(first);
    await hunt.cycleOfOne({ startAt });
    hunt.ledger.put(day, '{"formatVersion":99}');
    expect(await restore(hunt, { startOver: true })).toEqual([{ path: day, kind: 'newer-program' }]);
    expect(hunt.ledger.peek(day)).toBe('{"formatVersion":99}');
    hunt.ledger.put(day, 'damaged');
    expect(await restore(hunt, { startOver: true })).toEqual([{ path: day, kind: 'newer-program' }]);
    expect(hunt.ledger.peek(day)).toBe('damaged');
  });

  it('begins a day anew only where that is asked for, and above every revision that can have been sent', async () => {
    const hunt = world(first);
    await hunt.cycleOfOne({ startAt });
    hunt.ledger.put(day, 'damaged');
    const store = forgetting(hunt, '2026-01-01T00:00Z');
    expect(await restore(hunt, { store })).toEqual([{ path: day, kind: 'no-version', versions: 0 }]);
    expect(hunt.ledger.peek(day)).toBe('damaged');
    expect(await restore(hunt, { store, startOver: true })).toEqual([{ path: day, kind: 'begun-anew' }]);
    hunt.clock.advanceMinutes(5);
    await hunt.cycleOfOne();
    expect(hunt.messages.map(({ revision }) => revision)).toEqual([1, 10 * 3600 + 10 * 60 + 1 + 600 + 1 + 1]);
  });

  it('writes nothing in a dry run, and nothing over another write', async () => {
    const hunt = world(first);
    await hunt.cycleOfOne({ startAt });
    hunt.ledger.put(day, 'damaged');
    expect(await restore(hunt, { dryRun: true })).toMatchObject([{ kind: 'restored' }]);
    expect(hunt.ledger.peek(day)).toBe('damaged');
    hunt.ledger.failNext('conflict', ({ operation, path }) => operation === 'write' && path === day);
    expect(await restore(hunt)).toEqual([{ path: day, kind: 'changed' }]);
    expect(hunt.ledger.pendingFailures).toBe(0);
  });

  it('finds nothing to do where all can be read', async () => {
    const hunt = world(first);
    await hunt.cycleOfOne({ startAt });
    const before = hunt.ledger.peek(day);
    expect(await restore(hunt)).toEqual([]);
    expect(hunt.ledger.peek(day)).toBe(before);
  });
});

describe('restoring the head', () => {
  it('looks at everything once more, and still knows what was backfilled', async () => {
    const hunt = await backfilledWorld();
    hunt.ledger.put(head, 'damaged');
    hunt.clock.advanceMinutes(5);
    expect((await hunt.cycleOfOne()).problems).toEqual([expect.stringContaining('head.json')]);
    expect(await restore(hunt, { store: forgettingHead(hunt) })).toMatchObject([{ path: head, kind: 'restored' }]);
    expect(hunt.stored('head')).toMatchObject({
      coveredFrom: '2026-03-10T10:00:00.0000000Z',
      backfilled: [backfilled],
      unsettled: [backfilled],
    });
    expect((await runCycle(hunt.ports, options)).failure).toBeUndefined();
    expect(hunt.messages).toHaveLength(2);
  });

  it('takes nothing for settled: which days were restored since is forgotten with it', async () => {
    const hunt = world(first);
    await hunt.cycleOfOne({ startAt });
    for (const time of ['2026-03-18T00:00Z', '2026-03-18T01:00Z']) {
      hunt.clock.set(time);
      await hunt.cycleOfOne();
    }
    expect(hunt.stored('head').settledThrough).toBeDefined();
    hunt.ledger.put(head, 'damaged');
    await restore(hunt);
    expect(hunt.stored('head').settledThrough).toBeUndefined();
    hunt.clock.advanceMinutes(5);
    await hunt.cycleOfOne();
    expect(hunt.stored('head').settledThrough).toBe('2026-03-11T00:00:00.0000000Z');
  });

  it('begins it anew with the oldest hour that is recorded, where no version is left', async () => {
    const hunt = world(first);
    await hunt.cycleOfOne({ startAt });
    hunt.ledger.put(head, 'damaged');
    expect(await restore(hunt, { store: forgetting(hunt, '2026-01-01T00:00Z'), startOver: true })).toEqual([
      { path: head, kind: 'begun-anew' },
    ]);
    expect(hunt.stored('head').coveredFrom).toBe('2026-03-10T10:00:00.0000000Z');
    hunt.clock.advanceMinutes(5);
    await hunt.cycleOfOne();
    expect(hunt.messages).toHaveLength(1);
  });
});

/** The store as it is where the head's versions that know of a backfill are gone. */
function forgettingHead(hunt: FakeWorld): RestoreContext['store'] {
  const store = forgetting(hunt, '2026-03-10T23:00Z');
  return {
    ...store,
    versions: async (path) => {
      const kept = [];
      for (const version of await store.versions(path))
        if (!((await store.readVersion(path, version.id)) ?? '').includes('2026-03-01')) kept.push(version);
      return kept;
    },
  };
}
