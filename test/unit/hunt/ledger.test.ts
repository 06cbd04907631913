import { LedgerUnreadable, SwappedBlobs } from '../../../src/hunt/compare-and-swap';
import { dayFormat, headFormat } from '../../../src/hunt/ledger-format';
import { EMPTY_BIN, type BinRecord, type DayRecord, type Head } from '../../../src/hunt/ledger-record';
import { RuleLedger } from '../../../src/hunt/ledger';
import { PortUnavailable } from '../../../src/hunt/ports';
import { addTicks, instant, TICKS_PER_DAY } from '../../../src/value/instant';
import { FakeBlobStore } from '../../support/fake-blob-store';
import { fakeDraft, hourOf } from '../../support/hunt-fakes';

const bin = hourOf('2026-03-10T10:00Z');
const next = hourOf('2026-03-10T11:00Z');
const path = 'workspace/rule/2026-03-10.json';
const key = '2026-03-10T10:00:00.0000000Z/2026-03-10T11:00:00.0000000Z';

function ledgerOf(store: FakeBlobStore): RuleLedger {
  return new RuleLedger(new SwappedBlobs(store), 'workspace/rule');
}

function countUp(record: BinRecord): BinRecord {
  const failure = { count: (record.failure?.count ?? 0) + 1, since: bin.start, lastAt: bin.start, code: 'busy', range: bin };
  return { ...record, failure };
}

function failuresIn(store: FakeBlobStore): unknown {
  const day = dayFormat.parse(store.peek(path) ?? '');
  return Object.fromEntries(Object.entries(day.bins).map(([name, record]) => [name.slice(11, 16), record.failure?.count]));
}

describe('the ledger as text', () => {
  const draft = fakeDraft({ bin, host: 'a "host" \ud800 \u2028', notes: ['x'] });
  const day: DayRecord = {
    bins: {
      [key]: {
        evaluatedAt: instant('2026-03-10T11:15:00.1234567Z'),
        ruleHash: 'plan-1',
        tables: { Events: { rows: 3, digest: 'ab' } },
        failure: { count: 2, since: instant('2026-03-10T11:50Z'), lastAt: instant('2026-03-10T12:00Z'), code: 'busy', range: bin },
        incidents: {
          [draft.id]: {
            identity: draft.identity,
            entities: draft.entities,
            missingEntities: ['Account.FullName'],
            revision: 3,
            status: 'withdrawn',
            digest: draft.digest,
            pending: [{ revision: 3, body: '{"text":"\ufeff\u0000é😀"}' }],
            refused: [1],
          },
        },
      },
      'x/y': EMPTY_BIN,
    },
  };
  const whole: DayRecord = { bins: { [key]: day.bins[key] ?? EMPTY_BIN } };
  const head: Head = {
    firstCycleAt: instant('2026-03-10T10:00Z'),
    coveredFrom: undefined,
    backfilled: [bin],
    settledThrough: undefined,
    unsettled: [],
    noSource: { since: bin.start, askedAt: bin.end },
  };

  it('gives back every record as it was', () => {
    expect(dayFormat.parse(dayFormat.serialise(whole))).toEqual(whole);
    expect(dayFormat.parse(dayFormat.serialise({ bins: { [key]: EMPTY_BIN } }))).toEqual({ bins: { [key]: EMPTY_BIN } });
    expect(headFormat.parse(headFormat.serialise(head))).toEqual(head);
    const settled = { ...head, coveredFrom: bin.start, settledThrough: bin.end, unsettled: [bin], noSource: undefined };
    expect(headFormat.parse(headFormat.serialise(settled))).toEqual(settled);
  });

  it('carries its format version', () => {
    expect(JSON.parse(headFormat.serialise(head))).toMatchObject({ formatVersion: 1, firstCycleAt: '2026-03-10T10:00:00.0000000Z' });
  });

  it('refuses a newer version, and says so', () => {
    expect(() => headFormat.parse('{"formatVersion":2}')).toThrow('a newer version of this program wrote it (format 2; this one knows 1)');
  });

  it.each([
    ['', 'it is not JSON'],
    ['{"formatVersion":1,"bins":', 'it is not JSON'],
    ['[]', 'the whole should be an object'],
    ['{}', 'formatVersion should be a whole number'],
    ['{"formatVersion":0,"bins":{}}', 'formatVersion should be a whole number'],
    ['{"formatVersion":1}', 'bins should be an object'],
    [dayFormat.serialise(day), 'bins.x/y should be under a key start/end'],
    [
      dayFormat.serialise(whole).replace('"revision":3,"status"', '"revision":"3","status"'),
      `${draft.id}.revision should be a whole number`,
    ],
    [dayFormat.serialise(whole).replace('"withdrawn"', '"gone"'), 'status should be one of active, withdrawn, excluded'],
    [dayFormat.serialise(whole).replace('"evaluatedAt":"2026', '"evaluatedAt":"x2026'), 'evaluatedAt should be an instant'],
    [dayFormat.serialise(whole).replace('"rule",', ''), 'identity should be a list of 6'],
  ])('names the place in a damaged day', (text, problem) => {
    expect(() => dayFormat.parse(text)).toThrow(problem);
  });
});

