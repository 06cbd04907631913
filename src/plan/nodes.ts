import type { Expr, PlanNode } from './plan';

/** What every pass over a plan needs to know of the kinds of nodes. */

/** The node over other inputs. */
export function mapInputs(node: PlanNode, change: (input: PlanNode) => PlanNode): PlanNode {
  switch (node.kind) {
    case 'scan':
    case 'values':
    case 'range':
      return node;
    case 'join':
      return { ...node, left: change(node.left), right: change(node.right) };
    case 'union':
      return { ...node, inputs: node.inputs.map(change) };
    case 'toscalar':
    case 'in':
      return { ...node, input: change(node.input), query: change(node.query) };
    default:
      return { ...node, input: change(node.input) };
  }
}

/** The expressions of a node itself, without those of its inputs. */
export function exprsOf(node: PlanNode): readonly Expr[] {
  switch (node.kind) {
    case 'where':
      return [node.predicate];
    case 'project':
    case 'mv-expand':
      return node.columns.map(({ expr }) => expr);
    case 'summarize':
      return [...node.keys.map(({ expr }) => expr), ...node.aggregates.flatMap(({ args }) => args)];
    case 'range':
      return [node.from, node.to, node.step];
    case 'sort':
      return node.keys.map(({ expr }) => expr);
    case 'window':
      return node.columns.flatMap(({ args }) => args);
    case 'parse':
      return [node.subject];
    case 'in':
      return [node.value];
    case 'scan':
    case 'values':
    case 'join':
    case 'union':
    case 'take':
    case 'toscalar':
      return [];
  }
}

/** Whether the rows of a node stand in an order that Kusto keeps, so that an operator above may depend on it. */
export function isOrdered(node: PlanNode): boolean {
  switch (node.kind) {
    case 'sort':
    case 'range':
      return true;
    case 'where':
    case 'project':
    case 'take':
    case 'window':
    case 'mv-expand':
    case 'parse':
    case 'toscalar':
    case 'in':
      return isOrdered(node.input);
    case 'scan':
    case 'values':
    case 'summarize':
    case 'join':
    case 'union':
      return false;
  }
}
