import { EvaluationLimit } from '../../../src/engine/budget';
import type { PullRequest } from '../../../src/hunt/ports';
import { summaryLine } from '../../../src/hunt/summary';
import { addTicks, formatInstant, instant, TICKS_PER_DAY, TICKS_PER_MINUTE } from '../../../src/value/instant';
import { fakeProgram, FakeWorld, RULE, WORKSPACE, type FakeRow } from '../../support/hunt-fakes';

const OTHER_RULE = '33333333-3333-4333-8333-333333333333';
const OTHER_WORKSPACE = '44444444-4444-4444-8444-444444444444';

const first: FakeRow = { at: '2026-03-10T10:01Z', host: 'ex01', note: 'export' };
const second: FakeRow = { at: '2026-03-10T10:02Z', host: 'ex01', note: 'removal' };
const start = instant('2026-03-10T10:00Z');

/** Ten minutes into the bin that the rows are in; nothing older is covered. */
function world(...rows: readonly FakeRow[]): FakeWorld {
  const made = new FakeWorld('2026-03-10T10:10Z');
  made.rows.push(...rows);
  return made;
}

function revisions(made: FakeWorld): readonly unknown[] {
  return made.messages.map(({ revision, status, notes, reason }) => [revision, status, notes ?? reason]);
}

function binStartOf({ query }: PullRequest): string {
  return (JSON.parse(query) as { readonly start: string }).start.slice(11, 16);
}

const bin10 = '2026-03-10T10:00:00.0000000Z/2026-03-10T11:00:00.0000000Z';