describe('changing the ledger', () => {
  it('writes a first record only where there is none', async () => {
    const store = new FakeBlobStore();
    await ledgerOf(store).updateBin(bin, countUp);
    expect(failuresIn(store)).toEqual({ '10:00': 1 });
    expect(store.calls.map(({ operation, expected }) => [operation, expected])).toEqual([
      ['read', undefined],
      ['write', undefined],
    ]);
  });

  it('leaves the blob alone where nothing is to be changed', async () => {
    const store = new FakeBlobStore();
    await ledgerOf(store).updateBin(bin, () => undefined);
    expect(store.peek(path)).toBeUndefined();
  });

  it('reads again and changes anew when another write came first', async () => {
    const store = new FakeBlobStore();
    await ledgerOf(store).updateBin(bin, (record, isRepeat) => {
      if (!isRepeat) store.put(path, dayFormat.serialise({ bins: { [key]: countUp(record) } }));
      return countUp(record);
    });
    expect(failuresIn(store)).toEqual({ '10:00': 2 });
  });

  it('makes changes of one day that come side by side without conflicts, those that waited in one write', async () => {
    const store = new FakeBlobStore();
    const ledger = ledgerOf(store);
    await Promise.all([ledger.updateBin(bin, countUp), ledger.updateBin(next, countUp), ledger.updateBin(bin, countUp)]);
    expect(failuresIn(store)).toEqual({ '10:00': 2, '11:00': 1 });
    expect(store.calls.filter(({ operation }) => operation === 'write')).toHaveLength(2);
  });

  it('goes on with the next change of a day where one failed', async () => {
    const store = new FakeBlobStore();
    const ledger = ledgerOf(store);
    const broken = ledger.updateBin(bin, () => {
      throw new Error('broken change');
    });
    const sound = ledger.updateBin(bin, countUp);
    await expect(broken).rejects.toThrow('broken change');
    await sound;
    expect(failuresIn(store)).toEqual({ '10:00': 1 });
  });

  it.each(['unavailable-before', 'unavailable-after'] as const)(
    'asks the change again, as a repeat, after a write that ended %s',
    async (failure) => {
      const store = new FakeBlobStore();
      store.failNext(failure, ({ operation }) => operation === 'write');
      const seen: (readonly [number | undefined, boolean])[] = [];
      await ledgerOf(store).updateBin(bin, (record, isRepeat) => {
        seen.push([record.failure?.count, isRepeat]);
        return record.failure === undefined ? countUp(record) : undefined;
      });
      expect(store.pendingFailures).toBe(0);
      expect(seen).toEqual([
        [undefined, false],
        [failure === 'unavailable-after' ? 1 : undefined, true],
      ]);
      expect(failuresIn(store)).toEqual({ '10:00': 1 });
    },
  );

  it('gives up a ledger that does not answer', async () => {
    const store = new FakeBlobStore();
    for (let times = 0; times < 3; times += 1) store.failNext('unavailable-before', ({ operation }) => operation === 'write');
    await expect(ledgerOf(store).updateBin(bin, countUp)).rejects.toThrow(PortUnavailable);
    expect(store.pendingFailures).toBe(0);
  });

  it('gives up a blob that never holds still', async () => {
    const store = new FakeBlobStore();
    for (let times = 0; times < 20; times += 1) store.failNext('conflict', ({ operation }) => operation === 'write');
    await expect(ledgerOf(store).updateBin(bin, countUp)).rejects.toThrow(/2026-03-10\.json was changed 20 times/);
    expect(store.pendingFailures).toBe(0);
  });

  it('names a damaged blob, and leaves it as it is', async () => {
    const store = new FakeBlobStore();
    store.put(path, '{"formatVersion":1,"bins":');
    await expect(ledgerOf(store).updateBin(bin, countUp)).rejects.toThrow(LedgerUnreadable);
    await expect(ledgerOf(store).updateBin(bin, countUp)).rejects.toThrow('workspace/rule/2026-03-10.json');
    expect(store.peek(path)).toBe('{"formatVersion":1,"bins":');
  });

  it('reads the other days where one is damaged', async () => {
    const store = new FakeBlobStore();
    store.put(path, 'damaged');
    const ledger = ledgerOf(store);
    const later = hourOf('2026-03-11T10:00Z');
    await ledgerOf(store).updateBin(later, countUp);
    await ledger.readDays({ start: bin.start, end: later.end });
    expect(ledger.isUnreadable(bin)).toBe(true);
    expect(ledger.isUnreadable(later)).toBe(false);
    expect(ledger.recorded(later)?.failure?.count).toBe(1);
    expect(ledger.problems()).toEqual([expect.stringContaining('workspace/rule/2026-03-10.json')]);
  });
});

it('names the days with pending messages in order, whichever was read first', async () => {
  const store = new FakeBlobStore();
  const draft = fakeDraft({ bin, host: 'ex01', notes: [] });
  const incident = { ...draft, revision: 1, status: 'active', pending: [{ revision: 1, body: '{}' }], refused: [] } as const;
  const days = [0n, 1n, 2n].map((day) => ({
    start: addTicks(bin.start, day * TICKS_PER_DAY),
    end: addTicks(bin.end, day * TICKS_PER_DAY),
  }));
  for (const each of days) await ledgerOf(store).updateBin(each, () => ({ ...EMPTY_BIN, incidents: { [draft.id]: incident } }));

  const ledger = ledgerOf(store);
  for (const each of days.toReversed()) await ledger.readDays(each);
  expect(ledger.pendingDays()).toEqual(['2026-03-10', '2026-03-11', '2026-03-12']);
});
