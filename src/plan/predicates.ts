import { scalarFunctions } from '../functions/scalar';
import { addedColumns, callsAny, collectColumns, conjuncts, joinBy } from './columns';
import type { Expr, JoinNode, PlanNode, ScanNode } from './plan';

export const usesNow = (expr: Expr): boolean => callsAny(expr, (name) => scalarFunctions.get(name)?.usesNow === true);

/** The expression with each column replaced; undefined where one of them has no replacement. */
function substitute(expr: Expr, replacement: (name: string) => Expr | undefined): Expr | undefined {
  if (expr.kind === 'column') return replacement(expr.name);
  if (expr.kind === 'literal') return expr;
  const args = expr.args.map((arg) => substitute(arg, replacement));
  return args.every((arg) => arg !== undefined) ? { ...expr, args } : undefined;
}

/** More nodes than a query's text can have: columns that are computed of one another twice over double at each step. */
const MAX_NODES = 100_000;

function isBounded(predicate: Expr): boolean {
  const pending = [predicate];
  let nodes = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    nodes += 1;
    if (nodes > MAX_NODES) return false;
    if (next.kind === 'call') pending.push(...next.args);
  }
  return true;
}

/** The predicates over the columns below. One that cannot be had so, or is too large, is asked above alone. */
function through(predicates: readonly Expr[], replacement: (name: string) => Expr | undefined): readonly Expr[] {
  return predicates.flatMap((predicate) => substitute(predicate, replacement) ?? []).filter(isBounded);
}

/**
 * Whether a predicate on a column above a join may be asked of that side's rows already. Not of a side whose unmatched partners come out with
 * nulls, since fewer rows would make more of them; and where the left rows are de-duplicated, only of the keys, in which duplicates agree.
 */
function passes({ joinKind, keys }: JoinNode, side: 'left' | 'right', column: string): boolean {
  switch (joinKind) {
    case 'inner':
      return true;
    case 'innerunique':
      return side === 'right' || keys.some(({ left }) => left === column);
    case 'leftouter':
    case 'leftsemi':
    case 'leftanti':
      return side === 'left';
    case 'rightouter':
    case 'rightsemi':
    case 'rightanti':
      return side === 'right';
    case 'fullouter':
      return false;
  }
}

function throughJoin(node: JoinNode, side: 'left' | 'right', predicates: readonly Expr[]): readonly Expr[] {
  const own = new Map(node.columns.filter((column) => column.side === side).map((column) => [column.name, column]));
  return through(predicates, (name) => {
    const column = own.get(name);
    return column !== undefined && passes(node, side, column.from) ? { kind: 'column', name: column.from, type: column.type } : undefined;
  });
}

/**
 * For each scan the row-wise predicates that every row of it must meet to have a part in the result, over the scan's own columns.
 * Predicates that depend on now() are left out.
 */
export function scanPredicates(root: PlanNode): ReadonlyMap<ScanNode, readonly Expr[]> {
  const found = new Map<ScanNode, readonly Expr[]>();
  const descend = (node: PlanNode, predicates: readonly Expr[]): void => {
    const asked = predicates.filter((each) => !usesNow(each) && collectColumns(each, new Set()).size > 0);
    switch (node.kind) {
      case 'scan':
        found.set(node, asked);
        return;
      case 'values':
      case 'range':
        return;
      case 'where':
        descend(node.input, [...conjuncts(node.predicate), ...asked]);
        return;
      case 'project':
      case 'summarize': {
        const columns = node.kind === 'project' ? node.columns : node.keys;
        const byName = new Map(columns.map(({ name, expr }) => [name, expr]));
        descend(
          node.input,
          through(asked, (name) => byName.get(name)),
        );
        return;
      }
      case 'join':
        descend(node.left, throughJoin(node, 'left', asked));
        descend(node.right, throughJoin(node, 'right', asked));
        return;
      case 'union':
        for (const input of node.inputs) descend(input, asked);
        return;
      case 'sort':
        descend(node.input, asked);
        return;
      // Which rows come first depends on all of them.
      case 'take':
      case 'window':
        descend(node.input, []);
        return;
      case 'mv-expand':
      case 'parse':
      case 'toscalar':
      case 'in': {
        const added = new Set(addedColumns(node).map(({ name }) => name));
        const untouched = asked.filter((each) => [...collectColumns(each, new Set())].every((name) => !added.has(name)));
        descend(node.input, untouched);
        if ('query' in node) descend(node.query, []);
      }
    }
  };
  descend(root, []);
  return found;
}

/** True for every row that meets all of one of the lists; undefined where one of them is empty. Predicates common to all stand first, once. */
export function anyOf(lists: readonly (readonly Expr[])[]): Expr | undefined {
  const key = (expr: Expr): string => JSON.stringify(expr);
  const distinct = lists.map((list) => [...new Map(list.map((expr) => [key(expr), expr])).values()]);
  const [first = [], ...others] = distinct;
  const common = first.filter((expr) => others.every((list) => list.some((each) => key(each) === key(expr))));
  const commonKeys = new Set(common.map(key));
  const rest = distinct.map((list) =>
    joinBy(
      'and',
      list.filter((expr) => !commonKeys.has(key(expr))),
    ),
  );
  const alternatives = rest.every((expr) => expr !== undefined) ? [...new Map(rest.map((expr) => [key(expr), expr])).values()] : [];
  return joinBy('and', [...common, ...[joinBy('or', alternatives)].filter((expr) => expr !== undefined)]);
}
