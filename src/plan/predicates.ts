import { scalarFunctions } from '../functions/scalar';
import { callsAny, collectColumns, conjuncts, joinBy } from './columns';
import type { Expr, PlanNode, ScanNode } from './plan';

export const usesNow = (expr: Expr): boolean => callsAny(expr, (name) => scalarFunctions.get(name)?.usesNow === true);

/** The expression with each column replaced; undefined where one of them has no replacement. */
function substitute(expr: Expr, replacement: (name: string) => Expr | undefined): Expr | undefined {
  if (expr.kind === 'column') return replacement(expr.name);
  if (expr.kind === 'literal') return expr;
  const args = expr.args.map((arg) => substitute(arg, replacement));
  return args.every((arg) => arg !== undefined) ? { ...expr, args } : undefined;
}

function through(predicates: readonly Expr[], replacement: (name: string) => Expr | undefined): readonly Expr[] {
  return predicates.flatMap((predicate) => substitute(predicate, replacement) ?? []);
}

/**
 * For each scan the row-wise predicates that every row of it must meet to have a part in the result, over the scan's own columns.
 * Predicates that depend on now() are left out.
 */
export function scanPredicates(root: PlanNode): ReadonlyMap<ScanNode, readonly Expr[]> {
  const found = new Map<ScanNode, readonly Expr[]>();
  const descend = (node: PlanNode, predicates: readonly Expr[]): void => {
    switch (node.kind) {
      case 'scan':
        found.set(node, predicates);
        return;
      case 'where':
        descend(node.input, [...conjuncts(node.predicate).filter((each) => !usesNow(each)), ...predicates]);
        return;
      case 'project': {
        const byName = new Map(node.columns.map(({ name, expr }) => [name, expr]));
        descend(node.input, through(predicates, (name) => byName.get(name)).filter((each) => !usesNow(each)));
        return;
      }
      case 'summarize': {
        const byName = new Map(node.keys.map(({ name, expr }) => [name, expr]));
        descend(node.input, through(predicates, (name) => byName.get(name)).filter((each) => !usesNow(each) && collectColumns(each, new Set()).size > 0));
        return;
      }
      case 'join':
        for (const side of ['left', 'right'] as const) {
          const own = new Map(node.columns.filter((column) => column.side === side).map(({ from, name, type }) => [name, { from, type }]));
          const replacement = (name: string): Expr | undefined => {
            const column = own.get(name);
            return column === undefined ? undefined : { kind: 'column', name: column.from, type: column.type };
          };
          descend(node[side], through(predicates, replacement));
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
  const rest = distinct.map((list) => joinBy('and', list.filter((expr) => !commonKeys.has(key(expr)))));
  const alternatives = rest.every((expr) => expr !== undefined) ? [...new Map(rest.map((expr) => [key(expr), expr])).values()] : [];
  return joinBy('and', [...common, ...[joinBy('or', alternatives)].filter((expr) => expr !== undefined)]);
}
