import type { Argument, EvaluationContext, Evaluator } from '../functions/function';
import { resolveOverload } from '../functions/overload';
import { scalarFunctions } from '../functions/scalar';
import { literalValue } from '../plan/literal';
import type { Expr } from '../plan/plan';
import type { Column } from '../value/types';
import { EvaluationLimit } from './budget';

/** In UTF-16 code units. A cell of Log Analytics holds 32 KB, one of Kusto 1 MB; functions of a few of them stay far below. */
const MAX_STRING_LENGTH = 16 * 1024 * 1024;

/** The call, ended with EvaluationLimit where its result is longer, or nested deeper, than can be held. */
function bounded(name: string, at: Evaluator): Evaluator {
  const limit = (): EvaluationLimit => new EvaluationLimit(`${name}() would make a value that is too large to be held: narrow the rule`);
  return (row) => {
    let value;
    try {
      value = at(row);
    } catch (error) {
      // A string longer than JavaScript has, or a stack that ended within a value.
      if (error instanceof RangeError) throw limit();
      throw error;
    }
    if (typeof value === 'string' && value.length > MAX_STRING_LENGTH) throw limit();
    return value;
  };
}

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
  const prepared = overload.prepare(args, context);
  const at = type === 'string' || type === 'dynamic' ? bounded(expr.name, prepared) : prepared;
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
