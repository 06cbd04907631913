import type { IncidentDraft, WithdrawalReason } from '../incident/incident';
import type { BinRecord, IncidentRecord, TableCount } from './ledger-record';

/** What one whole evaluation of a bin found. */
export interface Finding {
  readonly ruleHash: string;
  readonly drafts: readonly IncidentDraft[];
  readonly tables: Readonly<Record<string, TableCount>>;
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
 */
export function reconcile(record: BinRecord, finding: Finding, excludes: (draft: IncidentDraft) => boolean): Reconciliation {
  const shrunk = hasShrunk(record, finding);
  const changes = finding.drafts.flatMap((draft) => changeOf(draft, record.incidents[draft.id], shrunk, excludes));
  return { changes: shrunk ? changes : [...changes, ...withdrawals(record, finding)], shrunk };
}

function hasShrunk(record: BinRecord, finding: Finding): boolean {
  if (record.ruleHash !== finding.ruleHash) return false;
  return Object.entries(record.tables).some(([table, { rows }]) => (finding.tables[table]?.rows ?? 0) < rows);
}

function changeOf(
  draft: IncidentDraft,
  recorded: IncidentRecord | undefined,
  shrunk: boolean,
  excludes: (draft: IncidentDraft) => boolean,
): readonly IncidentChange[] {
  const { id } = draft;
  if (recorded === undefined)
    return [excludes(draft) ? { kind: 'excluded', id, revision: 1, draft } : { kind: 'new', id, revision: 1, draft }];
  const same = recorded.status === 'active' && recorded.digest === draft.digest;
  if (shrunk || same || recorded.status === 'excluded') return [];
  return [{ kind: 'revised', id, revision: recorded.revision + 1, draft }];
}

function withdrawals(record: BinRecord, finding: Finding): readonly IncidentChange[] {
  const reason = record.ruleHash === finding.ruleHash ? 'no-longer-matches' : 'rule-changed';
  const found = new Set(finding.drafts.map((draft) => draft.id));
  return Object.entries(record.incidents)
    .filter(([id, incident]) => incident.status === 'active' && !found.has(id))
    .map(([id, recorded]) => ({ kind: 'withdrawn', id, revision: recorded.revision + 1, recorded, reason }));
}
