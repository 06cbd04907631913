import { evaluate } from '../engine/evaluate';
import { decodeRows } from '../engine/wire';
import { draftIncidents } from '../incident/draft';
import { activeMessage, withdrawnMessage } from '../incident/message';
import type { CompiledRule } from '../plan/compiled-rule';
import { planHash } from '../plan/hash';
import { anyRowQuery, pushdownQuery } from '../plan/pushdown';
import type { TablePlan } from '../plan/plan';
import type { Companions } from '../schema/schema';
import type { RuleProgram } from './rule-program';
import { renderSource, type Sources } from './sources';

/** A compiled rule as a cycle runs it. Throws RangeError for a rule that does not split by bin, which the build does not write. */
export function createProgram(rule: CompiledRule, sources: Sources, companions: Companions): RuleProgram {
  const { facts, plan, split } = rule;
  if (!split.splits) throw new RangeError(`the rule ${facts.id} cannot be scheduled: ${split.reason}`);
  const hash = planHash(rule, (table) => sources.get(table) ?? table);
  const tablePlan = (name: string): TablePlan => {
    const found = plan.tables.find((table) => table.name === name);
    if (found === undefined) throw new RangeError(`the rule ${facts.id} does not read ${name}`);
    return found;
  };
  const draft: RuleProgram['draft'] = ({ workspaceId, rows, now }) => {
    const evaluation = evaluate(plan, (name) => rows.get(name) ?? [], { now });
    return draftIncidents({ rule, workspaceId, match: 'rule', evaluation, companions });
  };
  return {
    id: facts.id,
    hash,
    grid: { width: BigInt(split.unitWidth), shift: 0n },
    monotone: rule.monotone.monotone,
    ledgerFolder: facts.id,
    tables: plan.tables.map(({ name }) => name),
    query: (table, range) => pushdownQuery(tablePlan(table), renderSource(sources, table, range), range),
    anyRowQuery: (table, range) => anyRowQuery(tablePlan(table), renderSource(sources, table, range), range),
    decode: (table, answer) => decodeRows(tablePlan(table), answer),
    draft,
    activeMessage: (input) => activeMessage({ ...input, rule, ruleHash: hash }),
    withdrawnMessage: (input) => withdrawnMessage({ ...input, rule, ruleHash: hash }),
  };
}
