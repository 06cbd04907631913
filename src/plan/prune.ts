import { collectColumns, columnsOf } from './columns';
import type { PlanNode } from './plan';

/** The same plan over fewer columns: each node gives only what the nodes above it use. Rows and their multiplicity stay as they are. */
export function prune(root: PlanNode): PlanNode {
  return pruneTo(root, new Set(columnsOf(root).map(({ name }) => name)));
}

function pruneTo(node: PlanNode, needed: ReadonlySet<string>): PlanNode {
  switch (node.kind) {
    case 'scan':
      return { ...node, columns: node.columns.filter(({ name }) => needed.has(name)) };
    case 'where':
      return { ...node, input: pruneTo(node.input, collectColumns(node.predicate, new Set(needed))) };
    case 'project': {
      const columns = node.columns.filter(({ name }) => needed.has(name));
      const read = new Set<string>();
      columns.forEach(({ expr }) => collectColumns(expr, read));
      return { ...node, columns, input: pruneTo(node.input, read) };
    }
    case 'summarize': {
      const aggregates = node.aggregates.filter(({ name }) => needed.has(name));
      const read = new Set<string>();
      node.keys.forEach(({ expr }) => collectColumns(expr, read));
      aggregates.forEach(({ args }) => {
        args.forEach((arg) => collectColumns(arg, read));
      });
      return { ...node, aggregates, input: pruneTo(node.input, read) };
    }
    case 'join': {
      const columns = node.columns.filter(({ name }) => needed.has(name));
      const of = (side: 'left' | 'right'): Set<string> =>
        new Set([...columns.filter((column) => column.side === side).map(({ from }) => from), ...node.keys.map((key) => key[side])]);
      return { ...node, columns, left: pruneTo(node.left, of('left')), right: pruneTo(node.right, of('right')) };
    }
  }
}
