import { evaluate } from '../../engine/evaluate';
import { compilePredicate } from '../../engine/expression';
import type { ResultRow } from '../../engine/rows';
import { columnsOf, conjuncts } from '../../plan/columns';
import type { Plan, PlanNode } from '../../plan/plan';
import type { Instant } from '../../value/instant';
import type { Rows } from '../run/rule-run';
import type { Step } from './explanation';
import type { Outline } from './outline';

/** What comes out of each node of a plan, with its lineage; a node is evaluated when it is first asked for. */
export class NodeRows {
  readonly plan: Plan;
  readonly tables: Rows;
  readonly now: Instant;
  private readonly found = new Map<PlanNode, readonly ResultRow[]>();

  constructor(plan: Plan, tables: Rows, now: Instant) {
    this.plan = plan;
    this.tables = tables;
    this.now = now;
  }

  /** Values in the order of the node's columns. Throws EvaluationLimit where it holds too many rows in between. */
  of(node: PlanNode): readonly ResultRow[] {
    const known = this.found.get(node);
    if (known !== undefined) return known;
    const partial: Plan = { ...this.plan, root: node, columns: columnsOf(node) };
    const { rows } = evaluate(partial, (table) => this.tables.get(table) ?? [], { now: this.now });
    this.found.set(node, rows);
    return rows;
  }
}

/** The steps with the rows that pass each, and each part of a predicate. */
export function withCounts({ steps, nodes }: Outline, rows: NodeRows): readonly Step[] {
  return steps.map((step, index): Step => {
    const node = nodes[index];
    if (node === undefined) return step;
    const counted = { ...step, rows: rows.of(node).length };
    if (node.kind !== 'where' || step.conjuncts === undefined) return counted;
    const columns = columnsOf(node.input);
    let left = rows.of(node.input);
    const parts = conjuncts(node.predicate).map((part) => {
      const holds = compilePredicate(part, columns, { now: rows.now });
      left = left.filter(({ values }) => holds(values));
      return left.length;
    });
    return { ...counted, conjuncts: step.conjuncts.map((part, at) => ({ ...part, rows: parts[at] ?? 0 })) };
  });
}
