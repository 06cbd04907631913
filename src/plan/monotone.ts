import { inputsOf } from './columns';
import type { MonotoneProof, PlanNode } from './plan';

/** Whether more rows can only add result rows: true of where, project, distinct and inner joins; an aggregate's value changes with each row. */
export function monotone(node: PlanNode): MonotoneProof {
  if (node.kind === 'summarize' && node.aggregates.length > 0) {
    return { monotone: false, reason: `a further row can change ${node.aggregates.map(({ fn }) => `${fn}()`).join(', ')}` };
  }
  const weaker = inputsOf(node)
    .map(monotone)
    .find((proof) => !proof.monotone);
  return weaker ?? { monotone: true, reason: 'each operator only adds result rows when rows are added' };
}
