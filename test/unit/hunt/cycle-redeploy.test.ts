import { instant, TICKS_PER_DAY, TICKS_PER_HOUR } from '../../../src/value/instant';
import { fakeProgram, FakeWorld, type FakeRow } from '../../support/hunt-fakes';

const start = instant('2026-03-10T10:00Z');
const rows: readonly FakeRow[] = [
  { at: '2026-03-10T10:01Z', host: 'ex01', note: 'export' },
  { at: '2026-03-10T10:02Z', host: 'ex02', note: 'removal' },
];

function world(): FakeWorld {
  const made = new FakeWorld('2026-03-10T10:10Z');
  made.rows.push(...rows);
  return made;
}

function posted(hunt: FakeWorld): readonly unknown[] {
  return hunt.messages.map(({ revision, status, hash, notes, reason, host }) => [revision, status, hash, reason ?? notes, host]);
}

const before = fakeProgram();

describe('a rule that is deployed again', () => {
  const after = fakeProgram({ hash: 'plan-2', matches: (notes) => notes.includes('export') });

  it('withdraws what it finds no more because the rule changed, and leaves what both find', async () => {
    const hunt = world();
    await hunt.cycleOfOne({ startAt: start, programs: [before] });
    hunt.clock.advanceMinutes(5);
    await hunt.cycleOfOne({ programs: [after] });
    expect(posted(hunt).slice(2)).toEqual([[2, 'withdrawn', 'plan-2', 'rule-changed', 'ex02']]);
    const [bin] = Object.values(hunt.stored('2026-03-10').bins ?? {});
    expect(bin?.ruleHash).toBe('plan-2');
  });

  it('brings back what it withdrew when the old rule is deployed again', async () => {
    const hunt = world();
    for (const program of [before, after, before]) {
      await hunt.cycleOfOne({ startAt: start, programs: [program] });
      hunt.clock.advanceMinutes(5);
    }
    expect(posted(hunt).at(-1)).toEqual([3, 'active', 'plan-1', ['removal'], undefined]);
  });

  it('takes over at the next pass of a bin, not before', async () => {
    const hunt = world();
    hunt.clock.set('2026-03-10T11:20Z');
    await hunt.cycleOfOne({ startAt: start, programs: [before] });
    hunt.clock.set('2026-03-10T11:25Z');
    await hunt.cycleOfOne({ programs: [after] });
    expect(hunt.messages).toHaveLength(2);
    hunt.clock.set('2026-03-10T11:30Z');
    await hunt.cycleOfOne({ programs: [after] });
    expect(hunt.messages).toHaveLength(3);
  });

  it('may select fewer rows without being taken for a broken source', async () => {
    const hunt = world();
    await hunt.cycleOfOne({ startAt: start, programs: [before] });
    hunt.rows.splice(1);
    hunt.clock.advanceMinutes(5);
    const { summary } = await hunt.cycleOfOne({ programs: [after] });
    expect(summary).toMatchObject({ bins: { shrunk: 0 }, incidents: { withdrawn: 1 } });
  });
});

describe('a rule that is deployed again with bins of another width', () => {
  const daily = fakeProgram({ hash: 'plan-daily', width: TICKS_PER_DAY });

  it('evaluates its own bins, then withdraws the incidents of the old ones', async () => {
    const hunt = world();
    await hunt.cycleOfOne({ startAt: instant('2026-03-10T00:00Z'), programs: [before] });
    hunt.clock.advanceMinutes(5);
    const { summary } = await hunt.cycleOfOne({ programs: [daily] });
    expect(summary).toMatchObject({
      outcome: 'ok',
      bins: { due: 1, done: 1 },
      incidents: { new: 2, withdrawn: 2, pending: 0 },
      lateAfterFinal: 0,
    });
    expect(posted(hunt).slice(2)).toEqual([
      [1, 'active', 'plan-daily', ['export'], undefined],
      [1, 'active', 'plan-daily', ['removal'], undefined],
      [2, 'withdrawn', 'plan-daily', 'rule-changed', 'ex01'],
      [2, 'withdrawn', 'plan-daily', 'rule-changed', 'ex02'],
    ]);
    hunt.clock.advanceMinutes(5);
    await hunt.cycleOfOne({ programs: [daily] });
    expect(hunt.messages).toHaveLength(6);
  });

  it('takes no record of the old bins for one of its own, and finds everything again when the old width is back', async () => {
    const hunt = world();
    for (const program of [before, daily, before]) {
      await hunt.cycleOfOne({ startAt: instant('2026-03-10T00:00Z'), programs: [program] });
      hunt.clock.advanceMinutes(5);
    }
    expect(posted(hunt).slice(6)).toEqual([
      [3, 'active', 'plan-1', ['export'], undefined],
      [3, 'active', 'plan-1', ['removal'], undefined],
      [2, 'withdrawn', 'plan-1', 'rule-changed', 'ex01'],
      [2, 'withdrawn', 'plan-1', 'rule-changed', 'ex02'],
    ]);
  });

  it('keeps odd widths apart, too', async () => {
    const hunt = world();
    const sevenHours = fakeProgram({ hash: 'plan-7h', width: 7n * TICKS_PER_HOUR });
    for (const program of [before, sevenHours, daily]) {
      await hunt.cycleOfOne({ startAt: start, programs: [program] });
      hunt.clock.advanceMinutes(5);
    }
    const newest = new Map(hunt.messages.map(({ id, status }) => [id, status]));
    expect([...newest.values()].sort()).toEqual(['active', 'active', 'withdrawn', 'withdrawn', 'withdrawn', 'withdrawn']);
  });
});
