import { refusalsOf } from '../../../src/cli/ledger/backfill-report';
import { backfillDay, backfillDays, planBackfill, type BackfillLane, type BackfillOptions } from '../../../src/hunt/backfill';
import { PortUnavailable } from '../../../src/hunt/ports';
import type { RuleReport } from '../../../src/hunt/summary';
import { instant, type TimeRange } from '../../../src/value/instant';
import { fakeProgram, FakeWorld, RULE, WORKSPACE, type FakeRow } from '../../support/hunt-fakes';

const old: FakeRow = { at: '2026-02-01T00:10Z', host: 'old', note: 'the oldest row' };
const first: FakeRow = { at: '2026-03-01T10:01Z', host: 'ex01', note: 'export' };
const second: FakeRow = { at: '2026-03-02T03:30Z', host: 'ex02', note: 'export' };

const days: TimeRange = { start: instant('2026-03-01T10:00Z'), end: instant('2026-03-02T04:00Z') };
const bin = '2026-03-01T10:00:00.0000000Z/2026-03-01T11:00:00.0000000Z';

/** The function has covered from 2026-03-10 on. */
async function world(...rows: readonly FakeRow[]): Promise<FakeWorld> {
  const made = new FakeWorld('2026-03-10T10:10Z');
  made.rows.push(...rows);
  await made.cycleOfOne({ startAt: instant('2026-03-10T10:00Z') });
  return made;
}

async function backfill(
  hunt: FakeWorld,
  { range = days, ...options }: Partial<BackfillOptions> & { readonly range?: TimeRange } = {},
): Promise<{ readonly lanes: readonly BackfillLane[]; readonly reports: readonly RuleReport[] }> {
  const all: BackfillOptions = { workspaceIds: [WORKSPACE], programs: [fakeProgram()], ...options };
  const lanes = await planBackfill(hunt.ports, all, range);
  const reports: RuleReport[] = [];
  for (const day of backfillDays(lanes)) reports.push(...(await backfillDay(hunt.ports, all, lanes, day)).rules);
  return { lanes, reports };
}

function revisions(hunt: FakeWorld): readonly unknown[] {
  return hunt.messages.map(({ revision, notes }) => [revision, notes]);
}

