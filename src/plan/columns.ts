import type { Column } from '../value/types';
import type { Expr, PlanNode } from './plan';

/** The columns that come out of a node, in order. Names are unique. */
export function columnsOf(node: PlanNode): readonly Column[] {
  switch (node.kind) {
    case 'scan':
      return node.columns;
    case 'where':
      return columnsOf(node.input);
    case 'project':
      return node.columns.map(({ name, expr }) => ({ name, type: expr.type }));
    case 'summarize':
      return [...node.keys.map(({ name, expr }) => ({ name, type: expr.type })), ...node.aggregates.map(({ name, type }) => ({ name, type }))];
    case 'join':
      return node.columns.map(({ name, type }) => ({ name, type }));
  }
}

/** The nodes that a node reads from. */
export function inputsOf(node: PlanNode): readonly PlanNode[] {
  switch (node.kind) {
    case 'scan':
      return [];
    case 'join':
      return [node.left, node.right];
    default:
      return [node.input];
  }
}

/** Adds to `names` each column that the expression reads. */
export function collectColumns(expr: Expr, names: Set<string>): Set<string> {
  if (expr.kind === 'column') names.add(expr.name);
  if (expr.kind === 'call') expr.args.forEach((arg) => collectColumns(arg, names));
  return names;
}

/** Whether the expression calls a function for which the predicate holds. */
export function callsAny(expr: Expr, holds: (name: string) => boolean): boolean {
  return expr.kind === 'call' && (holds(expr.name) || expr.args.some((arg) => callsAny(arg, holds)));
}

/** The operands of an expression joined by `and`, flat; the expression itself where it is none. */
export function conjuncts(expr: Expr): readonly Expr[] {
  return expr.kind === 'call' && expr.name === 'and' ? expr.args.flatMap(conjuncts) : [expr];
}

/** Expressions joined by `and` or `or`; undefined for none. */
export function joinBy(operator: 'and' | 'or', operands: readonly Expr[]): Expr | undefined {
  const [first] = operands;
  return operands.length < 2 ? first : { kind: 'call', type: 'bool', name: operator, args: operands };
}
