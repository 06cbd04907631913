import type { Argument, EvaluationContext, Evaluator } from '../functions/function';
import { resolveOverload } from '../functions/overload';
import { scalarFunctions } from '../functions/scalar';
import { literalValue } from '../plan/literal';
import type { Expr } from '../plan/plan';
import type { Column } from '../value/types';

function compile(expr: Expr, columns: readonly Column[], context: EvaluationContext): Argument {
  const { type } = expr;
  if (expr.kind === 'literal') {
    const constant = literalValue(expr);
    return { type, constant, at: () => constant };
  }
  if (expr.kind === 'column') {
    const index = columns.findIndex(({ name }) => name === expr.name);
    if (index === -1) throw new TypeError(`the plan reads the column ${expr.name}, which its input lacks`);
    // A row has a value for each column, so the fallback is for the type checker alone.
    return { type, constant: undefined, at: (row) => row[index] ?? null };
  }
  const args = expr.args.map((arg) => compile(arg, columns, context));
  const entry = scalarFunctions.get(expr.name);
  const overload =
    entry &&
    resolveOverload(
      entry.overloads,
      args.map((arg) => arg.type),
    )?.overload;
  if (overload === undefined)
    throw new TypeError(`the plan calls ${expr.name}, which this engine lacks: rebuild the plan with this version`);
  const at = overload.prepare(args, context);
  const constant = args.length > 0 && args.every((arg) => arg.constant !== undefined) ? at([]) : undefined;
  return { type, constant, at: constant === undefined ? at : () => constant };
}

/** The expression as a function of a row whose values stand in the order of `columns`. Throws TypeError where the plan is not of this version. */
export function compileExpression(expr: Expr, columns: readonly Column[], context: EvaluationContext): Evaluator {
  return compile(expr, columns, context).at;
}

/** As compileExpression, for a predicate: null counts as false. */
export function compilePredicate(
  predicate: Expr,
  columns: readonly Column[],
  context: EvaluationContext,
): (row: Parameters<Evaluator>[0]) => boolean {
  const holds = compileExpression(predicate, columns, context);
  return (row) => holds(row) === true;
}