describe('a backfill', () => {
  it('evaluates the hours asked for, a day at a time, and posts what is in them', async () => {
    const hunt = await world(old, first, second);
    const { reports } = await backfill(hunt);
    expect(reports.map(({ summary }) => [summary.bins.done, summary.incidents.new])).toEqual([
      [14, 1],
      [4, 1],
    ]);
    expect(revisions(hunt)).toEqual([
      [1, ['export']],
      [1, ['export']],
    ]);
    expect(hunt.stored('2026-03-01').bins?.[bin]).toMatchObject({ evaluatedAt: '2026-03-10T10:10:00.0000000Z' });
  });

  it('takes the whole bin that an end of the range is in, and none that is open', async () => {
    const hunt = await world(old);
    const { lanes } = await backfill(hunt, { range: { start: instant('2026-03-10T07:59Z'), end: instant('2026-03-11T00:00Z') } });
    expect(lanes[0]?.range).toEqual({ start: instant('2026-03-10T07:00Z'), end: instant('2026-03-10T10:00Z') });
    const future = await backfill(hunt, { range: { start: instant('2026-03-12T00:00Z'), end: instant('2026-03-13T00:00Z') } });
    expect(future.reports).toEqual([]);
  });

  it('makes the time part of what the ledger covers, and of what cycles look at until it is settled', async () => {
    const hunt = await world(old, first);
    await backfill(hunt);
    const range = { start: '2026-03-01T10:00:00.0000000Z', end: '2026-03-02T04:00:00.0000000Z' };
    expect(hunt.stored('head')).toMatchObject({ coveredFrom: '2026-03-10T10:00:00.0000000Z', backfilled: [range], unsettled: [range] });
    hunt.clock.advanceMinutes(55);
    await hunt.cycleOfOne();
    expect(hunt.stored('head').unsettled).toEqual([range]);
    hunt.clock.advanceMinutes(5);
    const { summary } = await hunt.cycleOfOne();
    expect(summary).toMatchObject({ outcome: 'ok', bins: { failing: 0 }, oldestUncoveredMinutes: 0 });
    expect(hunt.stored('head')).toMatchObject({ backfilled: [range], unsettled: [] });
  });

  it('lets cycles look again at hours that were backfilled and settled, where another plan evaluates them', async () => {
    const hunt = await world(old, first);
    await backfill(hunt);
    hunt.clock.advanceMinutes(60);
    await hunt.cycleOfOne();
    expect(hunt.stored('head').unsettled).toEqual([]);
    await backfill(hunt, { programs: [fakeProgram({ hash: 'plan-2' })] });
    expect(hunt.stored('head').unsettled).toEqual([{ start: '2026-03-01T10:00:00.0000000Z', end: '2026-03-02T04:00:00.0000000Z' }]);
  });

  it('leaves to cycles the passes that its hours have still to come', async () => {
    const late: FakeRow = { ...first, at: '2026-03-09T08:20Z', note: 'removal', arrives: '2026-03-10T20:00Z' };
    const hunt = await world(old, { ...first, at: '2026-03-09T08:10Z' }, late);
    await backfill(hunt, { range: { start: instant('2026-03-09T08:00Z'), end: instant('2026-03-09T09:00Z') } });
    for (let hour = 0; hour < 7 * 24; hour += 1) {
      hunt.clock.advanceMinutes(60);
      await hunt.cycleOfOne();
    }
    expect(revisions(hunt)).toEqual([
      [1, ['export']],
      [2, ['export', 'removal']],
    ]);
    expect(hunt.stored('head').unsettled).toEqual([]);
  });

  it('sends nothing again, and asks for no hour again that is up to date', async () => {
    const hunt = await world(old, first, second);
    await backfill(hunt);
    const before = hunt.source.pulls.length;
    const { reports } = await backfill(hunt);
    expect(reports.map(({ summary }) => summary.bins.due)).toEqual([0, 0]);
    expect(hunt.source.pulls.length - before).toBe(1);
    expect(hunt.messages).toHaveLength(2);
  });

  it('goes on where one was stopped', async () => {
    const hunt = await world(old, first, second);
    const halt = new AbortController();
    const held = hunt.source.hold({ when: ({ query }) => query.includes('"start":"2026-03-01T12') });
    const stopped = backfill(hunt, { halt: halt.signal });
    while (held.hits === 0) await Promise.resolve();
    halt.abort();
    held.release();
    const { reports } = await stopped;
    expect(reports[0]?.summary.bins).toMatchObject({ due: 14, done: 5, left: 9, failing: 0 });
    const again = await backfill(hunt);
    expect(again.reports.map(({ summary }) => summary.bins.done)).toEqual([9, 4]);
    expect(hunt.messages).toHaveLength(2);
  });

  it('leaves to the cycles what it had begun when it died', async () => {
    const hunt = await world(old, first);
    const isOfDay: Parameters<typeof hunt.ledger.failNext>[1] = ({ operation, path }) =>
      operation === 'write' && path.endsWith('03-01.json');
    for (let times = 0; times < 3; times += 1) hunt.ledger.failNext('unavailable-before', isOfDay);
    const lanes = await planBackfill(hunt.ports, { workspaceIds: [WORKSPACE], programs: [fakeProgram()] }, days);
    const [day] = backfillDays(lanes);
    if (day === undefined) throw new Error('no day');
    const { failure } = await backfillDay(hunt.ports, { workspaceIds: [WORKSPACE], programs: [fakeProgram()] }, lanes, day);
    expect(failure).toContain('told to fail');
    expect(hunt.ledger.pendingFailures).toBe(0);
    hunt.clock.advanceMinutes(5);
    const { summary } = await hunt.cycleOfOne();
    expect(summary).toMatchObject({ bins: { done: 15 }, incidents: { new: 1 } });
  });

  it('publishes what is pending in its hours, also where the hub was away', async () => {
    const hunt = await world(old, first);
    hunt.sink.cutOff(0);
    const probing = { ...hunt.sink, probe: async () => undefined };
    const options = { workspaceIds: [WORKSPACE], programs: [fakeProgram()] };
    const lanes = await planBackfill(hunt.ports, options, days);
    const [day] = backfillDays(lanes);
    if (day === undefined) throw new Error('no day');
    const { failure } = await backfillDay({ ...hunt.ports, sink: probing }, options, lanes, day);
    expect(failure).toContain('cut off');
    hunt.sink.restore();
    hunt.clock.advanceMinutes(5);
    await hunt.cycleOfOne();
    expect(revisions(hunt)).toEqual([[1, ['export']]]);
  });

  it('evaluates again what another plan evaluated', async () => {
    const hunt = await world(old, first);
    await backfill(hunt);
    hunt.clock.advanceMinutes(5);
    const { reports } = await backfill(hunt, { programs: [fakeProgram({ hash: 'plan-2', matches: () => false })] });
    expect(reports.map(({ summary }) => summary.incidents.withdrawn)).toEqual([1, 0]);
    expect(hunt.messages.at(-1)).toMatchObject({ revision: 2, status: 'withdrawn', reason: 'rule-changed' });
  });

  it('tries failing bins at once', async () => {
    const hunt = await world(old, { ...first, at: '2026-03-10T10:05Z' });
    hunt.clock.set('2026-03-10T11:20Z');
    hunt.source.end({ kind: 'failed', code: 'busy', reason: 'It was busy.' }, { when: ({ query }) => query.includes('T10:00') });
    await hunt.cycleOfOne();
    expect((await hunt.cycleOfOne()).summary.bins).toMatchObject({ failing: 1, due: 0 });
    const { reports } = await backfill(hunt, { range: { start: instant('2026-03-10T10:00Z'), end: instant('2026-03-10T11:00Z') } });
    expect(reports[0]?.summary.bins).toMatchObject({ done: 1, failing: 0 });
    expect(hunt.stored('head').backfilled).toEqual([]);
  });

  it('counts nothing as late after final', async () => {
    const hunt = await world(old, first, second);
    const { reports } = await backfill(hunt);
    expect(reports.map(({ summary }) => summary.lateAfterFinal)).toEqual([0, 0]);
  });

  it('in a dry run writes nothing, and tells what would be sent', async () => {
    const hunt = await world(old, first, second);
    const before = hunt.stored('head');
    const told: string[] = [];
    const wouldSend: BackfillOptions['wouldSend'] = (messages) => told.push(...messages.map(({ partitionKey }) => partitionKey.slice(-28)));
    await backfill(hunt, { dryRun: true, wouldSend });
    expect(told).toEqual(['2026-03-01T10:00:00.0000000Z', '2026-03-02T03:00:00.0000000Z']);
    expect(hunt.messages).toEqual([]);
    expect([hunt.stored('head'), hunt.ledger.peek(`${WORKSPACE}/${RULE}/2026-03-01.json`)]).toEqual([before, undefined]);
  });
});

