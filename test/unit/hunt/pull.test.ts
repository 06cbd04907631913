import type { PullOutcome, WireTable } from '../../../src/hunt/ports';
import { pullTable, RequestBudget, type TablePull } from '../../../src/hunt/pull';
import {
  addTicks,
  formatInstant,
  instant,
  TICKS_PER_DAY,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
  type TimeRange,
} from '../../../src/value/instant';
import { createFakeRowSource, type FakeRowSource } from '../../support/fake-row-source';
import { fakeProgram, hourOf, WORKSPACE } from '../../support/hunt-fakes';

const bin = hourOf('2026-03-10T10:00Z');

/** One row a minute, on the minute. */
const everyMinute = Array.from({ length: 60 }, (_, minute) => addTicks(bin.start, BigInt(minute) * TICKS_PER_MINUTE));

function rangeOf(query: string): TimeRange {
  const asked = JSON.parse(query) as { readonly start: string; readonly end: string };
  return { start: instant(asked.start), end: instant(asked.end) };
}

function answer(query: string): WireTable {
  const { start, end } = rangeOf(query);
  const rows = everyMinute.filter((at) => at >= start && at < end).map((at) => [formatInstant(at), 'ex01', 'x']);
  return { columns: ['TimeGenerated', 'host', 'note'].map((name) => ({ name, type: 'string' })), rows };
}

function sourceWithLimit(maxSeconds: number): FakeRowSource {
  const source = createFakeRowSource(({ query }) => answer(query));
  const isTooLong = (query: string): boolean => rangeOf(query).end - rangeOf(query).start > BigInt(maxSeconds) * TICKS_PER_SECOND;
  source.end({ kind: 'too-large', reason: 'too many rows' }, { times: Infinity, when: ({ query }) => isTooLong(query) });
  return source;
}

interface PullOptions {
  readonly requests?: RequestBudget;
  readonly maxRows?: number;
  readonly answers?: PullOutcome[];
}

function pull(
  source: FakeRowSource,
  { requests = new RequestBudget(), maxRows = Infinity, answers = [] }: PullOptions = {},
): Promise<TablePull> {
  let taken = 0;
  const takeRows = (rows: number): boolean => (taken += rows) <= maxRows;
  const onAnswer = (one: PullOutcome): void => void answers.push(one);
  const isLater = (): boolean => false;
  return pullTable(
    { source, program: fakeProgram(), workspaceId: WORKSPACE, requests, takeRows, isLater, onAnswer, signal: undefined },
    'Events',
    bin,
  );
}

function rowTimes(pulled: TablePull): readonly unknown[] {
  return pulled.kind === 'whole' ? pulled.parts.flatMap(({ rows }) => rows).map(({ values }) => values[0]) : [pulled.kind];
}

