import { backfillDay, planBackfill } from '../../../src/hunt/backfill';
import { formatInstant, instant } from '../../../src/value/instant';
import { fakeProgram, FakeWorld, hourOf, WORKSPACE, type FakeRow } from '../../support/hunt-fakes';

const bad = hourOf('2026-03-10T10:00Z');
const key = `${formatInstant(bad.start)}/${formatInstant(bad.end)}`;
const row: FakeRow = { at: '2026-03-10T10:05Z', host: 'ex01', note: 'export' };
const next: FakeRow = { at: '2026-03-10T11:05Z', host: 'ex02', note: 'export' };

describe('a bin that fails again and again', () => {
  it('blocks none after it, is tried less and less often, stays visible, and is never taken for done', async () => {
    const hunt = new FakeWorld('2026-03-10T10:10Z');
    hunt.rows.push(row, next);
    const isBad = ({ query }: { readonly query: string }): boolean => query.includes(`"start":"${formatInstant(bad.start)}"`);
    const broken = hunt.source.end({ kind: 'failed', code: 'busy', reason: 'It was busy.' }, { times: Infinity, when: isBad });
    const tried: number[] = [];
    const minutes = 9 * 24 * 60;
    for (let minute = 0; minute <= minutes; minute += 5) {
      const before = broken.hits;
      // The cycles between are all alike.
      const isDull = minute > 300 && minute % 60 !== 0;
      if (!isDull) {
        const { summary } = await hunt.cycleOfOne({ startAt: bad.start });
        expect(summary.bins.failing).toBe(1);
        if (broken.hits > before) tried.push(minute);
      }
      hunt.clock.advanceMinutes(5);
    }
    expect(tried.slice(0, 7)).toEqual([0, 5, 15, 35, 75, 135, 195]);
    expect(tried.length).toBeGreaterThan(200);
    const record = hunt.stored('2026-03-10').bins?.[key];
    expect(record).toMatchObject({ failure: { count: tried.length, code: 'busy', since: '2026-03-10T10:10:00.0000000Z' } });
    expect(record?.evaluatedAt).toBeUndefined();
    expect(hunt.stored('head').settledThrough).toBeUndefined();
    expect(hunt.messages.map(({ notes }) => notes)).toEqual([['export']]);
    const after = Object.entries(hunt.stored('2026-03-10').bins ?? {}).filter(([name]) => name !== key);
    expect(after).toHaveLength(13);
    for (const [name, { evaluatedAt = '' }] of after) expect([name, evaluatedAt > '2026-03-17T11']).toEqual([name, true]);

    // What keeps it from being done is over: the command does not wait for the next try.
    broken.release();
    const options = { workspaceIds: [WORKSPACE], programs: [fakeProgram()] };
    hunt.rows.push({ ...row, at: '2026-02-01T00:00Z' });
    const lanes = await planBackfill(hunt.ports, options, bad);
    const { rules } = await backfillDay(hunt.ports, options, lanes, { start: instant('2026-03-10'), end: instant('2026-03-11') });
    expect(rules[0]?.summary).toMatchObject({ bins: { done: 1, failing: 0 }, incidents: { new: 1 } });
    expect(hunt.stored('2026-03-10').bins?.[key]?.failure).toBeUndefined();
    hunt.clock.advanceMinutes(65);
    const { summary } = await hunt.cycleOfOne();
    expect(summary.bins.failing).toBe(0);
    expect(hunt.stored('head').settledThrough).toBeDefined();
  });

  it('leaves nothing of the failures and of what was sent in the ledger once it is done', async () => {
    const hunt = new FakeWorld('2026-03-10T10:10Z');
    hunt.rows.push(row);
    hunt.source.end({ kind: 'failed', code: 'busy', reason: 'It was busy.' }, { times: 2 });
    for (let cycles = 0; cycles < 4; cycles += 1) {
      await hunt.cycleOfOne({ startAt: bad.start });
      hunt.clock.advanceMinutes(20);
    }
    const text = JSON.stringify(hunt.stored('2026-03-10'));
    expect(hunt.messages).toHaveLength(1);
    expect(text).not.toContain('busy');
    expect(text).not.toContain('notes');
    expect(Object.values(hunt.stored('2026-03-10').bins?.[key]?.incidents ?? {})).toMatchObject([{ revision: 1, pending: [] }]);
  });
});
