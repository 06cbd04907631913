import type { Sources } from '../../hunt/sources';
import type { CompiledQuery } from '../../plan/compile-query';
import { isSchedulable, type Schemas } from '../../plan/compile-rule';
import type { CompiledRule } from '../../plan/compiled-rule';
import type { Plan } from '../../plan/plan';
import type { RuleDocument } from '../../rule/rule-document';
import type { Instant } from '../../value/instant';
import { NodeRows, withCounts } from './counts';
import type { Rows } from '../run/rule-run';
import { describeEntities } from './entities';
import type { Explanation } from './explanation';
import { loadOf } from './load';
import { outline } from './outline';
import { sampleBin, sentQueries } from './sent';
import { explainWhy } from './why';

export interface ExplainedRule {
  readonly document: RuleDocument;
  readonly rule: CompiledRule;
  readonly query: CompiledQuery;
  readonly schemas: Schemas;
  readonly sources: Sources;
}

/** The rows to explain it with, and what to look for in them. */
export interface ExplainedRows {
  readonly tables: Rows;
  readonly why: string | undefined;
}

/** The plan that is run: bin by bin where the rule splits, else the whole query. */
export function explainedPlan({ rule, query }: Pick<ExplainedRule, 'rule' | 'query'>): Plan {
  return rule.split.splits ? rule.plan : query.whole;
}

/** Everything there is to say of a rule. `now` is now() of the query; the sample bin is the last whole one before it. */
export function explainRule(explained: ExplainedRule, now: Instant, given: ExplainedRows | undefined): Explanation {
  const { document, rule, schemas, sources } = explained;
  const { split, monotone, splitPairs, facts } = rule;
  const plan = explainedPlan(explained);
  const outlined = outline(plan.root, document);
  const rows = given === undefined ? undefined : new NodeRows(plan, given.tables, now);
  const bin = isSchedulable(rule) ? sampleBin(rule, now) : undefined;
  const load = isSchedulable(rule) ? loadOf(rule) : undefined;
  return {
    file: document.file,
    id: facts.id,
    name: facts.name,
    split: {
      holds: split.splits,
      reason: split.reason,
      ...(split.splits ? {} : { line: document.queryPosition(split.span.start).line }),
    },
    monotone: { holds: monotone.monotone, reason: monotone.reason },
    splitPairs: { holds: splitPairs.finds, reason: splitPairs.reason },
    sent: bin === undefined ? [] : sentQueries(rule, sources, bin),
    steps: rows === undefined ? outlined.steps : withCounts(outlined, rows),
    ...(load === undefined ? {} : { load }),
    entities: describeEntities(rule, schemas),
    ...(rows === undefined || given?.why === undefined
      ? {}
      : { why: explainWhy({ text: given.why, mappings: facts.entityMappings, rows, stepOf: outlined.numberOf }) }),
  };
}
