import { instant, TICKS_PER_HOUR, TICKS_PER_MINUTE } from '../../../src/value/instant';
import { fakePairProgram, fakeProgram, FakeWorld, RULE, WORKSPACE, type FakeRow } from '../../support/hunt-fakes';

const start = instant('2026-03-10T08:00Z');
const programs = [fakePairProgram()];
const row = (time: string, note: string, host = 'ex01', arrives = time): FakeRow => ({
  at: `2026-03-10T${time}Z`,
  host,
  note,
  arrives: `2026-03-10T${arrives}Z`,
});
const pair = [row('09:50', 'export'), row('10:10', 'removal')];

function world(now: string, ...rows: readonly FakeRow[]): FakeWorld {
  const hunt = new FakeWorld(`2026-03-10T${now}Z`);
  hunt.rows.push(...rows);
  return hunt;
}

function posted(hunt: FakeWorld): readonly unknown[] {
  return hunt.messages.map(({ match, revision, status, reason, notes }) => [match, revision, status, reason ?? notes?.join(' ')]);
}

function pulledRanges(hunt: FakeWorld): readonly string[] {
  return hunt.source.pulls.map(({ query }) => {
    const { start: from, end } = JSON.parse(query) as { start: string; end: string };
    return `${from.slice(11, 16)}-${end.slice(11, 16)}`;
  });
}

const posting = ['split-by-bin-edge', 1, 'active', 'export removal'];

