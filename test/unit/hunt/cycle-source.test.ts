import { instant } from '../../../src/value/instant';
import { fakeProgram, FakeWorld, RULE, WORKSPACE } from '../../support/hunt-fakes';

const missing = { kind: 'no-source', reason: 'There is no table Events.' } as const;

describe('a workspace without the table', () => {
  it('is a state, named in the summary, and no failure', async () => {
    const hunt = new FakeWorld('2026-03-10T10:10Z');
    hunt.source.end(missing);
    const { rules, failure } = await hunt.cycle();
    expect(failure).toBeUndefined();
    expect(rules[0]).toMatchObject({
      noSource: 'There is no table Events.',
      summary: { outcome: 'ok', noSource: true, oldestUncoveredMinutes: 0, bins: { due: 1, done: 0, failing: 0, left: 0 } },
    });
    expect(hunt.stored('head')).toMatchObject({
      noSource: { since: '2026-03-10T10:10:00.0000000Z', askedAt: '2026-03-10T10:10:00.0000000Z' },
    });
    expect(hunt.stored('head').coveredFrom).toBeUndefined();
    expect(hunt.ledger.peek(`${WORKSPACE}/${RULE}/2026-03-10.json`)).toBeUndefined();
  });

  it('is asked for its newest bin only, hourly', async () => {
    const hunt = new FakeWorld('2026-03-10T10:10Z');
    hunt.source.end(missing, { times: Infinity });
    for (let minutes = 0; minutes < 3 * 60; minutes += 5) {
      const { summary } = await hunt.cycleOfOne();
      expect(summary.noSource).toBe(true);
      hunt.clock.advanceMinutes(5);
    }
    expect(hunt.source.pulls.map(({ query }) => (JSON.parse(query) as { start: string }).start.slice(11, 16))).toEqual([
      '10:00',
      '11:00',
      '12:00',
    ]);
    expect(hunt.stored('head').noSource).toMatchObject({ since: '2026-03-10T10:10:00.0000000Z', askedAt: '2026-03-10T12:10:00.0000000Z' });
  });

  it('is covered from 49 h before the first cycle on once an answer is whole, in the same cycle', async () => {
    const hunt = new FakeWorld('2026-03-10T10:10Z');
    hunt.rows.push({ at: '2026-03-10T09:30Z', host: 'ex01', note: 'export' });
    hunt.source.end(missing, { times: 2 });
    await hunt.cycleOfOne();
    hunt.clock.set('2026-03-10T11:10Z');
    await hunt.cycleOfOne();
    hunt.clock.set('2026-03-10T12:10Z');
    const { summary } = await hunt.cycleOfOne();
    expect(summary).toMatchObject({
      noSource: false,
      bins: { due: 52, done: 52, left: 0 },
      incidents: { new: 1 },
      oldestUncoveredMinutes: 0,
    });
    expect(hunt.stored('head').coveredFrom).toBe('2026-03-08T09:00:00.0000000Z');
    expect(hunt.stored('head').noSource).toBeUndefined();
  });

  it('is a failure where there was an answer before', async () => {
    const hunt = new FakeWorld('2026-03-10T10:10Z');
    await hunt.cycleOfOne({ startAt: instant('2026-03-10T10:00Z') });
    hunt.source.end(missing);
    hunt.clock.advanceMinutes(5);
    const { summary, failures, noSource } = await hunt.cycleOfOne();
    expect(summary).toMatchObject({ outcome: 'failed', noSource: false, bins: { failing: 1 } });
    expect(failures).toMatchObject([{ code: 'no-source', reason: 'There is no table Events.' }]);
    expect(noSource).toBeUndefined();
  });
});

describe('a dry run', () => {
  it('writes and publishes nothing, and reports what it would', async () => {
    const hunt = new FakeWorld('2026-03-10T10:10Z');
    hunt.rows.push({ at: '2026-03-10T10:01Z', host: 'ex01', note: 'export' });
    const { summary } = await hunt.cycleOfOne({ dryRun: true });
    expect(summary).toMatchObject({ outcome: 'ok', bins: { due: 2, done: 2 }, incidents: { new: 1 } });
    expect(hunt.ledger.calls.filter(({ operation }) => operation === 'write')).toEqual([]);
    expect(hunt.deadLetters.calls).toEqual([]);
    expect(hunt.sink.calls).toEqual({ probe: 0, publish: 0, close: 0 });
  });

  it('covers the open and the last closed bin where there is no ledger, also of a rule that is not monotone', async () => {
    for (const monotone of [true, false]) {
      const hunt = new FakeWorld('2026-03-10T10:10Z');
      await hunt.cycleOfOne({ dryRun: true, programs: [fakeProgram({ monotone })] });
      expect(hunt.source.pulls.map(({ query }) => (JSON.parse(query) as { start: string }).start.slice(11, 16))).toEqual([
        '10:00',
        '09:00',
      ]);
    }
  });

  it('goes by the ledger where there is one, and leaves it as it is', async () => {
    const hunt = new FakeWorld('2026-03-10T10:10Z');
    hunt.rows.push({ at: '2026-03-10T10:01Z', host: 'ex01', note: 'export' });
    await hunt.cycleOfOne({ startAt: instant('2026-03-10T07:00Z') });
    const stored = hunt.ledger.peek(`${WORKSPACE}/${RULE}/2026-03-10.json`);
    hunt.rows.push({ at: '2026-03-10T10:02Z', host: 'ex01', note: 'removal' });
    hunt.clock.set('2026-03-10T10:20Z');
    const { summary } = await hunt.cycleOfOne({ dryRun: true });
    expect(summary).toMatchObject({ bins: { due: 2, done: 2 }, incidents: { new: 0, revised: 1 } });
    expect(hunt.ledger.peek(`${WORKSPACE}/${RULE}/2026-03-10.json`)).toBe(stored);
    expect(hunt.messages).toHaveLength(1);
  });
});
