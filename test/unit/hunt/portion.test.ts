import { EMPTY_BIN, type BinRecord } from '../../../src/hunt/ledger-record';
import { countPortion, nextPortion, supersedingPortion, type Portion } from '../../../src/hunt/portion';
import { Tally } from '../../../src/hunt/tally';
import { instant } from '../../../src/value/instant';
import { fakeDraft, fakeProgram, hourOf, WORKSPACE } from '../../support/hunt-fakes';

const bin = hourOf('2026-03-10T10:00Z');
const first = fakeDraft({ bin, host: 'ex01', notes: ['export'] });
const second = fakeDraft({ bin, host: 'ex01', notes: ['export', 'removal'] });

function portion(record: BinRecord, ...drafts: readonly (typeof first)[]): Portion {
  const voice = { program: fakeProgram(), workspaceId: WORKSPACE, detectedAt: instant('2026-03-10T11:00Z'), revisionFloor: 0 };
  const finding = { ruleHash: 'plan-1', drafts, tables: {} };
  return nextPortion(
    bin,
    record,
    finding,
    voice,
    () => false,
    (next) => ({ ...next, ruleHash: 'plan-1' }),
  );
}

describe('a portion of changes', () => {
  it('keeps earlier messages pending, byte for byte, in order of revision', () => {
    const one = portion(EMPTY_BIN, first).next;
    const two = portion(one, second).next;
    const three = portion(two).next;
    const pending = three.incidents[first.id]?.pending ?? [];
    expect(pending.map(({ revision }) => revision)).toEqual([1, 2, 3]);
    expect(pending.slice(0, 2)).toEqual(two.incidents[first.id]?.pending);
    expect(pending.map(({ body }) => (JSON.parse(body) as { status: string }).status)).toEqual(['active', 'active', 'withdrawn']);
  });

  it('withdraws with the entities of the last revision, in the bin of the identity', () => {
    const { incidents } = portion(portion(EMPTY_BIN, first).next).next;
    expect(JSON.parse(incidents[first.id]?.pending.at(-1)?.body ?? '')).toMatchObject({
      host: 'ex01',
      end: '2026-03-10T11:00:00.0000000Z',
    });
    expect(incidents[first.id]).toMatchObject({ status: 'withdrawn', entities: first.entities, digest: first.digest });
  });

  it('takes a message for what its bytes say, and refuses bytes that are not UTF-8', () => {
    const body = '{"text":"\ufeffé😀"}';
    const program = (bytes: Uint8Array): ReturnType<typeof fakeProgram> => ({ ...fakeProgram(), activeMessage: () => bytes });
    const make = (bytes: Uint8Array): Portion => {
      const voice = { program: program(bytes), workspaceId: WORKSPACE, detectedAt: bin.end, revisionFloor: 0 };
      return nextPortion(
        bin,
        EMPTY_BIN,
        { ruleHash: 'plan-1', drafts: [first], tables: {} },
        voice,
        () => false,
        (next) => next,
      );
    };
    expect(make(new TextEncoder().encode(`\ufeff${body}`)).next.incidents[first.id]?.pending).toEqual([
      { revision: 1, body: `\ufeff${body}` },
    ]);
    expect(() => make(Uint8Array.of(0xff))).toThrow('not valid for encoding utf-8');
  });
});

describe('a portion that takes back what others stand for', () => {
  const voice = { program: fakeProgram(), workspaceId: WORKSPACE, detectedAt: instant('2026-03-10T11:00Z'), revisionFloor: 0 };
  const other = fakeDraft({ bin, host: 'ex02', notes: ['export'] });
  const isFirst = (identity: typeof first.identity): boolean => identity === first.identity;

  it('withdraws those that are active, and leaves the others and the evaluation as they are', () => {
    const evaluated = { ...portion(EMPTY_BIN, first, other).next, evaluatedAt: instant('2026-03-10T11:15Z') };
    const { next, changes, left, lateAfterFinal } = supersedingPortion(evaluated, isFirst, voice);
    expect(changes).toMatchObject([{ kind: 'withdrawn', id: first.id, revision: 2, reason: 'superseded' }]);
    expect(next).toMatchObject({ evaluatedAt: evaluated.evaluatedAt, ruleHash: 'plan-1' });
    expect(next.incidents[other.id]).toEqual(evaluated.incidents[other.id]);
    expect(next.incidents[first.id]?.pending.map(({ revision }) => revision)).toEqual([1, 2]);
    expect([left, lateAfterFinal]).toEqual([0, false]);
    expect(supersedingPortion(next, isFirst, voice).changes).toEqual([]);
  });

  it('notes them with those that were left to others before, so that each is found again when nothing stands for it', () => {
    const before = { [other.id]: other.identity };
    const { next } = supersedingPortion({ ...portion(EMPTY_BIN, first).next, superseded: before }, isFirst, voice);
    expect(next.superseded).toEqual({ ...before, [first.id]: first.identity });
  });
});

describe('what comes after a bin was final', () => {
  const other = fakeDraft({ bin, host: 'ex02', notes: ['export'] });
  const final: BinRecord = { ...EMPTY_BIN, evaluatedAt: instant('2026-03-12T12:00Z'), ruleHash: 'plan-1' };
  const late = (record: BinRecord): number => {
    const tally = new Tally();
    countPortion(tally, bin, portion(record, first, other));
    expect(tally.new).toBe(2);
    return tally.lateAfterFinal;
  };

  it('counts as late', () => {
    expect(late(final)).toBe(2);
    expect(late({ ...final, evaluatedAt: instant('2026-03-12T11:59Z') })).toBe(0);
  });

  it('does not count as late where it was known, and had been left to others', () => {
    expect(late({ ...final, superseded: { [first.id]: first.identity } })).toBe(1);
  });
});
