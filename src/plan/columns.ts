import type { Column } from '../value/types';
import type { Expr, PlanNode } from './plan';

const named = (columns: readonly { readonly name: string; readonly expr: Expr }[]): readonly Column[] =>
  columns.map(({ name, expr }) => ({ name, type: expr.type }));

/** The columns that come out of a node, in order. Names are unique. */
export function columnsOf(node: PlanNode): readonly Column[] {
  switch (node.kind) {
    case 'scan':
    case 'values':
      return node.columns;
    case 'range':
      return [node.column];
    case 'where':
    case 'sort':
    case 'take':
      return columnsOf(node.input);
    case 'project':
      return named(node.columns);
    case 'summarize':
      return [...named(node.keys), ...node.aggregates.map(({ name, type }) => ({ name, type }))];
    case 'join':
      return node.columns.map(({ name, type }) => ({ name, type }));
    case 'union':
      return node.inputs[0] === undefined ? [] : columnsOf(node.inputs[0]);
    default:
      return [...columnsOf(node.input), ...addedColumns(node)];
  }
}

/** The columns that a node adds to those of its input, which pass through it unchanged. */
export function addedColumns(node: Extract<PlanNode, { kind: 'window' | 'mv-expand' | 'parse' | 'toscalar' | 'in' }>): readonly Column[] {
  switch (node.kind) {
    case 'window':
      return node.columns.map(({ name, type }) => ({ name, type }));
    case 'mv-expand': {
      const index: readonly Column[] = node.indexColumn === undefined ? [] : [{ name: node.indexColumn, type: 'long' }];
      return [...node.columns.map(({ name, type }) => ({ name, type })), ...index];
    }
    case 'parse':
      return node.parts.flatMap((part): readonly Column[] => (part.kind === 'column' ? [{ name: part.name, type: 'string' }] : []));
    case 'toscalar':
      return [{ name: node.name, type: node.type }];
    case 'in':
      return [{ name: node.name, type: 'bool' }];
  }
}

/** The nodes that a node reads from, left before right, input before query. */
export function inputsOf(node: PlanNode): readonly PlanNode[] {
  switch (node.kind) {
    case 'scan':
    case 'values':
    case 'range':
      return [];
    case 'join':
      return [node.left, node.right];
    case 'union':
      return node.inputs;
    case 'toscalar':
    case 'in':
      return [node.input, node.query];
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

/** The columns that any of the expressions reads. */
export function columnsRead(exprs: readonly Expr[]): Set<string> {
  const names = new Set<string>();
  exprs.forEach((expr) => collectColumns(expr, names));
  return names;
}

/** Whether the expression calls a function for which the predicate holds. */
export function callsAny(expr: Expr, holds: (name: string) => boolean): boolean {
  return expr.kind === 'call' && (holds(expr.name) || expr.args.some((arg) => callsAny(arg, holds)));
}

/** The operands of an expression joined by `and`, flat; the expression itself where it is not an `and`. */
export function conjuncts(expr: Expr): readonly Expr[] {
  return expr.kind === 'call' && expr.name === 'and' ? expr.args.flatMap(conjuncts) : [expr];
}

/** Expressions joined by `and` or `or`; undefined for none. */
export function joinBy(operator: 'and' | 'or', operands: readonly Expr[]): Expr | undefined {
  const [first] = operands;
  return operands.length < 2 ? first : { kind: 'call', type: 'bool', name: operator, args: operands };
}
