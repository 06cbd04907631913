import type { ColumnOrigin, PlanNode } from './plan';

/**
 * The scan columns whose values a column carries unchanged; empty where it is computed. A join's key column carries both sides', which are equal.
 */
export function originsOf(node: PlanNode, column: string): readonly ColumnOrigin[] {
  switch (node.kind) {
    case 'scan':
      return [{ scan: node.scan, table: node.table, column }];
    case 'where':
      return originsOf(node.input, column);
    case 'project':
    case 'summarize': {
      const expr = (node.kind === 'project' ? node.columns : node.keys).find(({ name }) => name === column)?.expr;
      return expr?.kind === 'column' ? originsOf(node.input, expr.name) : [];
    }
    case 'join': {
      const source = node.columns.find(({ name }) => name === column);
      if (source === undefined) return [];
      const key = node.keys.find((each) => each[source.side] === source.from);
      if (key !== undefined) return [...originsOf(node.left, key.left), ...originsOf(node.right, key.right)];
      return originsOf(node[source.side], source.from);
    }
  }
}