describe('a cycle', () => {
  it('publishes revision 1 of what the open bin has, marks it sent, and records the evaluation', async () => {
    const hunt = world(first);
    const { summary } = await hunt.cycleOfOne({ startAt: start });
    expect(revisions(hunt)).toEqual([[1, 'active', ['export']]]);
    expect(hunt.sink.received[0]?.partitionKey).toBe(`${WORKSPACE}/${RULE}/2026-03-10T10:00:00.0000000Z`);
    const bin = hunt.stored('2026-03-10').bins?.[bin10];
    expect(bin).toMatchObject({ evaluatedAt: '2026-03-10T10:10:00.0000000Z', ruleHash: 'plan-1', tables: { Events: { rows: 1 } } });
    expect(Object.values(bin?.incidents ?? {})).toMatchObject([{ revision: 1, status: 'active', pending: [], refused: [] }]);
    expect(summary).toEqual({
      outcome: 'ok',
      ruleId: RULE,
      workspaceId: WORKSPACE,
      bins: { due: 1, done: 1, failing: 0, left: 0, shrunk: 0, final: 0 },
      noSource: false,
      oldestUncoveredMinutes: 0,
      rows: 1,
      incidents: { new: 1, revised: 0, withdrawn: 0, excluded: 0, pending: 0, refused: 0 },
      requests: 1,
      throttledMs: 0,
      lateAfterFinal: 0,
      durationMs: 0,
    });
    expect(JSON.parse(summaryLine(summary))).toEqual({ message: 'hunt.cycle', ...summary });
  });

  it('posts nothing over unchanged rows, in any order and number of copies', async () => {
    const hunt = world(first, second);
    await hunt.cycleOfOne({ startAt: start });
    hunt.rows.splice(0, 2, second, second, first, second);
    hunt.clock.advanceMinutes(5);
    const { summary } = await hunt.cycleOfOne({ startAt: start });
    expect(summary).toMatchObject({ bins: { done: 1 }, rows: 4, incidents: { new: 0, revised: 0, withdrawn: 0 } });
    expect(hunt.messages).toHaveLength(1);
  });

  it('posts exactly one revision for a late row, however many cycles follow', async () => {
    const hunt = world(first, { ...second, arrives: '2026-03-10T13:30Z' });
    for (let minutes = 0; minutes < 10 * 60; minutes += 5) {
      await hunt.cycleOfOne({ startAt: start });
      hunt.clock.advanceMinutes(5);
    }
    expect(revisions(hunt)).toEqual([
      [1, 'active', ['export']],
      [2, 'active', ['export', 'removal']],
    ]);
  });

  it('withdraws what a rule that is not monotone finds no more, and brings it back as the next revision', async () => {
    const hunt = world(
      first,
      { ...first, note: 'undone', arrives: '2026-03-10T11:20Z' },
      { ...first, note: 'redone', arrives: '2026-03-10T11:40Z' },
    );
    const program = fakeProgram({ monotone: false, matches: (notes) => notes.length !== 2 });
    for (let minutes = 0; minutes < 180; minutes += 5) {
      await hunt.cycleOfOne({ startAt: start, programs: [program] });
      hunt.clock.advanceMinutes(5);
    }
    expect(revisions(hunt)).toEqual([
      [1, 'active', ['export']],
      [2, 'withdrawn', 'no-longer-matches'],
      [3, 'active', ['export', 'redone', 'undone']],
    ]);
  });

  it('takes a doubled tick, a lost one and a late one as the same', async () => {
    const ticks = [[0, 0, 5, 5, 10], [7], [0, 300, 300]];
    for (const minutes of ticks) {
      const hunt = world(first, second);
      for (const minute of minutes) {
        hunt.clock.set(formatInstant(addTicks(instant('2026-03-10T10:10Z'), BigInt(minute) * TICKS_PER_MINUTE)));
        await hunt.cycleOfOne({ startAt: start });
      }
      expect(revisions(hunt)).toEqual([[1, 'active', ['export', 'removal']]]);
    }
  });

  it('works on the open bin, the last closed one, then the backlog from 49 h before the first cycle', async () => {
    const hunt = world();
    const { summary } = await hunt.cycleOfOne();
    expect(summary.bins).toMatchObject({ due: 50, done: 50, final: 0 });
    expect(hunt.source.pulls.slice(0, 4).map(binStartOf)).toEqual(['10:00', '09:00', '09:00', '10:00']);
    expect(hunt.stored('head').coveredFrom).toBe('2026-03-08T09:00:00.0000000Z');
  });

  it('keeps the start of the coverage when the setting changes later', async () => {
    const hunt = world();
    await hunt.cycleOfOne({ startAt: start });
    await hunt.cycleOfOne({ startAt: instant('2026-03-01T00:00Z') });
    expect(hunt.stored('head').coveredFrom).toBe('2026-03-10T10:00:00.0000000Z');
    expect(hunt.source.pulls.map(binStartOf)).toEqual(['10:00']);
  });

  it('counts 49 h from the first cycle, also where the first cycles come to nothing', async () => {
    const hunt = world({ ...first, at: '2026-03-08T09:30Z' });
    const busy = hunt.source.end({ kind: 'failed', code: 'busy', reason: 'It was busy.' }, { times: Infinity });
    await hunt.cycleOfOne();
    busy.release();
    hunt.clock.set('2026-03-11T10:10Z');
    await hunt.cycleOfOne();
    expect(hunt.stored('head').coveredFrom).toBe('2026-03-08T09:00:00.0000000Z');
    expect(revisions(hunt)).toEqual([[1, 'active', ['export']]]);
  });

  it('makes a bin final 49 h after its close, audits it after 7 days, counts what came too late, and settles it an hour later', async () => {
    const hunt = world(first, { ...second, arrives: '2026-03-13T00:00Z' });
    await hunt.cycleOfOne({ startAt: start });
    hunt.clock.set('2026-03-12T12:00Z');
    const final = await hunt.cycleOfOne();
    expect(final.summary.bins.final).toBe(1);
    hunt.clock.set('2026-03-17T10:59Z');
    await hunt.cycleOfOne();
    expect(hunt.stored('head').settledThrough).toBeUndefined();
    hunt.clock.set('2026-03-17T11:00Z');
    const { summary } = await hunt.cycleOfOne();
    expect(summary).toMatchObject({ incidents: { revised: 1 }, lateAfterFinal: 1 });
    hunt.clock.set('2026-03-17T11:59Z');
    await hunt.cycleOfOne();
    expect(hunt.stored('head').settledThrough).toBeUndefined();
    hunt.clock.set('2026-03-17T12:00Z');
    await hunt.cycleOfOne();
    expect(hunt.stored('head').settledThrough).toBe('2026-03-10T11:00:00.0000000Z');
    hunt.clock.set('2026-03-19T11:00Z');
    await hunt.cycleOfOne();
    hunt.clock.set('2026-03-19T12:00Z');
    await hunt.cycleOfOne();
    expect(hunt.stored('head').settledThrough).toBe('2026-03-12T11:00:00.0000000Z');
    hunt.clock.advanceMinutes(5);
    const before = hunt.ledger.calls.length;
    await hunt.cycleOfOne();
    const days = hunt.ledger.calls.slice(before).map(({ path }) => path.slice(-15, -5));
    expect(days.filter((day) => day.startsWith('2026'))[0]).toBe('2026-03-12');
  });

  it('does not count as late what another plan finds in a final bin', async () => {
    const hunt = world(first, { ...second, arrives: '2026-03-13T00:00Z' });
    hunt.clock.set('2026-03-12T12:00Z');
    await hunt.cycleOfOne({ startAt: start });
    hunt.clock.set('2026-03-17T11:00Z');
    const { summary } = await hunt.cycleOfOne({ programs: [fakeProgram({ hash: 'plan-2' })] });
    expect(summary).toMatchObject({ incidents: { revised: 1 }, lateAfterFinal: 0 });
  });

  it('asks with a timespan a day wider than the bin', async () => {
    const hunt = world();
    await hunt.cycleOfOne({ startAt: start });
    expect(hunt.source.pulls[0]?.timespan).toEqual({ start: addTicks(start, -TICKS_PER_DAY), end: instant('2026-03-11T11:00Z') });
  });

  it('reports how long the oldest bin has been without an evaluation after its close', async () => {
    const hunt = world();
    hunt.clock.set('2026-03-10T12:20Z');
    hunt.source.end({ kind: 'failed', code: 'busy', reason: 'It was busy.' }, { when: (request) => binStartOf(request) === '10:00' });
    const { summary } = await hunt.cycleOfOne({ startAt: start });
    expect(summary).toMatchObject({ outcome: 'ok', bins: { due: 3, done: 2, failing: 1 }, oldestUncoveredMinutes: 80 });
  });

  it('begins no bin at the deadline, and reports what is left', async () => {
    const hunt = world();
    const held = hunt.source.hold();
    const cycle = hunt.cycleOfOne({ startAt: instant('2026-03-10T05:00Z'), deadline: instant('2026-03-10T10:15Z') });
    while (held.hits === 0) await Promise.resolve();
    hunt.clock.advanceMinutes(5);
    held.release();
    const { summary } = await cycle;
    expect(summary).toMatchObject({ outcome: 'ok', bins: { due: 6, done: 1, left: 5 }, durationMs: 300_000 });
  });

  it('takes a pull that was ended for a failure of its bin, so that the next cycle begins elsewhere', async () => {
    const hunt = world();
    const abort = new AbortController();
    const held = hunt.source.hold();
    const cycle = hunt.cycleOfOne({ startAt: instant('2026-03-10T08:00Z'), signal: abort.signal });
    while (held.hits === 0) await Promise.resolve();
    abort.abort();
    const { summary, failures } = await cycle;
    expect(summary.bins).toEqual({ due: 3, done: 0, failing: 1, left: 2, shrunk: 0, final: 0 });
    expect(failures).toMatchObject([{ code: 'out-of-time' }]);
    await hunt.cycleOfOne({ startAt: instant('2026-03-10T08:00Z') });
    expect(hunt.source.pulls.map(binStartOf)).toEqual(['10:00', '09:00', '08:00']);
  });
});

