import { addedColumns, collectColumns, columnsOf } from '../plan/columns';
import type { ColumnOrigin, Expr, PlanNode } from '../plan/plan';

/** How a column of a node comes of a scan's column: with its very values, in another case or trimmed, or by a computation. */
export type Change = 'same' | 'folded' | 'computed';

export interface ColumnSource extends ColumnOrigin {
  readonly change: Change;
}

const FOLDING: ReadonlySet<string> = new Set(['tolower', 'toupper', 'tostring', 'trim', 'trim_start', 'trim_end']);
const ORDER: readonly Change[] = ['same', 'folded', 'computed'];

const worse = (a: Change, b: Change): Change => (ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b);

function changeBy(expr: Expr): Change {
  if (expr.kind !== 'call') return 'same';
  return FOLDING.has(expr.name) ? expr.args.map(changeBy).reduce(worse, 'folded') : 'computed';
}

/** The scan columns that have a part in a column's values; more than originsOf, which gives those that are carried unchanged. */
export function columnSources(node: PlanNode, column: string): readonly ColumnSource[] {
  const behind = (input: PlanNode, expr: Expr, change = changeBy(expr)): readonly ColumnSource[] =>
    [...collectColumns(expr, new Set())].flatMap((name) =>
      columnSources(input, name).map((source) => ({ ...source, change: worse(change, source.change) })),
    );
  switch (node.kind) {
    case 'scan':
      return [{ scan: node.scan, table: node.table, column, change: 'same' }];
    case 'project': {
      const expr = node.columns.find(({ name }) => name === column)?.expr;
      return expr === undefined ? [] : behind(node.input, expr);
    }
    case 'summarize': {
      const key = node.keys.find(({ name }) => name === column)?.expr;
      if (key !== undefined) return behind(node.input, key);
      const aggregate = node.aggregates.find(({ name }) => name === column);
      return (aggregate?.args ?? []).flatMap((arg) => behind(node.input, arg, 'computed'));
    }
    case 'join': {
      const own = node.columns.find(({ name }) => name === column);
      if (own === undefined) return [];
      const key = node.keys.find((each) => each[own.side] === own.from);
      if (key !== undefined) return [...columnSources(node.left, key.left), ...columnSources(node.right, key.right)];
      return columnSources(node[own.side], own.from);
    }
    case 'union': {
      const index = columnsOf(node).findIndex(({ name }) => name === column);
      return node.inputs.flatMap((input) => columnSources(input, columnsOf(input)[index]?.name ?? ''));
    }
    case 'mv-expand':
    case 'parse':
    case 'window': {
      if (!addedColumns(node).some(({ name }) => name === column)) return columnSources(node.input, column);
      return readBy(node, column).flatMap((expr) => behind(node.input, expr, 'computed'));
    }
    case 'values':
    case 'range':
      return [];
    case 'where':
    case 'sort':
    case 'take':
    case 'toscalar':
    case 'in':
      return columnsOf(node.input).some(({ name }) => name === column) ? columnSources(node.input, column) : [];
  }
}

/** What a node computes a column from that it adds. */
function readBy(node: Extract<PlanNode, { kind: 'mv-expand' | 'parse' | 'window' }>, column: string): readonly Expr[] {
  if (node.kind === 'parse') return [node.subject];
  if (node.kind === 'mv-expand') return node.columns.filter(({ name }) => name === column).map(({ expr }) => expr);
  return node.columns.filter(({ name }) => name === column).flatMap(({ args }) => args);
}
