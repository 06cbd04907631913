import { evaluate } from '../../engine/evaluate';
import type { SourceRow } from '../../engine/rows';
import { binAt } from '../../hunt/bins';
import { createProgram } from '../../hunt/program';
import { defaultSources } from '../../hunt/sources';
import { draftIncidents } from '../../incident/draft';
import type { IncidentDraft } from '../../incident/incident';
import { activeMessage } from '../../incident/message';
import type { CompiledQuery } from '../../plan/compile-query';
import type { CompiledRule } from '../../plan/compiled-rule';
import { planHash } from '../../plan/hash';
import type { Plan } from '../../plan/plan';
import type { Companions } from '../../schema/schema';
import type { Instant, TimeRange } from '../../value/instant';

/** Rows of each table, by its name. */
export type Rows = ReadonlyMap<string, readonly SourceRow[]>;

/** A stretch of time that is evaluated on its own, and the messages of its incidents, UTF-8 JSON, in order of bin and id. */
export interface EvaluatedRange {
  readonly range: TimeRange;
  readonly messages: readonly Uint8Array[];
}

/** A rule as it is run over rows that are in memory. */
export interface RuleRun {
  /** What to read of each table. */
  readonly plan: Plan;
  /** In order of time. Throws EvaluationLimit where a range holds too many rows in between. */
  evaluate(rows: Rows, range: TimeRange | undefined): Generator<EvaluatedRange>;
}

export interface Occasion {
  readonly workspaceId: string;
  /** now() of the query, and the time of detection. */
  readonly now: Instant;
  readonly companions: Companions;
}

function byBinAndId(a: IncidentDraft, b: IncidentDraft): number {
  if (a.bin.start !== b.bin.start) return a.bin.start < b.bin.start ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** As a cycle runs it, bin by bin: the same incidents with the same ids as in Azure. Bins without rows give none. The range does not matter here. */
export function runByBin(rule: CompiledRule, { workspaceId, now, companions }: Occasion): RuleRun {
  const program = createProgram(rule, defaultSources, companions);
  const { tables } = rule.plan;
  const eventTimeIndex = new Map(
    tables.map(({ name, columns, eventTime }) => [name, columns.findIndex((column) => column.name === eventTime)]),
  );

  const groupByBin = (rows: Rows): ReadonlyMap<Instant, Map<string, SourceRow[]>> => {
    const bins = new Map<Instant, Map<string, SourceRow[]>>();
    for (const [table, tableRows] of rows) {
      const index = eventTimeIndex.get(table) ?? -1;
      for (const row of tableRows) {
        const { start } = binAt(program.grid, row.values[index] as Instant);
        const bin = bins.get(start) ?? new Map<string, SourceRow[]>();
        bins.set(start, bin);
        const inBin = bin.get(table);
        if (inBin === undefined) bin.set(table, [row]);
        else inBin.push(row);
      }
    }
    return bins;
  };

  return {
    plan: rule.plan,
    *evaluate(rows) {
      const bins = [...groupByBin(rows)].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [start, binRows] of bins) {
        const bin = binAt(program.grid, start);
        const drafts = program.draft({ workspaceId, bin, rows: binRows, now }).toSorted(byBinAndId);
        yield { range: bin, messages: drafts.map((draft) => program.activeMessage({ workspaceId, draft, revision: 1, detectedAt: now })) };
      }
    },
  };
}

/** A rule that does not split: evaluated once over all rows; the bin of its incidents is the range. */
export function runWhole(rule: CompiledRule, { whole }: CompiledQuery, { workspaceId, now, companions }: Occasion): RuleRun {
  const program = { ...rule, plan: whole };
  const ruleHash = planHash(program, (table) => defaultSources.get(table) ?? table);
  return {
    plan: whole,
    *evaluate(rows, range) {
      if (range === undefined) throw new RangeError('a rule that does not split by bin needs a range');
      const evaluation = evaluate(whole, (name) => rows.get(name) ?? [], { now });
      const drafts = draftIncidents({ rule: program, workspaceId, match: 'rule', evaluation, companions, range });
      yield { range, messages: drafts.map((draft) => activeMessage({ rule, ruleHash, workspaceId, draft, revision: 1, detectedAt: now })) };
    },
  };
}
