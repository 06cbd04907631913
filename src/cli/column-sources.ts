import { collectColumns, columnsOf, inputsOf } from '../plan/columns';
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
    default:
      return inputsOf(node)
        .filter((input) => columnsOf(input).some(({ name }) => name === column))
        .flatMap((input) => columnSources(input, column));
  }
}
