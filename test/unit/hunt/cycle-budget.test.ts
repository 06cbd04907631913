import type { CyclePorts } from '../../../src/hunt/cycle';
import type { CycleReport } from '../../../src/hunt/summary';
import type { After } from '../../../src/hunt/turns';
import { instant } from '../../../src/value/instant';
import { fakeProgram, FakeWorld, WORKSPACE, type FakeRow } from '../../support/hunt-fakes';

const startAt = instant('2026-03-10T06:00Z');
const row: FakeRow = { at: '2026-03-10T10:05Z', host: 'ex01', note: 'export' };
const OTHER_RULE = '33333333-3333-4333-8333-333333333333';
const workspaces = Array.from({ length: 6 }, (_, index) => `${index + 1}1111111-1111-4111-8111-111111111111`);
const [sixth = ''] = workspaces.slice(-1);

function world(): FakeWorld {
  const made = new FakeWorld('2026-03-10T10:10Z');
  made.rows.push(row);
  return made;
}

function byWorkspace(report: CycleReport, workspaceId: string): CycleReport['rules'][number]['summary'] | undefined {
  return report.rules.map(({ summary }) => summary).find((summary) => summary.workspaceId === workspaceId);
}

/** Lets all that can go on go on. */
async function settle(): Promise<void> {
  for (let step = 0; step < 2000; step += 1) await Promise.resolve();
}

/** Every turn becomes slow when told to. */
function handTimer(): { readonly after: After; slow(): void } {
  const acts: (() => void)[] = [];
  return {
    after: (_ms, act) => {
      acts.push(act);
      return () => undefined;
    },
    slow: () => acts.splice(0).forEach((act) => act()),
  };
}

describe('the time of an invocation', () => {
  it('ends at the deadline with what is left counted, and the next cycle does that', async () => {
    const hunt = world();
    const source: CyclePorts['source'] = {
      pull: (request) => {
        hunt.clock.advanceMinutes(1);
        return hunt.source.pull(request);
      },
    };
    const first = await hunt.cycleOfOne({ startAt, deadline: instant('2026-03-10T10:11Z') }, { source });
    expect(first.summary).toMatchObject({ outcome: 'ok', bins: { due: 5, done: 1, left: 4 }, incidents: { new: 1 } });
    const second = await hunt.cycleOfOne();
    expect(second.summary.bins).toMatchObject({ done: 5, left: 0 });
  });

  it('is not spent on one that is slow: five workspaces that do not answer keep no sixth from its bins', async () => {
    const hunt = world();
    const timer = handTimer();
    const abort = new AbortController();
    const held = hunt.source.hold({ times: Infinity, when: ({ workspaceId }) => workspaceId !== sixth });
    const cycle = hunt.cycle({ startAt, workspaceIds: workspaces, signal: abort.signal }, { after: timer.after });
    await settle();
    expect(held.hits).toBe(5);
    expect(hunt.source.pulls.filter(({ workspaceId }) => workspaceId === sixth)).toEqual([]);
    timer.slow();
    await settle();
    expect(hunt.source.pulls.filter(({ workspaceId }) => workspaceId === sixth)).toHaveLength(5);
    expect(hunt.messages).toHaveLength(1);
    abort.abort();
    const report = await cycle;
    expect(byWorkspace(report, sixth)).toMatchObject({ outcome: 'ok', bins: { done: 5, left: 0 } });
    expect(byWorkspace(report, workspaces[0] ?? '')).toMatchObject({ outcome: 'failed', bins: { done: 0, failing: 1, left: 4 } });
    expect(report.failure).toBeUndefined();
  });

  it('is not spent on one rule of a workspace that is slow', async () => {
    const hunt = world();
    const timer = handTimer();
    const abort = new AbortController();
    hunt.source.hold({ times: Infinity, when: ({ query }) => query.includes('Slow') });
    const programs = [fakeProgram({ tables: ['Slow'] }), fakeProgram({ id: OTHER_RULE })];
    const cycle = hunt.cycle({ startAt, programs, signal: abort.signal }, { after: timer.after });
    await settle();
    expect(hunt.messages).toHaveLength(1);
    abort.abort();
    expect((await cycle).rules.map(({ summary }) => summary.bins.done)).toEqual([0, 5]);
  });

  it('has five queries at once at most, whoever asks', async () => {
    const hunt = world();
    let atOnce = 0;
    let most = 0;
    const source: CyclePorts['source'] = {
      pull: async (request) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        await Promise.resolve();
        const answer = await hunt.source.pull(request);
        atOnce -= 1;
        return answer;
      },
    };
    await hunt.cycle({ startAt, workspaceIds: workspaces, programs: [fakeProgram(), fakeProgram({ id: OTHER_RULE })] }, { source });
    expect(most).toBe(5);
  });

  it.each([
    ['ledger', (hunt: FakeWorld): Partial<CyclePorts> => ({ ledger: { ...hunt.ports.ledger, read: never, write: never, list: never } })],
    ['hub', (hunt: FakeWorld): Partial<CyclePorts> => ({ sink: { ...hunt.sink, publish: never } })],
    ['hub that is asked first', (hunt: FakeWorld): Partial<CyclePorts> => ({ sink: { ...hunt.sink, probe: never } })],
  ])('is not outlived where the %s does not answer: nothing is waited for after the stop', async (_, ports) => {
    const hunt = world();
    const stop = new AbortController();
    const cycle = hunt.cycle({ startAt, stop: stop.signal }, ports(hunt));
    await settle();
    stop.abort();
    const { rules, failure } = await cycle;
    expect(failure).toContain('was stopped while it waited');
    expect(rules[0]?.summary.outcome).toBe('failed');
    const next = await hunt.cycleOfOne({ startAt });
    expect(next.summary).toMatchObject({ outcome: 'ok', bins: { left: 0 } });
    expect(new Set(hunt.messages.map(({ id }) => id)).size).toBe(1);
    expect(hunt.messages.map(({ revision }) => revision)).toEqual([1]);
  });

  it('writes no further portion after the pulls were ended', async () => {
    const hunt = world();
    for (let host = 0; host < 250; host += 1) hunt.rows.push({ ...row, host: `host${host}` });
    const abort = new AbortController();
    const sink: CyclePorts['sink'] = {
      ...hunt.sink,
      publish: async (messages) => {
        abort.abort();
        return hunt.sink.publish(messages);
      },
    };
    const first = await hunt.cycleOfOne({ startAt: instant('2026-03-10T10:00Z'), signal: abort.signal }, { sink });
    expect(first.summary).toMatchObject({ bins: { due: 1, done: 0, left: 1 }, incidents: { new: 100, pending: 0 } });
    const second = await hunt.cycleOfOne();
    expect(second.summary).toMatchObject({ bins: { done: 1, left: 0 }, incidents: { new: 151 } });
    expect(hunt.messages).toHaveLength(251);
    expect(hunt.stored('2026-03-10').bins).toBeDefined();
    expect(WORKSPACE).toBe(first.summary.workspaceId);
  });
});

function never(): Promise<never> {
  return new Promise(() => undefined);
}
