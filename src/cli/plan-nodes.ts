import { inputsOf } from '../plan/columns';
import type { PlanNode } from '../plan/plan';

/** All nodes of a plan, each behind those that it reads from: the order in which a person would run them. */
export function nodesOf(root: PlanNode): readonly PlanNode[] {
  return [...inputsOf(root).flatMap(nodesOf), root];
}

/** The nodes from one with this scan up to the root, the scan first. Empty where the plan has no such scan. */
export function pathOf(root: PlanNode, scan: number): readonly PlanNode[] {
  if (root.kind === 'scan') return root.scan === scan ? [root] : [];
  const below = inputsOf(root)
    .map((input) => pathOf(input, scan))
    .find((path) => path.length > 0);
  return below === undefined ? [] : [...below, root];
}
