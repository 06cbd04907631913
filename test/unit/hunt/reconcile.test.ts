import { EMPTY_BIN, type BinRecord, type IncidentRecord } from '../../../src/hunt/ledger-record';
import { reconcile, type Finding, type IncidentChange } from '../../../src/hunt/reconcile';
import type { IncidentDraft } from '../../../src/incident/incident';
import { instant } from '../../../src/value/instant';
import { fakeDraft, hourOf } from '../../support/hunt-fakes';

const bin = hourOf('2026-03-10T10:00Z');
const alice = fakeDraft({ bin, host: 'alice', notes: ['export'] });
const aliceLater = fakeDraft({ bin, host: 'alice', notes: ['export', 'removal'] });
const bob = fakeDraft({ bin, host: 'bob', notes: ['export'] });

function finding(drafts: readonly IncidentDraft[], rows: number = 10, ruleHash: string = 'plan-1'): Finding {
  return { ruleHash, drafts, tables: { Events: { rows, digest: `digest of ${rows}` } } };
}

function recordOf(drafts: readonly IncidentDraft[], change: Partial<IncidentRecord> = {}): BinRecord {
  const incidents = drafts.map(({ id, identity, entities, missingEntities, digest }): readonly [string, IncidentRecord] => [
    id,
    { identity, entities, missingEntities, digest, revision: 1, status: 'active', pending: [], refused: [], ...change },
  ]);
  return {
    ...EMPTY_BIN,
    evaluatedAt: instant('2026-03-10T11:15Z'),
    ruleHash: 'plan-1',
    tables: finding([]).tables,
    incidents: Object.fromEntries(incidents),
  };
}

const never = (): boolean => false;

function changes(record: BinRecord, found: Finding, excludes: (draft: IncidentDraft) => boolean = never): readonly unknown[] {
  return reconcile(record, found, excludes).changes.map(({ kind, id, revision, ...rest }: IncidentChange) => {
    const name = id === alice.id ? 'alice' : 'bob';
    return 'reason' in rest ? [kind, name, revision, rest.reason] : [kind, name, revision];
  });
}

describe('reconciling a bin with what was found', () => {
  it('makes revision 1 of a new incident', () => {
    expect(changes(EMPTY_BIN, finding([alice, bob]))).toEqual([
      ['new', 'alice', 1],
      ['new', 'bob', 1],
    ]);
  });

  it('changes nothing where the digest is the same, whatever the number of rows', () => {
    expect(changes(recordOf([alice]), finding([alice], 20))).toEqual([]);
  });

  it('makes the next revision where the digest differs', () => {
    expect(changes(recordOf([alice], { revision: 4 }), finding([aliceLater]))).toEqual([['revised', 'alice', 5]]);
  });

  it('withdraws what is gone', () => {
    expect(changes(recordOf([alice, bob]), finding([alice]))).toEqual([['withdrawn', 'bob', 2, 'no-longer-matches']]);
  });

  it('does not withdraw twice', () => {
    expect(changes(recordOf([bob], { revision: 2, status: 'withdrawn' }), finding([]))).toEqual([]);
  });

  it('makes the next revision of what is back after a withdrawal, though its digest is the old one', () => {
    expect(changes(recordOf([bob], { revision: 2, status: 'withdrawn' }), finding([bob]))).toEqual([['revised', 'bob', 3]]);
  });

  it('withdraws under another plan because the rule changed, and keeps what both find', () => {
    expect(changes(recordOf([alice, bob]), finding([alice], 10, 'plan-2'))).toEqual([['withdrawn', 'bob', 2, 'rule-changed']]);
  });

  it('gives the rest of the changes where some are made already', () => {
    const all = finding([alice, bob]);
    expect(changes({ ...recordOf([alice]), evaluatedAt: undefined }, all)).toEqual([['new', 'bob', 1]]);
  });
});

