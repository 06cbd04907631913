import type { IncidentDraft, RawIdentity, WithdrawalReason } from '../incident/incident';
import type { BinRecord, IncidentRecord, Superseded, TableCount } from './ledger-record';

/** What one whole evaluation of a bin found. */
export interface Finding {
  readonly ruleHash: string;
  readonly drafts: readonly IncidentDraft[];
  readonly tables: Readonly<Record<string, TableCount>>;
  /** What was found too and is not a draft, since other incidents stand for it. */
  readonly superseded?: Superseded;
}

/** One step of one incident. `revision` is the one that the step makes. */
export type IncidentChange =
  | { readonly kind: 'new' | 'revised'; readonly id: string; readonly revision: number; readonly draft: IncidentDraft }
  | { readonly kind: 'excluded'; readonly id: string; readonly revision: 1; readonly draft: IncidentDraft }
  | {
      readonly kind: 'withdrawn';
      readonly id: string;
      readonly revision: number;
      readonly recorded: IncidentRecord;
      readonly reason: WithdrawalReason;
    };

export interface Reconciliation {
  /** Drafts in their order, then withdrawals in the order of the record. */
  readonly changes: readonly IncidentChange[];
  /** Under the same plan fewer rows came than are recorded, so nothing recorded is changed or withdrawn. */
  readonly shrunk: boolean;
}

/**
 * What must change for the record to say what was found. Reconciling the same finding with a record that already has some of the
 * changes gives the others. `excludes` is asked of new incidents only.
 *
 * Above a `revisionFloor` nothing was ever sent. What the record says up to it may not be the last that was sent, so it is told again,
 * changed or not.
 */
export function reconcile(
  record: BinRecord,
  finding: Finding,
  excludes: (draft: IncidentDraft) => boolean,
  revisionFloor: number = 0,
): Reconciliation {
  const shrunk = hasShrunk(record, finding);
  const occasion = { shrunk, excludes, revisionFloor };
  const changes = finding.drafts.flatMap((draft) => changeOf(draft, record.incidents[draft.id], occasion));
  return { changes: shrunk ? changes : [...changes, ...withdrawals(record, finding, revisionFloor)], shrunk };
}

function hasShrunk(record: BinRecord, finding: Finding): boolean {
  if (record.ruleHash !== finding.ruleHash) return false;
  return Object.entries(record.tables).some(([table, { rows }]) => (finding.tables[table]?.rows ?? 0) < rows);
}

interface Occasion {
  readonly shrunk: boolean;
  readonly excludes: (draft: IncidentDraft) => boolean;
  readonly revisionFloor: number;
}

function changeOf(
  draft: IncidentDraft,
  recorded: IncidentRecord | undefined,
  { shrunk, excludes, revisionFloor }: Occasion,
): readonly IncidentChange[] {
  const { id } = draft;
  if (recorded === undefined)
    return [excludes(draft) ? { kind: 'excluded', id, revision: 1, draft } : { kind: 'new', id, revision: revisionFloor + 1, draft }];
  const same = recorded.status === 'active' && recorded.digest === draft.digest && recorded.revision > revisionFloor;
  if (shrunk || same || recorded.status === 'excluded') return [];
  return [{ kind: 'revised', id, revision: nextRevision(recorded, revisionFloor), draft }];
}

function withdrawals(record: BinRecord, finding: Finding, revisionFloor: number): readonly IncidentChange[] {
  const gone = record.ruleHash === finding.ruleHash ? 'no-longer-matches' : 'rule-changed';
  const reasonFor = (id: string): WithdrawalReason => (finding.superseded?.[id] !== undefined ? 'superseded' : gone);
  const found = new Set(finding.drafts.map((draft) => draft.id));
  return Object.entries(record.incidents)
    .filter(([id, incident]) => mayBeActive(incident, revisionFloor) && !found.has(id))
    .map(([id, recorded]) => ({ kind: 'withdrawn', id, revision: nextRevision(recorded, revisionFloor), recorded, reason: reasonFor(id) }));
}

/** Whether the last revision that was sent can be active: what the record says up to the floor may not be the last. */
export function mayBeActive({ status, revision }: IncidentRecord, revisionFloor: number): boolean {
  return status === 'active' || (status === 'withdrawn' && revision <= revisionFloor);
}

/** Takes back what is active and for which, by its identity, other incidents stand. */
export function supersede(record: BinRecord, isSuperseded: (identity: RawIdentity) => boolean, revisionFloor: number = 0): Reconciliation {
  const changes = Object.entries(record.incidents)
    .filter(([, { status, identity }]) => status === 'active' && isSuperseded(identity))
    .map(([id, recorded]): IncidentChange => {
      return { kind: 'withdrawn', id, revision: nextRevision(recorded, revisionFloor), recorded, reason: 'superseded' };
    });
  return { changes, shrunk: false };
}

/** The revision that comes after all that were sent. */
function nextRevision({ revision }: IncidentRecord, revisionFloor: number): number {
  return Math.max(revision, revisionFloor) + 1;
}
