import { evaluate } from '../engine/evaluate';
import { decodeRows } from '../engine/wire';
import { draftIncidents } from '../incident/draft';
import type { Match } from '../incident/incident';
import { activeMessage, withdrawnMessage } from '../incident/message';
import { sourceTables } from '../incident/source-table';
import type { CompiledRule } from '../plan/compiled-rule';
import { planHash } from '../plan/hash';
import { anyRowQuery, pushdownQuery } from '../plan/pushdown';
import type { PlanNode, TablePlan } from '../plan/plan';
import type { Companions } from '../schema/schema';
import type { RuleProgram, SplitPairs } from './rule-program';
import { renderSource, type Sources } from './sources';

export interface ProgramOptions {
  /** Whether pairs that an edge parts are looked for, where the rule has such pairs; default true. */
  readonly splitPairs?: boolean;
}

/** A compiled rule as a cycle runs it. Throws RangeError for a rule that does not split by bin, which the build does not write. */
export function createProgram(
  rule: CompiledRule,
  sources: Sources,
  companions: Companions,
  { splitPairs = true }: ProgramOptions = {},
): RuleProgram {
  const { facts, plan, split } = rule;
  if (!split.splits) throw new RangeError(`the rule ${facts.id} cannot be scheduled: ${split.reason}`);
  const hash = planHash(rule, (table) => sources.get(table) ?? table);
  const tablePlan = (name: string): TablePlan => {
    const found = plan.tables.find((table) => table.name === name);
    if (found === undefined) throw new RangeError(`the rule ${facts.id} does not read ${name}`);
    return found;
  };
  const drafter =
    (root: PlanNode, match: Match): RuleProgram['draft'] =>
    ({ workspaceId, rows, now }) => {
      const evaluation = evaluate({ ...plan, root }, (name) => rows.get(name) ?? [], { now });
      return draftIncidents({ rule, workspaceId, match, evaluation, companions });
    };
  const tables = sourceTables(plan.tables);
  const eventTime: SplitPairs['eventTime'] = (row) => {
    const time = tables(row.table).eventTime(row);
    if (time === null) throw new RangeError(`a row of ${row.table} has no event time, though a range of it was asked for`);
    return time;
  };
  const pairs: SplitPairs | undefined = rule.splitPairs.finds
    ? { shift: BigInt(split.binWidth) / 2n, draft: drafter(rule.splitPairs.root, 'split-by-bin-edge'), eventTime }
    : undefined;
  return {
    id: facts.id,
    hash,
    grid: { width: BigInt(split.unitWidth), shift: 0n },
    monotone: rule.monotone.monotone,
    ...(!splitPairs ? { splitPairs: 'off' } : pairs === undefined ? {} : { splitPairs: pairs }),
    ledgerFolder: facts.id,
    tables: plan.tables.map(({ name }) => name),
    query: (table, range) => pushdownQuery(tablePlan(table), renderSource(sources, table, range), range),
    anyRowQuery: (table, range) => anyRowQuery(tablePlan(table), renderSource(sources, table, range), range),
    decode: (table, answer) => decodeRows(tablePlan(table), answer),
    draft: drafter(plan.root, 'rule'),
    activeMessage: (input) => activeMessage({ ...input, rule, ruleHash: hash }),
    withdrawnMessage: (input) => withdrawnMessage({ ...input, rule, ruleHash: hash }),
  };
}