describe('a bin that shrunk', () => {
  it('gets new incidents, and has none changed or withdrawn', () => {
    const record = recordOf([alice]);
    expect(changes(record, finding([aliceLater, bob], 9))).toEqual([['new', 'bob', 1]]);
    expect(changes(record, finding([bob], 9))).toEqual([['new', 'bob', 1]]);
    expect(reconcile(record, finding([], 9), never).shrunk).toBe(true);
  });

  it('leaves withdrawn what is back', () => {
    expect(changes(recordOf([alice], { status: 'withdrawn', revision: 2 }), finding([alice], 9))).toEqual([]);
  });

  it('is one where any table has fewer rows, also none at all', () => {
    const record = { ...recordOf([alice]), tables: { Events: { rows: 10, digest: '' }, Other: { rows: 1, digest: '' } } };
    const grown = { ...finding([]), tables: { Events: { rows: 99, digest: '' }, Other: { rows: 0, digest: '' } } };
    expect(reconcile(record, grown, never).shrunk).toBe(true);
    expect(reconcile(record, finding([]), never).shrunk).toBe(true);
  });

  it('is none where the plan is another: its pushdown may select fewer rows', () => {
    const { shrunk } = reconcile(recordOf([alice]), finding([], 1, 'plan-2'), never);
    expect(shrunk).toBe(false);
  });

  it('is none at the same number of rows, nor at the first evaluation', () => {
    expect(reconcile(recordOf([]), finding([]), never).shrunk).toBe(false);
    expect(reconcile(EMPTY_BIN, finding([], 0), never).shrunk).toBe(false);
  });
});

describe('an exclusion', () => {
  it('is decided at the first revision', () => {
    expect(changes(EMPTY_BIN, finding([alice, bob]), ({ id }) => id === bob.id)).toEqual([
      ['new', 'alice', 1],
      ['excluded', 'bob', 1],
    ]);
  });

  it('is not asked of recorded incidents, and withdraws none', () => {
    expect(changes(recordOf([alice]), finding([aliceLater]), () => true)).toEqual([['revised', 'alice', 2]]);
    expect(changes(recordOf([alice]), finding([alice]), () => true)).toEqual([]);
  });

  it('stands when the incident changes, goes, or would be excluded no more', () => {
    const excluded = recordOf([alice], { status: 'excluded' });
    expect(changes(excluded, finding([aliceLater]))).toEqual([]);
    expect(changes(excluded, finding([]))).toEqual([]);
    expect(changes(excluded, finding([aliceLater], 10, 'plan-2'))).toEqual([]);
  });
});

describe('reconciling above a revision floor, where what was sent last is not known', () => {
  const above = (record: BinRecord, found: Finding): readonly unknown[] =>
    reconcile(record, found, never, 40).changes.map((change) => [change.kind, change.id === alice.id ? 'alice' : 'bob', change.revision]);

  it('tells again what is recorded, changed or not, under a revision that was never sent', () => {
    expect(above(recordOf([alice]), finding([alice]))).toEqual([['revised', 'alice', 41]]);
    expect(above(recordOf([alice]), finding([aliceLater]))).toEqual([['revised', 'alice', 41]]);
    expect(above(recordOf([alice]), finding([]))).toEqual([['withdrawn', 'alice', 41]]);
    expect(above(recordOf([alice], { status: 'withdrawn', revision: 2 }), finding([]))).toEqual([['withdrawn', 'alice', 41]]);
  });

  it('begins a new incident above it too: it may have been sent and forgotten', () => {
    expect(above(EMPTY_BIN, finding([alice]))).toEqual([['new', 'alice', 41]]);
  });

  it('goes on as ever from there', () => {
    expect(above(recordOf([alice], { revision: 41 }), finding([alice]))).toEqual([]);
    expect(above(recordOf([alice], { revision: 41 }), finding([aliceLater]))).toEqual([['revised', 'alice', 42]]);
    expect(above(recordOf([alice], { status: 'withdrawn', revision: 41 }), finding([]))).toEqual([]);
  });

  it('changes nothing that is recorded where rows are gone, and sends nothing for what is excluded', () => {
    expect(above(recordOf([alice]), finding([alice], 9))).toEqual([]);
    expect(above(recordOf([alice], { status: 'excluded' }), finding([alice]))).toEqual([]);
    expect(above(recordOf([alice], { status: 'excluded' }), finding([]))).toEqual([]);
  });
});
