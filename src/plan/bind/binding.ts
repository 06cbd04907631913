import type { Expression, Operator, Projection } from '../../kql/ast';
import { unsupported } from '../../kql/problem';
import type { Column } from '../../value/types';
import { bindExpression, type Scope } from '../bind-expression';
import { nameForUnnamed } from '../names';
import type { Expr, NamedExpr, PlanNode } from '../plan';

/** What the binder of one operator is given beside the operator and its input. */
export interface Binding {
  /** What the names in an expression over these columns mean here. */
  scope(columns: readonly Column[]): Scope;
  /** The plan of a tabular expression that stands here. */
  table(expression: Expression): PlanNode;
  /** The plan of an operator over other rows than those of this place. */
  operator(operator: Operator, input: PlanNode): PlanNode;
}

/** Throws QueryRefused for what cannot be run. The node that comes out has `input` below it, as it was given. */
export type BindOperator<K extends Operator['kind']> = (
  operator: Operator & { readonly kind: K },
  input: PlanNode,
  binding: Binding,
) => PlanNode;

export const columnRef = ({ name, type }: Column): Expr => ({ kind: 'column', name, type });

export const keep = ({ name, type }: Column): NamedExpr => ({ name, expr: columnRef({ name, type }) });

/** Names and expressions of a list of columns. `taken` are names that an unnamed expression must not take. */
export function bindProjections(projections: readonly Projection[], scope: Scope, taken: ReadonlySet<string>): readonly NamedExpr[] {
  const names = new Set([...taken, ...projections.flatMap(({ name }) => name ?? [])]);
  return projections.map(({ name, autoName, value, span }) => {
    // Such names are the plan's own.
    if (name?.startsWith('$') === true) throw unsupported(span, 'A column name that begins with $', 'Give the column another name.');
    const expr = bindExpression(value, scope);
    // A bare column keeps its name also where extend has that column already.
    const given = name ?? (value.kind === 'name' && expr.kind === 'column' ? value.name : nameForUnnamed(autoName, names));
    names.add(given);
    return { name: given, expr };
  });
}

/** The columns with some added: one of a name that exists is replaced where it stands, the others follow. */
export function extended(columns: readonly Column[], added: readonly NamedExpr[]): readonly NamedExpr[] {
  const byName = new Map(added.map((column) => [column.name, column]));
  const existing = columns.map((column) => byName.get(column.name) ?? keep(column));
  return [...existing, ...added.filter(({ name }) => !columns.some((column) => column.name === name))];
}

/** A count of rows. Throws QueryRefused for anything but a constant whole number, zero or more. */
export function bindCount(expression: Expression, binding: Binding): number {
  const bound = bindExpression(expression, binding.scope([]));
  const isWhole = bound.kind === 'literal' && (bound.type === 'long' || bound.type === 'int') && bound.text !== null;
  const count = isWhole ? Number(bound.text) : NaN;
  if (!Number.isSafeInteger(count) || count < 0)
    throw unsupported(expression.span, 'A number of rows that is not a constant', 'Write the number itself.');
  return count;
}