describe('pulling a table', () => {
  it('asks once for the bin, with a timespan a day wider on both sides', async () => {
    const source = sourceWithLimit(3600);
    expect(rowTimes(await pull(source))).toEqual(everyMinute);
    expect(source.pulls.map(({ query, timespan, workspaceId }) => ({ ...rangeOf(query), timespan, workspaceId }))).toEqual([
      { ...bin, timespan: { start: addTicks(bin.start, -TICKS_PER_DAY), end: addTicks(bin.end, TICKS_PER_DAY) }, workspaceId: WORKSPACE },
    ]);
  });

  it('halves what is too large: the pieces meet without gap or overlap and give the same rows, count and digest', async () => {
    const whole = await pull(sourceWithLimit(3600));
    const source = sourceWithLimit(200);
    const halved = await pull(source);
    expect(halved).toEqual(whole);

    const answered = source.pulls.map(({ query }) => rangeOf(query)).filter(({ start, end }) => end - start <= 200n * TICKS_PER_SECOND);
    expect(answered.length).toBeGreaterThan(10);
    expect(answered[0]?.start).toBe(bin.start);
    expect(answered.at(-1)?.end).toBe(bin.end);
    answered.slice(1).forEach(({ start }, index) => expect(start).toBe(answered[index]?.end));
  });

  it('tells of every answer what it cost', async () => {
    const answers: PullOutcome[] = [];
    await pull(sourceWithLimit(1800), { answers });
    expect(answers.map(({ kind }) => kind)).toEqual(['too-large', 'whole', 'whole']);
  });

  it('does not go under a second', async () => {
    const source = sourceWithLimit(0);
    expect(await pull(source)).toMatchObject({ kind: 'failed', code: 'too-large', reason: expect.stringContaining('one second') });
    const shortest = source.pulls.map(({ query }) => rangeOf(query)).at(-1);
    expect(shortest).toEqual({ start: bin.start, end: addTicks(bin.start, TICKS_PER_SECOND) });
  });

  it('gives up after 64 requests, and names the range it came to', async () => {
    const source = sourceWithLimit(60);
    const pulled = await pull(source);
    expect(pulled).toMatchObject({ kind: 'failed', code: 'too-large', reason: expect.stringContaining('64 requests') });
    expect(pulled).toMatchObject({ range: { start: addTicks(bin.start, 30n * TICKS_PER_MINUTE), end: bin.end } });
    expect(source.pulls).toHaveLength(64);
  });

  it('shares the 64 requests among the tables of a bin', async () => {
    const source = sourceWithLimit(225);
    const requests = new RequestBudget();
    expect((await pull(source, { requests })).kind).toBe('whole');
    expect(source.pulls).toHaveLength(31);
    expect((await pull(source, { requests })).kind).toBe('whole');
    expect(await pull(source, { requests })).toMatchObject({ kind: 'failed', code: 'too-large' });
    expect(source.pulls).toHaveLength(64);
  });

  it('has no rows where one piece failed, whatever the others gave', async () => {
    const source = sourceWithLimit(1800);
    const second = { start: addTicks(bin.start, 30n * TICKS_PER_MINUTE), end: bin.end };
    const failing = source.end(
      { kind: 'failed', code: 'busy', reason: 'It was busy.' },
      { when: ({ query }) => rangeOf(query).start === second.start },
    );
    expect(await pull(source)).toEqual({ kind: 'failed', code: 'busy', reason: 'It was busy.', range: second });
    expect(failing.hits).toBe(1);
  });

  it('finds no source where the first answer says so, and a failure where a piece had rows before', async () => {
    const none = sourceWithLimit(3600);
    none.end({ kind: 'no-source', reason: 'There is no table Events.' });
    expect(await pull(none)).toEqual({ kind: 'no-source', reason: 'There is no table Events.' });

    const torn = sourceWithLimit(1800);
    torn.end({ kind: 'no-source', reason: 'There is no table Events.' }, { when: ({ query }) => rangeOf(query).start > bin.start });
    expect(await pull(torn)).toMatchObject({ kind: 'failed', code: 'no-source' });
  });

  it('fails where more rows come than may be held', async () => {
    expect((await pull(sourceWithLimit(3600), { maxRows: 60 })).kind).toBe('whole');
    expect(await pull(sourceWithLimit(1800), { maxRows: 59 })).toMatchObject({ kind: 'failed', code: 'row-limit' });
  });

  it('fails where the answer has another shape', async () => {
    const program = { ...fakeProgram(), decode: () => ({ kind: 'problem', problem: 'The answer lacks the column host.' }) as const };
    const source = sourceWithLimit(3600);
    const context = {
      source,
      program,
      workspaceId: WORKSPACE,
      requests: new RequestBudget(),
      takeRows: () => true,
      isLater: () => false,
      onAnswer: () => undefined,
      signal: undefined,
    };
    expect(await pullTable(context, 'Events', bin)).toMatchObject({
      kind: 'failed',
      code: 'unexpected-shape',
      reason: 'The answer lacks the column host.',
    });
  });
});
