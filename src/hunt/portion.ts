import type { IncidentDraft, RawIdentity } from '../incident/incident';
import { addTicks, instant, type Instant } from '../value/instant';
import type { Bin } from './bins';
import { isFinal } from './due';
import type { BinRecord, IncidentRecord } from './ledger-record';
import { reconcile, supersede, type Finding, type IncidentChange, type Reconciliation } from './reconcile';
import type { RuleProgram } from './rule-program';
import type { Tally } from './tally';

/** Messages that one write adds to a bin's record. */
const PORTION = 100;

/** Who speaks, and when, in the messages of a portion. */
export interface Voice {
  readonly program: RuleProgram;
  readonly workspaceId: string;
  readonly detectedAt: Instant;
  /** No revision that is made is as low; 0 where none could have two contents. */
  readonly revisionFloor: number;
}

type Withdrawn = IncidentChange & { readonly kind: 'withdrawn' };

/** Up to 100 changes of a bin's incidents, with their messages pending. The last one also records that the bin was evaluated. */
export interface Portion {
  readonly next: BinRecord;
  readonly changes: readonly IncidentChange[];
  /** Changes that are left for later portions; 0 in the last one. */
  readonly left: number;
  readonly shrunk: boolean;
  /** These changes come after the bin was final, and not from another plan. */
  readonly lateAfterFinal: boolean;
  /** Ids of incidents that were known before and were left to others: what becomes of them now is not for rows that came late. */
  readonly leftBefore: ReadonlySet<string>;
}

/**
 * The next portion of what a finding changes in a bin's record; `close` makes the record that the last one leaves.
 * The record that comes out is the only place that has the messages' bytes.
 */
export function nextPortion(
  bin: Bin,
  record: BinRecord,
  finding: Finding,
  voice: Voice,
  excludes: (draft: IncidentDraft) => boolean,
  close: (record: BinRecord, shrunk: boolean) => BinRecord,
): Portion {
  const lateAfterFinal = isFinal(bin, record) && record.ruleHash === finding.ruleHash;
  return portionOf(record, reconcile(record, finding, excludes, voice.revisionFloor), voice, close, lateAfterFinal);
}

/** The next portion of what takes back incidents for which others stand. It is not an evaluation, so the record says of those what it said. */
export function supersedingPortion(record: BinRecord, isSuperseded: (identity: RawIdentity) => boolean, voice: Voice): Portion {
  const reconciliation = supersede(record, isSuperseded, voice.revisionFloor);
  const portion = portionOf(record, reconciliation, voice, (next) => next, false);
  const left = portion.changes.flatMap(({ id }) =>
    record.incidents[id] === undefined ? [] : [[id, record.incidents[id].identity] as const],
  );
  return { ...portion, next: { ...portion.next, superseded: { ...record.superseded, ...Object.fromEntries(left) } } };
}

function portionOf(
  record: BinRecord,
  { changes: all, shrunk }: Reconciliation,
  voice: Voice,
  close: (record: BinRecord, shrunk: boolean) => BinRecord,
  lateAfterFinal: boolean,
): Portion {
  const changes = all.slice(0, PORTION);
  const left = all.length - changes.length;
  const changed = Object.fromEntries(changes.map((change) => [change.id, changedIncident(change, record.incidents[change.id], voice)]));
  const next = { ...record, incidents: { ...record.incidents, ...changed } };
  const leftBefore = new Set(Object.keys(record.superseded ?? {}));
  return { next: left === 0 ? close(next, shrunk) : next, changes, left, shrunk, lateAfterFinal, leftBefore };
}

export function countPortion(tally: Tally, bin: Bin, portion: Portion): void {
  for (const change of portion.changes) {
    const { id, kind } = change;
    tally[kind] += 1;
    const isLate = kind !== 'excluded' && !(kind === 'withdrawn' && change.reason === 'superseded') && !portion.leftBefore.has(id);
    if (portion.lateAfterFinal && isLate) tally.lateAfterFinal += 1;
  }
  if (portion.left === 0 && portion.shrunk) tally.shrunk.push(bin);
}

function changedIncident(change: IncidentChange, recorded: IncidentRecord | undefined, voice: Voice): IncidentRecord {
  const { revision } = change;
  const earlier = { pending: recorded?.pending ?? [], refused: recorded?.refused ?? [] };
  switch (change.kind) {
    case 'new':
    case 'revised':
      return {
        ...earlier,
        ...contentOf(change.draft),
        revision,
        status: 'active',
        pending: [...earlier.pending, { revision, body: text(activation(change.draft, revision, voice)) }],
      };
    case 'excluded':
      return { ...earlier, ...contentOf(change.draft), revision, status: 'excluded' };
    case 'withdrawn':
      return {
        ...change.recorded,
        revision,
        status: 'withdrawn',
        pending: [...earlier.pending, { revision, body: text(withdrawal(change, voice)) }],
      };
  }
}

function contentOf(draft: IncidentDraft): Pick<IncidentRecord, 'identity' | 'entities' | 'missingEntities' | 'digest'> {
  return { identity: draft.identity, entities: draft.entities, missingEntities: draft.missingEntities, digest: draft.digest };
}

function activation(draft: IncidentDraft, revision: number, { program, workspaceId, detectedAt }: Voice): Uint8Array {
  return program.activeMessage({ workspaceId, draft, revision, detectedAt });
}

function withdrawal({ id, revision, reason, recorded }: Withdrawn, { program, workspaceId, detectedAt }: Voice): Uint8Array {
  const { identity, entities, missingEntities } = recorded;
  const start = instant(identity[3]);
  const bin = { start, end: addTicks(start, BigInt(identity[4])) };
  return program.withdrawnMessage({ workspaceId, id, identity, bin, entities, missingEntities, revision, reason, detectedAt });
}

/** The text whose UTF-8 bytes are exactly these. Throws TypeError where they are not UTF-8. */
function text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}