describe('several rules and workspaces', () => {
  const rules = [fakeProgram(), fakeProgram({ id: OTHER_RULE })];

  it('have a report each, in order', async () => {
    const hunt = world(first);
    const { rules: reports } = await hunt.cycle({ startAt: start, workspaceIds: [WORKSPACE, OTHER_WORKSPACE], programs: rules });
    expect(reports.map(({ summary }) => [summary.workspaceId, summary.ruleId, summary.incidents.new])).toEqual([
      [WORKSPACE, RULE, 1],
      [WORKSPACE, OTHER_RULE, 1],
      [OTHER_WORKSPACE, RULE, 1],
      [OTHER_WORKSPACE, OTHER_RULE, 1],
    ]);
    expect(new Set(hunt.messages.map(({ id }) => id)).size).toBe(4);
  });

  it('take turns, so that no backlog keeps a rule from its open bin', async () => {
    const hunt = world();
    await hunt.cycle({ startAt: instant('2026-03-10T08:00Z'), programs: rules });
    const starts = hunt.source.pulls.map(binStartOf);
    expect(starts.slice(0, 2)).toEqual(['10:00', '10:00']);
    expect([...starts].sort()).toEqual(['08:00', '08:00', '09:00', '09:00', '10:00', '10:00']);
  });

  it('go on where one rule fails', async () => {
    const hunt = world(first);
    const broken = {
      ...fakeProgram({ id: OTHER_RULE }),
      draft: () => {
        throw new TypeError(`cannot read ${first.note}`);
      },
    };
    const { rules: reports, failure } = await hunt.cycle({ startAt: start, programs: [broken, fakeProgram()] });
    expect(reports.map(({ summary }) => summary.outcome)).toEqual(['failed', 'ok']);
    expect(reports[0]?.failures).toMatchObject([{ code: 'unexpected-error', reason: expect.stringContaining('TypeError at') }]);
    expect(JSON.stringify(reports[0]?.failures, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))).not.toContain(
      first.note,
    );
    expect(failure).toBeUndefined();
    expect(revisions(hunt)).toEqual([[1, 'active', ['export']]]);
  });

  it('go on where one ledger is damaged, which is named and left as it is', async () => {
    const hunt = world(first);
    hunt.ledger.put(`${WORKSPACE}/${OTHER_RULE}/head.json`, '{"formatVersion":99}');
    const { rules: reports, failure } = await hunt.cycle({ startAt: start, programs: [fakeProgram({ id: OTHER_RULE }), fakeProgram()] });
    expect(reports.map(({ summary }) => summary.outcome)).toEqual(['failed', 'ok']);
    expect(reports[0]?.problems).toEqual([expect.stringMatching(/head\.json .*newer version/)]);
    expect(hunt.ledger.peek(`${WORKSPACE}/${OTHER_RULE}/head.json`)).toBe('{"formatVersion":99}');
    expect(failure).toBeUndefined();
  });

  it('go on with the other days where one day of a ledger is damaged', async () => {
    const hunt = world(first);
    await hunt.cycleOfOne({ startAt: instant('2026-03-09T22:00Z') });
    hunt.ledger.put(`${WORKSPACE}/${RULE}/2026-03-09.json`, 'damaged');
    hunt.rows.push(second);
    hunt.clock.advanceMinutes(5);
    const { summary, problems } = await hunt.cycleOfOne();
    expect(summary).toMatchObject({ outcome: 'failed', bins: { due: 2, done: 2, failing: 2 }, incidents: { revised: 1 } });
    expect(problems).toEqual([expect.stringContaining('2026-03-09.json')]);
    expect(hunt.ledger.peek(`${WORKSPACE}/${RULE}/2026-03-09.json`)).toBe('damaged');
  });
});