describe('a pair that an edge parts', () => {
  it('is posted on its own, by the rows that the own bins were pulled with', async () => {
    const hunt = world('11:05', ...pair);
    const { summary } = await hunt.cycleOfOne({ startAt: start, programs });
    expect(posted(hunt)).toEqual([posting]);
    expect(pulledRanges(hunt).toSorted()).toEqual(['08:00-09:00', '09:00-10:00', '10:00-11:00', '11:00-12:00']);
    // 08:30, 09:30 and 10:30.
    expect(summary).toMatchObject({ outcome: 'ok', requests: 4, rows: 2, bins: { due: 7, done: 7, left: 0 }, incidents: { new: 1 } });
  });

  it('is found by a pull of its own where the own bins are not due', async () => {
    const hunt = world('11:05', row('09:50', 'export'), row('10:10', 'removal', 'ex01', '11:28'));
    await hunt.cycleOfOne({ startAt: start, programs });
    expect(posted(hunt)).toEqual([]);
    hunt.clock.set('2026-03-10T11:31Z');
    const before = hunt.source.pulls.length;
    await hunt.cycleOfOne({ programs });
    expect(pulledRanges(hunt).slice(before)).toContain('09:30-10:30');
    expect(posted(hunt)).toEqual([posting]);
    const record = hunt.stored('split/2026-03-10').bins?.['2026-03-10T09:30:00.0000000Z/2026-03-10T10:30:00.0000000Z'];
    expect(record).toMatchObject({ evaluatedAt: '2026-03-10T11:31:00.0000000Z', tables: { Events: { rows: 2 } } });
  });

  it('gets no second message as long as nothing of it changes, and a revision for a further row', async () => {
    const hunt = world('11:05', ...pair, row('10:20', 'removal-note', 'ex02'));
    await hunt.cycleOfOne({ startAt: start, programs });
    hunt.rows.push(row('09:40', 'export'));
    for (const time of ['11:10', '11:20', '12:10', '13:40']) {
      hunt.clock.set(`2026-03-10T${time}Z`);
      await hunt.cycleOfOne({ programs });
    }
    expect(posted(hunt)).toEqual([posting]);
  });

  it('is none where both lie on one side, or more than a bin apart', async () => {
    const hunt = world(
      '11:05',
      row('09:10', 'export'),
      row('10:50', 'removal'),
      row('10:00', 'export', 'ex02'),
      row('09:59', 'export', 'ex02'),
    );
    await hunt.cycleOfOne({ startAt: start, programs });
    expect(posted(hunt)).toEqual([]);
  });

  it('is looked for from half a bin after the start of the coverage on', async () => {
    const hunt = world('11:05', row('07:50', 'export'), row('08:10', 'removal'));
    await hunt.cycleOfOne({ startAt: start, programs });
    expect(posted(hunt)).toEqual([]);
    expect(hunt.stored('split/head').coveredFrom).toBe('2026-03-10T08:30:00.0000000Z');
  });

  it('is not looked for before the edge, which no row has crossed yet', async () => {
    const hunt = world('10:50', row('10:40', 'export'));
    await hunt.cycleOfOne({ startAt: start, programs });
    const bins = Object.keys(hunt.stored('split/2026-03-10').bins ?? {}).map((key) => key.slice(11, 16));
    expect(bins.toSorted()).toEqual(['08:30', '09:30']);
  });

  it('has edges of its own in each unit where the bins divide an hour', async () => {
    const quarters = [fakePairProgram({ binWidth: 15n * TICKS_PER_MINUTE })];
    const hunt = world(
      '11:05',
      row('09:14', 'export'),
      row('09:16', 'removal'),
      row('10:29', 'export', 'ex02'),
      row('10:31', 'removal', 'ex02'),
    );
    hunt.rows.push(
      row('09:01', 'export', 'ex03'),
      row('09:29', 'removal', 'ex03'),
      row('10:59', 'export', 'ex04'),
      row('11:01', 'removal', 'ex04'),
    );
    const { summary } = await hunt.cycleOfOne({ startAt: start, programs: quarters });
    expect(posted(hunt)).toEqual([posting, posting, posting]);
    expect(summary).toMatchObject({ requests: 4, bins: { due: 7, done: 7 } });
    expect(Object.keys(hunt.stored('split/2026-03-10').bins ?? {})).toContain('2026-03-10T08:07:30.0000000Z/2026-03-10T09:07:30.0000000Z');
  });

  it('is not looked for where the rule has none, or they are not asked for', async () => {
    const hunt = world('11:05', ...pair);
    const { splitPairs: _, ...without } = fakePairProgram();
    await hunt.cycleOfOne({ startAt: start, programs: [without] });
    expect(posted(hunt)).toEqual([]);
    expect((await hunt.ledger.list('')).filter((path) => path.includes('split'))).toEqual([]);
  });

  it('waits for the rule to have a source', async () => {
    const hunt = world('11:05', ...pair);
    hunt.source.end({ kind: 'no-source', reason: 'There is no such table.' }, { times: 1 });
    const first = await hunt.cycleOfOne({ startAt: start, programs });
    expect([first.summary.noSource, first.summary.requests, posted(hunt)]).toEqual([true, 1, []]);
    hunt.clock.set('2026-03-10T12:05Z');
    const second = await hunt.cycleOfOne({ startAt: start, programs });
    expect(second.summary).toMatchObject({ noSource: false, requests: 5 });
    expect(posted(hunt)).toEqual([posting]);
  });

  it('stays unsent where it is excluded', async () => {
    const hunt = world('11:05', ...pair);
    const { summary } = await hunt.cycleOfOne({ startAt: start, programs, excludes: () => true });
    expect(summary.incidents).toMatchObject({ new: 0, excluded: 1 });
    hunt.rows.push(row('09:45', 'removal'));
    hunt.clock.set('2026-03-10T12:00Z');
    await hunt.cycleOfOne({ programs });
    expect(posted(hunt).filter((message) => (message as unknown[])[0] === 'split-by-bin-edge')).toEqual([]);
  });

  it('is neither changed nor withdrawn by a source that shrinks', async () => {
    const hunt = world('11:05', ...pair);
    await hunt.cycleOfOne({ startAt: start, programs });
    hunt.rows.splice(1);
    hunt.clock.set('2026-03-10T11:35Z');
    const { shrunk } = await hunt.cycleOfOne({ programs });
    expect(shrunk).toContainEqual({ start: instant('2026-03-10T09:30Z'), end: instant('2026-03-10T10:30Z') });
    expect(posted(hunt)).toEqual([posting]);
  });

  it('is taken back under another rule that finds it no more', async () => {
    const hunt = world('11:05', ...pair);
    await hunt.cycleOfOne({ startAt: start, programs });
    const program = fakePairProgram({ hash: 'plan-2' });
    const { splitPairs } = program;
    if (splitPairs === undefined || splitPairs === 'off') throw new Error('it finds no split pairs');
    hunt.clock.set('2026-03-10T12:05Z');
    await hunt.cycleOfOne({ programs: [{ ...program, splitPairs: { ...splitPairs, draft: () => [] } }] });
    expect(posted(hunt)).toEqual([posting, ['split-by-bin-edge', 2, 'withdrawn', 'rule-changed']]);
  });

  it('is taken back by a plan that finds no pairs any more, and found again by one that does', async () => {
    const hunt = world('11:05', ...pair);
    await hunt.cycleOfOne({ startAt: start, programs });
    const { splitPairs: _, ...without } = fakePairProgram({ hash: 'plan-2' });
    hunt.clock.set('2026-03-10T11:10Z');
    await hunt.cycleOfOne({ programs: [without] });
    const taken = [posting, ['split-by-bin-edge', 2, 'withdrawn', 'rule-changed']];
    expect(posted(hunt)).toEqual(taken);
    hunt.clock.set('2026-03-10T11:12Z');
    await hunt.cycleOfOne({ programs: [without] });
    expect(posted(hunt)).toEqual(taken);
    hunt.clock.set('2026-03-10T11:16Z');
    await hunt.cycleOfOne({ programs });
    expect(posted(hunt)).toEqual([...taken, ['split-by-bin-edge', 3, 'active', 'export removal']]);
  });

  it('under a plan that finds none is settled with the bins of the rule', async () => {
    const hunt = world('11:05', ...pair);
    await hunt.cycleOfOne({ startAt: start, programs });
    const { splitPairs: _, ...without } = fakePairProgram({ hash: 'plan-2' });
    for (const time of ['2026-03-17T12:00Z', '2026-03-17T13:10Z']) {
      hunt.clock.set(time);
      await hunt.cycleOfOne({ programs: [without] });
    }
    expect(hunt.stored('head').settledThrough).toBe('2026-03-10T12:00:00.0000000Z');
    expect(hunt.stored('split/head').settledThrough).toBe('2026-03-10T11:30:00.0000000Z');
  });

  it('stays as it is while pairs are not asked for', async () => {
    const hunt = world('11:05', ...pair);
    await hunt.cycleOfOne({ startAt: start, programs });
    const before = hunt.ledger.peek(`${WORKSPACE}/${RULE}/split/2026-03-10.json`);
    hunt.rows.push(row('10:20', 'export'));
    hunt.clock.set('2026-03-10T11:15Z');
    await hunt.cycleOfOne({ programs: [{ ...fakePairProgram({ hash: 'plan-2' }), splitPairs: 'off' }] });
    expect(hunt.ledger.peek(`${WORKSPACE}/${RULE}/split/2026-03-10.json`)).toBe(before);
    expect(posted(hunt)).toEqual([posting, ['rule', 1, 'active', 'export removal']]);
  });

  it('is taken back where the bins are of another width', async () => {
    const hunt = world('11:05', ...pair);
    await hunt.cycleOfOne({ startAt: start, programs });
    hunt.clock.set('2026-03-10T12:05Z');
    await hunt.cycleOfOne({ programs: [fakePairProgram({ hash: 'plan-2', width: 2n * TICKS_PER_HOUR })] });
    expect(posted(hunt)).toContainEqual(['split-by-bin-edge', 2, 'withdrawn', 'rule-changed']);
    expect(posted(hunt)).toContainEqual(['split-by-bin-edge', 1, 'active', 'export removal']);
  });
});

