import { dueBins, isAudited, isDue, isFinal, isOutdated, latestPass, passes, retryAt } from '../../../src/hunt/due';
import { EMPTY_BIN, type BinRecord } from '../../../src/hunt/ledger-record';
import {
  addTicks,
  formatInstant,
  instant,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  type Instant,
} from '../../../src/value/instant';
import { hourOf } from '../../support/hunt-fakes';

const bin = hourOf('2026-03-10T10:00Z');
const hour = { width: TICKS_PER_HOUR, shift: 0n };

function afterClose(minutes: number, ticks = 0n): Instant {
  return addTicks(bin.end, BigInt(minutes) * TICKS_PER_MINUTE + ticks);
}

function evaluated(at: Instant): BinRecord {
  return { ...EMPTY_BIN, evaluatedAt: at };
}

function failing(count: number, lastAt: Instant, record: BinRecord = EMPTY_BIN): BinRecord {
  return { ...record, failure: { count, since: lastAt, lastAt, code: 'busy', range: bin } };
}

const passMinutes = [15, 30, 60, 120, 240, 480, 960, 1920, 49 * 60, 7 * 24 * 60];

describe('the passes of a bin', () => {
  it('are 15 min · 2^k after its close up to 32 h, then 49 h and 7 days', () => {
    expect(passes(bin).map((pass) => Number((pass - bin.end) / TICKS_PER_MINUTE))).toEqual(passMinutes);
  });

  describe.each(passMinutes)('%i minutes after the close', (minutes) => {
    it('make a bin due that was evaluated a tick before', () => {
      expect(isDue(bin, evaluated(afterClose(minutes, -1n)), true, afterClose(minutes))).toBe(true);
    });

    it('leave a bin alone that was evaluated a tick before, until then', () => {
      const earlier = evaluated(afterClose(minutes, -2n));
      const isOpenPhase = minutes === 15;
      expect(isDue(bin, earlier, true, afterClose(minutes, -1n))).toBe(isOpenPhase);
      expect(isDue(bin, earlier, false, afterClose(minutes, -1n))).toBe(false);
    });

    it('are done with by an evaluation that started at that instant', () => {
      expect(isDue(bin, evaluated(afterClose(minutes)), true, afterClose(minutes))).toBe(false);
    });

    it('stay due until an evaluation starts, however late', () => {
      const last = evaluated(afterClose(minutes, -1n));
      expect(isDue(bin, last, true, afterClose(minutes + 1))).toBe(true);
      expect(isDue(bin, last, false, addTicks(afterClose(minutes), 400n * TICKS_PER_DAY))).toBe(true);
    });
  });

  it('are every instant from the start to 15 min after the close for a monotone rule', () => {
    for (const now of [bin.start, addTicks(bin.start, 1n), afterClose(-1), afterClose(0), afterClose(14), afterClose(15, -1n)]) {
      expect(latestPass(bin, true, now)).toBe(now);
      expect(isDue(bin, undefined, true, now)).toBe(true);
      expect(isDue(bin, evaluated(addTicks(now, -1n)), true, now)).toBe(true);
      expect(isDue(bin, evaluated(now), true, now)).toBe(false);
    }
  });

  it('do not begin before 15 min after the close for a rule that is not monotone', () => {
    for (const now of [bin.start, afterClose(-1), afterClose(0), afterClose(15, -1n)])
      expect(isDue(bin, undefined, false, now)).toBe(false);
    expect(isDue(bin, undefined, false, afterClose(15))).toBe(true);
  });

  it('do not begin before the bin does', () => {
    expect(isDue(bin, undefined, true, addTicks(bin.start, -1n))).toBe(false);
  });

  it('end with the one after 7 days', () => {
    expect(isDue(bin, evaluated(afterClose(7 * 24 * 60)), true, addTicks(bin.end, 10_000n * TICKS_PER_DAY))).toBe(false);
  });
});