describe('the hours that a backfill refuses', () => {
  const start = (lanes: readonly BackfillLane[]): unknown => lanes[0]?.range.start;

  it('are those that end before the oldest row, found in halves', async () => {
    const hunt = await world({ ...first, at: '2026-03-01T22:30Z' }, second);
    const before = hunt.source.pulls.length;
    const { lanes, reports } = await backfill(hunt);
    expect(lanes[0]?.oldest).toEqual({ kind: 'from', start: instant('2026-03-01T22:00Z'), table: 'Events' });
    expect(start(lanes)).toEqual(instant('2026-03-01T22:00Z'));
    expect(hunt.source.pulls.slice(before).filter(({ query }) => query.includes('any')).length).toBeLessThanOrEqual(6);
    expect(reports.map(({ summary }) => summary.bins.done)).toEqual([2, 4]);
  });

  it('are those before the oldest row of any table', async () => {
    const hunt = await world(old, { ...first, table: 'Other', at: '2026-03-02T01:30Z' });
    const { lanes } = await backfill(hunt, { programs: [fakeProgram({ tables: ['Events', 'Other'] })] });
    expect(lanes[0]?.oldest).toEqual({ kind: 'from', start: instant('2026-03-02T01:00Z'), table: 'Other' });
  });

  it('are all of them where the workspace has no older row, or does not say', async () => {
    const hunt = await world();
    expect((await backfill(hunt)).reports).toEqual([]);
    hunt.source.end({ kind: 'failed', code: 'busy', reason: 'It was busy.' });
    const { lanes, reports } = await backfill(hunt);
    expect(lanes[0]?.oldest).toEqual({ kind: 'unknown', reason: 'how far back Events has rows could not be asked: It was busy.' });
    expect(reports).toEqual([]);
    expect(hunt.stored('head').backfilled).toEqual([]);
  });

  describe('of a rule that is not monotone', () => {
    const programs = [fakeProgram({ monotone: false })];
    const lastHour = { start: instant('2026-03-10T08:00Z'), end: instant('2026-03-10T10:00Z') };

    it('are also the one from before the coverage that had no pass yet; it is evaluated when it had one', async () => {
      const hunt = await world(old, { ...first, at: '2026-03-10T09:30Z' });
      const early = await backfill(hunt, { programs, range: lastHour });
      expect(early.lanes[0]).toMatchObject({
        range: { start: lastHour.start, end: instant('2026-03-10T09:00Z') },
        early: { start: instant('2026-03-10T09:00Z'), firstPass: instant('2026-03-10T10:15Z') },
      });
      expect(early.lanes.flatMap(refusalsOf)).toEqual([
        `rule ${RULE}, workspace ${WORKSPACE}: the hour from 2026-03-10T09:00:00Z on is refused: later rows could take back what this rule ` +
          'finds, so it is not evaluated sooner than 15 minutes after its close. Give the command again from 2026-03-10T10:15:00Z on',
      ]);
      expect(early.reports.map(({ summary }) => summary.bins.done)).toEqual([1]);
      expect(hunt.messages).toEqual([]);
      hunt.clock.set('2026-03-10T10:15Z');
      const again = await backfill(hunt, { programs, range: lastHour });
      expect(again.lanes.flatMap(refusalsOf)).toEqual([]);
      expect(revisions(hunt)).toEqual([[1, ['export']]]);
    });

    it('are not one that the coverage has: a cycle comes to it', async () => {
      const hunt = await world(old);
      hunt.clock.set('2026-03-10T11:05Z');
      const { lanes } = await backfill(hunt, { programs, range: { start: lastHour.start, end: instant('2026-03-10T11:00Z') } });
      expect([lanes.flatMap(refusalsOf), lanes[0]?.range.end]).toEqual([[], instant('2026-03-10T11:00Z')]);
    });

    it('are not known where the head cannot be read: the cycle names it', async () => {
      const hunt = await world(old);
      const ledger = { ...hunt.ports.ledger, read: async () => ({ body: '{', etag: 'x' }) };
      const lanes = await planBackfill({ ...hunt.ports, ledger }, { workspaceIds: [WORKSPACE], programs }, lastHour);
      expect(lanes[0]).toMatchObject({ range: lastHour, early: undefined });
    });
  });

  it('are none of a monotone rule as soon as they are closed', async () => {
    const hunt = await world(old);
    const { lanes } = await backfill(hunt, { range: { start: instant('2026-03-10T08:00Z'), end: instant('2026-03-10T10:00Z') } });
    expect([lanes.flatMap(refusalsOf), lanes[0]?.range.end]).toEqual([[], instant('2026-03-10T10:00Z')]);
  });
});

it('does not begin where the ledger cannot be reached', async () => {
  const hunt = await world(old);
  const ledger = { ...hunt.ports.ledger, read: () => Promise.reject(new PortUnavailable('ledger', 'the ledger is away')) };
  const options = { workspaceIds: [WORKSPACE], programs: [fakeProgram()] };
  const lanes = await planBackfill(hunt.ports, options, days);
  const { failure } = await backfillDay({ ...hunt.ports, ledger }, options, lanes, days);
  expect(failure).toBe('the ledger is away');
});
