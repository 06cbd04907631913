import type { Evaluation, ResultRow } from '../engine/rows';
import type { CompiledRule } from '../plan/compiled-rule';
import type { Companions } from '../schema/schema';
import type { TimeRange } from '../value/instant';
import { binOf, partedBinOf } from './bin';
import { companionIdentifiers } from './companions';
import { activeDigest } from './digest';
import { entitiesOf, missingEntitiesOf } from './entities';
import { evidenceRowsOf, lineageOf, resultsOf } from './evidence';
import { identityName, incidentId, rawIdentity } from './identity';
import type { IncidentDraft, Match, RawIdentity } from './incident';
import { leastMapped, mapper, type MappedEntity } from './mapped';
import { compareText } from './order';
import { sourceTables } from './source-table';

export interface DraftRequest {
  readonly rule: CompiledRule;
  readonly workspaceId: string;
  /** split-by-bin-edge: the evaluation is over bins shifted by half their width, and only rows that an edge parts make incidents. */
  readonly match: Match;
  readonly evaluation: Evaluation;
  readonly companions: Companions;
  /** The bin of every incident. Without it each is in the rule's own bin, which only a rule that splits has. */
  readonly range?: TimeRange;
}

interface Group {
  readonly identity: RawIdentity;
  readonly bin: TimeRange;
  mapped: readonly MappedEntity[];
  readonly rows: ResultRow[];
}

/**
 * The incidents of an evaluation: one for each bin and each distinct set of mapped values in it, ordered by id. The order of rows, of the
 * evaluation as of their lineage, makes no difference; copies of a source row change its count alone.
 */
export function draftIncidents({ rule, workspaceId, match, evaluation, companions, range }: DraftRequest): readonly IncidentDraft[] {
  const tables = sourceTables(rule.plan.tables);
  const map = mapper(rule.facts.entityMappings, evaluation.columns);
  const groups = new Map<string, Group>();
  for (const row of evaluation.rows) {
    const bin = range ?? (match === 'rule' ? binOf : partedBinOf)(row, rule.split, tables);
    if (bin === undefined) continue;
    const mapped = map(row);
    const identity = rawIdentity(rule.facts.id, workspaceId, match, bin, mapped);
    const name = identityName(identity);
    const group = groups.get(name) ?? { identity, bin, mapped, rows: [] };
    group.mapped = leastMapped(group.mapped, mapped);
    group.rows.push(row);
    groups.set(name, group);
  }
  return [...groups.values()]
    .map(({ identity, bin, mapped, rows }): IncidentDraft => {
      const lineage = lineageOf(rows);
      const content = {
        entities: entitiesOf(mapped, (value, origins) => companionIdentifiers(value, origins, lineage, tables, companions)),
        results: resultsOf(evaluation.columns, rows, tables),
        rows: evidenceRowsOf(lineage, tables),
      };
      return {
        id: incidentId(identity),
        identity,
        bin,
        missingEntities: missingEntitiesOf(mapped),
        ...content,
        digest: activeDigest(content),
      };
    })
    .sort((left, right) => compareText(left.id, right.id));
}