describe('a bin', () => {
  it('is final from an evaluation on that started 49 h after its close', () => {
    expect(isFinal(bin, undefined)).toBe(false);
    expect(isFinal(bin, evaluated(afterClose(49 * 60, -1n)))).toBe(false);
    expect(isFinal(bin, evaluated(afterClose(49 * 60)))).toBe(true);
  });

  it('is audited by an evaluation that started 7 days after its close', () => {
    expect(isAudited(bin, evaluated(afterClose(7 * 24 * 60, -1n)))).toBe(false);
    expect(isAudited(bin, evaluated(afterClose(7 * 24 * 60)))).toBe(true);
  });

  it.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [4, 40],
    [5, 60],
    [6, 60],
    [1000, 60],
  ])('that failed for the time number %i is tried again %i minutes later', (count, minutes) => {
    const lastAt = afterClose(1000);
    const record = failing(count, lastAt);
    expect(record.failure && formatInstant(retryAt(record.failure))).toBe(formatInstant(afterClose(1000 + minutes)));
    expect(isDue(bin, record, true, afterClose(1000 + minutes, -1n))).toBe(false);
    expect(isDue(bin, record, true, afterClose(1000 + minutes))).toBe(true);
  });

  it('that is failing waits while it is open, too', () => {
    expect(isDue(bin, failing(1, afterClose(-10)), true, afterClose(-6))).toBe(false);
    expect(isDue(bin, failing(1, afterClose(-10)), true, afterClose(-5))).toBe(true);
  });

  it('that is failing is not due where its last whole evaluation covers the latest pass', () => {
    expect(isDue(bin, failing(1, afterClose(20), evaluated(afterClose(20))), true, afterClose(29))).toBe(false);
  });
});

describe('the order of work', () => {
  const now = instant('2026-03-10T10:20Z');
  const question = { grid: hour, monotone: true, first: instant('2026-03-10T05:30Z'), now, recorded: () => undefined };
  const starts = (bins: readonly { readonly start: Instant }[]): readonly string[] =>
    bins.map(({ start }) => formatInstant(start).slice(11, 16));

  it('is the open bin, the one that closed last, then the backlog, oldest first, from the bin that holds the first instant', () => {
    expect(starts(dueBins(question))).toEqual(['10:00', '09:00', '05:00', '06:00', '07:00', '08:00']);
  });

  it('leaves out what is not due', () => {
    const done = new Set(['10:00', '06:00']);
    const recorded = ({ start }: { readonly start: Instant }): BinRecord | undefined =>
      done.has(formatInstant(start).slice(11, 16)) ? evaluated(now) : undefined;
    expect(starts(dueBins({ ...question, recorded }))).toEqual(['09:00', '05:00', '07:00', '08:00']);
  });

  it('begins with the bin that closed last for a rule that is not monotone', () => {
    expect(starts(dueBins({ ...question, monotone: false }))).toEqual(['09:00', '05:00', '06:00', '07:00', '08:00']);
  });

  it('has the open bin alone where the first instant lies in it', () => {
    expect(starts(dueBins({ ...question, first: instant('2026-03-10T10:59Z') }))).toEqual(['10:00']);
  });

  it('is empty before the first bin begins', () => {
    expect(dueBins({ ...question, first: instant('2026-03-10T11:00Z') })).toEqual([]);
  });

  it('has bins of a day, and bins on a shifted grid', () => {
    const days = dueBins({ ...question, grid: { width: TICKS_PER_DAY, shift: 0n }, first: instant('2026-03-08T05:00Z') });
    expect(days.map(({ start }) => formatInstant(start).slice(0, 13))).toEqual(['2026-03-10T00', '2026-03-09T00', '2026-03-08T00']);
    const shifted = dueBins({
      ...question,
      grid: { width: TICKS_PER_HOUR, shift: 30n * TICKS_PER_MINUTE },
      first: instant('2026-03-10T08:40Z'),
    });
    expect(starts(shifted)).toEqual(['09:30', '08:30']);
  });
});

describe('a bin that a backfill asks for', () => {
  const plan = { hash: 'plan-1', monotone: true };
  const now = afterClose(45);
  const by = (at: Instant, ruleHash: string = 'plan-1'): BinRecord => ({ ...evaluated(at), ruleHash });

  it('is out of date where it was not evaluated since its latest pass, or not at all', () => {
    expect(isOutdated(bin, undefined, plan, now)).toBe(true);
    expect(isOutdated(bin, by(afterClose(29)), plan, now)).toBe(true);
    expect(isOutdated(bin, by(afterClose(30)), plan, now)).toBe(false);
  });

  it('is out of date where another plan evaluated it, or it is failing, without a pause', () => {
    expect(isOutdated(bin, by(afterClose(30), 'plan-2'), plan, now)).toBe(true);
    expect(isOutdated(bin, failing(9, now, by(afterClose(30))), plan, now)).toBe(true);
  });

  it('is not as long as it is open, or has had no pass', () => {
    expect(isOutdated(bin, undefined, plan, addTicks(bin.end, -1n))).toBe(false);
    expect(isOutdated(bin, undefined, plan, bin.end)).toBe(true);
    expect(isOutdated(bin, undefined, { ...plan, monotone: false }, afterClose(14))).toBe(false);
  });
});