describe('a bin that fails', () => {
  it('is recorded, waits longer each time, and is whole again after an answer', async () => {
    const hunt = world(first);
    const busy = hunt.source.end({ kind: 'failed', code: 'busy', reason: 'It was busy.' }, { times: 3 });
    const asked: number[] = [];
    for (let minute = 0; minute <= 40; minute += 5) {
      const before = hunt.source.pulls.length;
      await hunt.cycleOfOne({ startAt: start });
      if (hunt.source.pulls.length > before) asked.push(minute);
      hunt.clock.advanceMinutes(5);
    }
    expect(busy.hits).toBe(3);
    expect(asked).toEqual([0, 5, 15, 35, 40]);
    expect(hunt.stored('2026-03-10').bins?.[bin10]?.failure).toBeUndefined();
    expect(revisions(hunt)).toEqual([[1, 'active', ['export']]]);
  });

  it('fails the invocation where everything that was due failed', async () => {
    const hunt = world(first);
    hunt.source.end({ kind: 'failed', code: 'busy', reason: 'It was busy.' }, { times: Infinity });
    const { rules, failure } = await hunt.cycle({ startAt: start });
    expect(failure).toContain('It was busy.');
    expect(rules[0]?.summary).toMatchObject({ outcome: 'failed', bins: { due: 1, done: 0, failing: 1 } });
  });

  it('changes and withdraws nothing that is recorded', async () => {
    const hunt = world(first);
    await hunt.cycleOfOne({ startAt: start });
    hunt.rows.push(second);
    hunt.source.end({ kind: 'failed', code: 'busy', reason: 'It was busy.' });
    hunt.clock.advanceMinutes(5);
    await hunt.cycleOfOne();
    expect(hunt.messages).toHaveLength(1);
    expect(hunt.stored('2026-03-10').bins?.[bin10]).toMatchObject({
      evaluatedAt: '2026-03-10T10:10:00.0000000Z',
      failure: { count: 1, code: 'busy' },
    });
  });

  it('fails where the engine would hold too much, with its words', async () => {
    const hunt = world(first);
    const hungry = {
      ...fakeProgram(),
      draft: () => {
        throw new EvaluationLimit('more than 5000000 intermediate rows');
      },
    };
    const { failures } = await hunt.cycleOfOne({ startAt: start, programs: [hungry] });
    expect(failures).toMatchObject([{ code: 'evaluation-limit', reason: 'more than 5000000 intermediate rows' }]);
  });

  it('fails where its messages cannot be made, and keeps no other bin from its work', async () => {
    const hunt = world(first, { ...first, at: '2026-03-10T09:30Z', host: 'ex02' });
    const program = fakeProgram();
    const activeMessage: typeof program.activeMessage = (input) => {
      if (input.draft.bin.start === start) throw new RangeError(`${first.note} is too long`);
      return program.activeMessage(input);
    };
    const { summary, failures } = await hunt.cycleOfOne({
      startAt: instant('2026-03-10T09:00Z'),
      programs: [{ ...program, activeMessage }],
    });
    expect(summary).toMatchObject({ outcome: 'ok', bins: { due: 2, done: 1, failing: 1 }, incidents: { new: 1 } });
    expect(failures).toMatchObject([{ code: 'unexpected-error', reason: expect.stringContaining('RangeError at') }]);
    expect(failures[0]?.reason).not.toContain(first.note);
  });

  it('fails rather than give one revision two contents where a rule gives one id twice', async () => {
    const hunt = world(first);
    const program = fakeProgram();
    const doubled = {
      ...program,
      draft: (input: Parameters<typeof program.draft>[0]) => [...program.draft(input), ...program.draft(input)],
    };
    const { failures } = await hunt.cycleOfOne({ startAt: start, programs: [doubled] });
    expect(failures).toMatchObject([{ code: 'unexpected-error' }]);
    expect(hunt.messages).toEqual([]);
  });

  it('keeps the incidents of a bin that shrunk, posts new ones, and reports it', async () => {
    const hunt = world(first, second);
    await hunt.cycleOfOne({ startAt: start });
    hunt.rows.splice(0, 2, { ...first, host: 'ex02' });
    hunt.clock.advanceMinutes(5);
    const { summary, shrunk } = await hunt.cycleOfOne();
    expect(summary).toMatchObject({ outcome: 'ok', bins: { done: 1, shrunk: 1 }, incidents: { new: 1, revised: 0, withdrawn: 0 } });
    expect(shrunk).toMatchObject([{ start }]);
    expect(hunt.stored('2026-03-10').bins?.[bin10]).toMatchObject({
      evaluatedAt: '2026-03-10T10:15:00.0000000Z',
      tables: { Events: { rows: 2 } },
    });
  });
});