describe('an incident of the rule beside a pair that an edge parts', () => {
  it.each([
    ['before', row('09:45', 'removal')],
    ['after', row('10:20', 'export')],
  ])('in the bin %s the edge keeps it from being posted', async (_, more) => {
    const hunt = world('11:05', ...pair, more);
    await hunt.cycleOfOne({ startAt: start, programs });
    expect(posted(hunt)).toEqual([['rule', 1, 'active', 'export removal']]);
  });

  it('of another host, or in another bin, does not', async () => {
    const hunt = world(
      '11:05',
      ...pair,
      row('09:45', 'removal', 'ex02'),
      row('09:46', 'export', 'ex02'),
      row('08:10', 'export'),
      row('08:11', 'removal'),
    );
    await hunt.cycleOfOne({ startAt: start, programs });
    expect(posted(hunt)).toContainEqual(posting);
    expect(posted(hunt).filter((message) => (message as unknown[])[0] === 'rule')).toHaveLength(2);
  });

  it('takes its place when it comes later, without a pull', async () => {
    const hunt = world('11:05', ...pair);
    await hunt.cycleOfOne({ startAt: start, programs });
    // At this time only the own bin from 10:00 is due of those two and of the one between them.
    hunt.rows.push(row('10:20', 'export'));
    hunt.clock.set('2026-03-10T11:15Z');
    const before = hunt.source.pulls.length;
    const { summary } = await hunt.cycleOfOne({ programs });
    expect(pulledRanges(hunt).slice(before)).not.toContain('09:30-10:30');
    expect(summary.incidents).toMatchObject({ new: 1, withdrawn: 1 });
    expect(posted(hunt)).toEqual([posting, ['rule', 1, 'active', 'export removal'], ['split-by-bin-edge', 2, 'withdrawn', 'superseded']]);
    hunt.clock.set('2026-03-10T12:35Z');
    await hunt.cycleOfOne({ programs });
    expect(posted(hunt)).toHaveLength(3);
  });

  it('takes its place in the next cycle where the first one was ended before', async () => {
    const hunt = world('11:05', ...pair);
    await hunt.cycleOfOne({ startAt: start, programs });
    hunt.rows.push(row('10:20', 'export'));
    hunt.clock.set('2026-03-10T11:15Z');
    await hunt.cycleOfOne({ programs: [{ ...fakePairProgram(), splitPairs: 'off' }] });
    const before = hunt.source.pulls.length;
    hunt.clock.set('2026-03-10T11:16Z');
    await hunt.cycleOfOne({ programs, deadline: instant('2026-03-10T11:16Z') });
    expect(hunt.source.pulls).toHaveLength(before);
    expect(posted(hunt).at(-1)).toEqual(['split-by-bin-edge', 2, 'withdrawn', 'superseded']);
  });

  it('takes its place also when the bin is final, and is counted as late once', async () => {
    const hunt = world('11:05', ...pair);
    await hunt.cycleOfOne({ startAt: start, programs });
    hunt.clock.set('2026-03-12T13:00Z');
    await hunt.cycleOfOne({ programs });
    hunt.rows.push(row('10:20', 'export'));
    hunt.clock.set('2026-03-17T11:31Z');
    const { summary } = await hunt.cycleOfOne({ programs });
    expect(summary).toMatchObject({ incidents: { new: 1, withdrawn: 1 }, lateAfterFinal: 1 });
    expect(posted(hunt).slice(1)).toEqual([
      ['rule', 1, 'active', 'export removal'],
      ['split-by-bin-edge', 2, 'withdrawn', 'superseded'],
    ]);
  });

  it('gives its place back when it is withdrawn itself', async () => {
    const hunt = world('11:05', ...pair, row('10:20', 'export'));
    await hunt.cycleOfOne({ startAt: start, programs });
    const program = fakePairProgram({ hash: 'plan-2' });
    hunt.clock.set('2026-03-10T12:05Z');
    await hunt.cycleOfOne({ programs: [{ ...program, draft: () => [] }] });
    hunt.clock.set('2026-03-10T12:35Z');
    await hunt.cycleOfOne({ programs: [{ ...program, draft: () => [] }] });
    expect(posted(hunt)).toContainEqual(['rule', 2, 'withdrawn', 'rule-changed']);
    expect(posted(hunt)).toContainEqual(posting);
  });

  it('gives its place back in the same cycle, also when the bin of the pair was audited before, and that is not late', async () => {
    const hunt = world('11:05', ...pair, row('10:20', 'export'));
    await hunt.cycleOfOne({ startAt: start, programs });
    // 09:30–10:30 is audited by then, 10:00–11:00 half an hour later.
    for (const time of ['2026-03-12T14:00Z', '2026-03-17T10:45Z']) {
      hunt.clock.set(time);
      await hunt.cycleOfOne({ programs });
    }
    expect(posted(hunt)).toEqual([['rule', 1, 'active', 'export removal']]);
    hunt.clock.set('2026-03-17T11:05Z');
    const { summary } = await hunt.cycleOfOne({ programs: [{ ...fakePairProgram({ hash: 'plan-2' }), draft: () => [] }] });
    expect(posted(hunt).slice(1)).toEqual([['rule', 2, 'withdrawn', 'rule-changed'], posting]);
    expect(summary.lateAfterFinal).toBe(0);
  });

  it('gives its place back to a pair that it had taken the place of', async () => {
    const hunt = world('11:05', ...pair);
    await hunt.cycleOfOne({ startAt: start, programs });
    hunt.rows.push(row('10:20', 'export'));
    hunt.clock.set('2026-03-10T11:15Z');
    await hunt.cycleOfOne({ programs });
    // The bin from 10:00 alone is due.
    hunt.clock.set('2026-03-10T11:17Z');
    await hunt.cycleOfOne({ programs: [{ ...fakePairProgram({ hash: 'plan-2' }), draft: () => [] }] });
    hunt.clock.set('2026-03-10T12:00Z');
    await hunt.cycleOfOne({ programs: [{ ...fakePairProgram({ hash: 'plan-2' }), draft: () => [] }] });
    expect(posted(hunt).at(-1)).toEqual(['split-by-bin-edge', 3, 'active', 'export removal']);
  });
});

