import type { CompiledRule, IncidentSeverity } from '../plan/compiled-rule';
import { formatInstant, type Instant, type TimeRange } from '../value/instant';
import type { Entity, EvidenceCell, EvidenceRow, IncidentDraft, IncidentStatus, Match, RawIdentity, WithdrawalReason } from './incident';
import { packMessage } from './pack';

/** One revision of an incident as it is sent: incident.schema.json says what each member means. */
export interface IncidentMessage {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly revision: number;
  readonly status: IncidentStatus;
  readonly reason?: WithdrawalReason;
  readonly match: Match;
  readonly title: string;
  readonly description: string;
  readonly severity: IncidentSeverity;
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  readonly rule: { readonly id: string; readonly name: string; readonly hash: string };
  readonly workspaceId: string;
  readonly bin: { readonly start: string; readonly end: string };
  readonly entities: readonly Entity[];
  readonly missingEntities: readonly string[];
  readonly evidence: Evidence;
  readonly detectedAt: string;
}

export interface Evidence {
  readonly results: readonly Readonly<Record<string, EvidenceCell>>[];
  readonly rows: readonly EvidenceRow[];
  readonly resultCount: number;
  readonly rowCount: number;
  readonly copyCount: number;
  readonly cut: boolean;
}

interface Occasion {
  readonly rule: Pick<CompiledRule, 'facts'>;
  /** Hash of the plan and of all else that decides what the rule finds. */
  readonly ruleHash: string;
  readonly workspaceId: string;
  /** From 1. */
  readonly revision: number;
  readonly detectedAt: Instant;
}

export interface ActiveRevision extends Occasion {
  readonly draft: IncidentDraft;
}

/** What is recorded of the incident, and why it goes. */
export interface WithdrawnRevision extends Occasion {
  readonly id: string;
  readonly identity: RawIdentity;
  readonly bin: TimeRange;
  readonly entities: readonly Entity[];
  readonly missingEntities: readonly string[];
  readonly reason: WithdrawalReason;
}

const oneStepLower: Readonly<Record<IncidentSeverity, IncidentSeverity>> = {
  High: 'Medium',
  Medium: 'Low',
  Low: 'Informational',
  Informational: 'Informational',
};

interface Content {
  readonly incident: Pick<IncidentDraft, 'id' | 'identity' | 'bin' | 'entities' | 'missingEntities'>;
  readonly state: { readonly status: 'active' } | { readonly status: 'withdrawn'; readonly reason: WithdrawalReason };
  readonly evidence: Evidence;
}

function encode({ rule, ruleHash, workspaceId, revision, detectedAt }: Occasion, { incident, state, evidence }: Content): Uint8Array {
  const { id, name, description, severity, tactics, techniques } = rule.facts;
  const match = incident.identity[2];
  const split = match === 'split-by-bin-edge';
  return packMessage({
    schemaVersion: 1,
    id: incident.id,
    revision,
    ...state,
    match,
    title: split ? `${name} (parted by the edge of two bins)` : name,
    description,
    severity: split ? oneStepLower[severity] : severity,
    tactics,
    techniques,
    rule: { id, name, hash: ruleHash },
    workspaceId: workspaceId.toLowerCase(),
    bin: { start: formatInstant(incident.bin.start), end: formatInstant(incident.bin.end) },
    entities: incident.entities,
    missingEntities: incident.missingEntities,
    evidence,
    detectedAt: formatInstant(detectedAt),
  });
}

/** The message of a new or changed incident: UTF-8 JSON, the same bytes for the same input, at most MESSAGE_LIMIT of them. */
export function activeMessage({ draft, ...occasion }: ActiveRevision): Uint8Array {
  return encode(occasion, {
    incident: draft,
    state: { status: 'active' },
    evidence: {
      results: draft.results,
      rows: draft.rows,
      resultCount: draft.results.length,
      rowCount: draft.rows.length,
      copyCount: draft.rows.reduce((count, { copies }) => count + copies, 0),
      cut: false,
    },
  });
}

/** The message that takes an incident back: as recorded, without evidence. Otherwise as activeMessage. */
export function withdrawnMessage({ id, identity, bin, entities, missingEntities, reason, ...occasion }: WithdrawnRevision): Uint8Array {
  return encode(occasion, {
    incident: { id, identity, bin, entities, missingEntities },
    state: { status: 'withdrawn', reason },
    evidence: { results: [], rows: [], resultCount: 0, rowCount: 0, copyCount: 0, cut: false },
  });
}
