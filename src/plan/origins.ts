import { addedColumns } from './columns';
import type { ColumnOrigin, JoinKind, PlanNode } from './plan';

/** The kinds whose rows have a partner on the other side, in which a key of the side has the same value. */
const hasPartner: Readonly<Record<'left' | 'right', ReadonlySet<JoinKind>>> = {
  left: new Set(['inner', 'innerunique', 'leftouter', 'leftsemi']),
  right: new Set(['inner', 'innerunique', 'rightouter', 'rightsemi']),
};

/**
 * The scan columns whose values a column carries unchanged; empty where it is computed. A join's key column carries both sides' where they are
 * equal, a union's column those of each input.
 */
export function originsOf(node: PlanNode, column: string): readonly ColumnOrigin[] {
  switch (node.kind) {
    case 'scan':
      return [{ scan: node.scan, table: node.table, column }];
    case 'values':
    case 'range':
      return [];
    case 'where':
    case 'sort':
    case 'take':
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
      if (key !== undefined && hasPartner[source.side].has(node.joinKind))
        return [...originsOf(node.left, key.left), ...originsOf(node.right, key.right)];
      return originsOf(node[source.side], source.from);
    }
    case 'union':
      return node.inputs.flatMap((input) => originsOf(input, column));
    case 'window':
    case 'mv-expand':
    case 'parse':
    case 'toscalar':
    case 'in':
      return addedColumns(node).some(({ name }) => name === column) ? [] : originsOf(node.input, column);
  }
}