describe('the shifted bins', () => {
  it('are left alone where the records of own bins beside them cannot be read', async () => {
    const hunt = world('11:05', ...pair);
    await hunt.cycleOfOne({ startAt: instant('2026-03-09T22:00Z'), programs });
    hunt.ledger.put(`${WORKSPACE}/${RULE}/2026-03-09.json`, 'damaged');
    const evaluatedAt = (key: string): string | undefined => hunt.stored('split/2026-03-09').bins?.[key]?.evaluatedAt;
    const midnight = '2026-03-09T23:30:00.0000000Z/2026-03-10T00:30:00.0000000Z';
    const before = evaluatedAt(midnight);
    hunt.clock.set('2026-03-10T16:35Z');
    await hunt.cycleOfOne({ programs });
    expect(before).toBeDefined();
    expect(evaluatedAt(midnight)).toBe(before);
  });

  it('fail on their own, and the rule goes on', async () => {
    const hunt = world('11:05', ...pair);
    hunt.ledger.put(`${WORKSPACE}/${RULE}/split/head.json`, 'damaged');
    hunt.rows.push(row('09:10', 'export', 'ex02'), row('09:11', 'removal', 'ex02'));
    const { summary, problems } = await hunt.cycleOfOne({ startAt: start, programs });
    expect(summary).toMatchObject({ outcome: 'failed', incidents: { new: 1 }, bins: { done: 4 } });
    expect(problems).toEqual([expect.stringContaining('split/head.json')]);
  });

  it('are settled only after the own bins beside them', async () => {
    const hunt = world('11:05', ...pair);
    await hunt.cycleOfOne({ startAt: start, programs });
    for (const time of ['2026-03-12T14:00Z', '2026-03-17T12:00Z', '2026-03-17T13:30Z', '2026-03-17T14:40Z']) {
      hunt.clock.set(time);
      await hunt.cycleOfOne({ programs });
    }
    const own = instant(hunt.stored('head').settledThrough ?? '');
    const split = instant(hunt.stored('split/head').settledThrough ?? '');
    expect(own).toBeGreaterThan(instant('2026-03-10T09:00Z'));
    expect(split).toBeLessThan(own);
    expect(own - split).toBeLessThanOrEqual(TICKS_PER_HOUR / 2n);
  });

  it('need nothing of a rule without split pairs', async () => {
    const hunt = world('11:05', ...pair);
    const { summary } = await hunt.cycleOfOne({ startAt: start, programs: [fakeProgram()] });
    expect(summary.bins.done).toBe(4);
  });
});

it('fails once in a backfill whose plan cannot look for pairs, also where one was left to an incident that is gone', async () => {
  const hunt = world('11:05', ...pair, row('10:20', 'export'));
  await hunt.cycleOfOne({ startAt: start, programs });
  hunt.clock.set('2026-03-10T12:05Z');
  const program = fakePairProgram({ hash: 'plan-2' });
  const pairs = program.splitPairs;
  if (pairs === undefined || pairs === 'off') throw new Error('a plan without pairs');
  const draft = (): never => {
    throw new Error('cannot');
  };
  const broken = { ...program, draft: () => [], splitPairs: { ...pairs, draft } };
  const only = () => ({ start, end: instant('2026-03-10T11:00Z') });
  const { failures } = await hunt.cycleOfOne({ programs: [broken], only });
  const failed = failures.map(({ bin }) => bin.start);
  expect(failed.length).toBeGreaterThan(0);
  expect(new Set(failed).size).toBe(failed.length);
});
