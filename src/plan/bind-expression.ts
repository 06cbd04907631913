import type { Span } from '../diagnostic';
import { aggregationFunctions } from '../functions/aggregates';
import { resolveOverload, scalarFunctions, wideningFunction } from '../functions/scalar';
import type { ScalarFunction } from '../functions/function';
import type { CallExpression, Expression } from '../kql/ast';
import { QueryRefused } from '../kql/problem';
import { isArray } from '../value/text';
import { instantFromTicks } from '../value/instant';
import type { Column, ScalarType } from '../value/types';
import { literalValue, toLiteral } from './literal';
import type { Aggregate, Call, Expr, Literal } from './plan';

/** What a name in an expression may mean. */
export interface Scope {
  readonly columns: readonly Column[];
  /** Scalar `let`s. Columns of the same name come first. */
  readonly scalars: ReadonlyMap<string, Expr>;
  /** Set inside summarize: collects aggregates and gives back the column under which each will be found. */
  readonly aggregate?: (fn: string, args: readonly Expr[], type: ScalarType) => Expr;
}

export function unsupported(span: Span, what: string, hint = 'Rewrite the query without it; docs/kusto.md lists what is supported.'): QueryRefused {
  return new QueryRefused('KQL001', span, `${what} is not supported: it could not be run exactly as Kusto runs it.`, hint);
}

/** Resolves names, picks overloads, makes widenings explicit, and folds what is constant. Throws QueryRefused. */
export function bindExpression(expression: Expression, scope: Scope): Expr {
  switch (expression.kind) {
    case 'literal':
      return { kind: 'literal', type: expression.type, text: expression.text };
    case 'name': {
      const column = scope.columns.find(({ name }) => name === expression.name);
      if (column !== undefined) return { kind: 'column', name: column.name, type: column.type };
      const scalar = scope.scalars.get(expression.name);
      if (scalar !== undefined) return scalar;
      throw unsupported(expression.span, `The name ${expression.name} in this place (a table as a value)`);
    }
    case 'path':
      throw unsupported(expression.span, 'A member of a dynamic value');
    case 'pipe':
      throw unsupported(expression.span, 'A query inside an expression');
    case 'call':
      return bindCall(expression, scope);
  }
}

function bindCall(call: CallExpression, scope: Scope): Expr {
  const named = call.args.find(({ name }) => name !== undefined);
  if (named !== undefined) throw unsupported(named.value.span, `The named argument ${named.name ?? ''}`);
  if (call.name === 'column_ifexists') return bindColumnIfExists(call, scope);

  const aggregation = aggregationFunctions.get(call.name);
  if (aggregation !== undefined && scope.aggregate !== undefined) {
    const { aggregate: _, ...inner } = scope;
    const args = call.args.map(({ value }) => bindExpression(value, inner));
    if (args.length !== aggregation.parameters.length) throw unsupported(call.span, `${call.name} with ${args.length} arguments`);
    return scope.aggregate(call.name, args, aggregation.result);
  }

  const entry = scalarFunctions.get(call.name);
  if (entry === undefined) throw unsupported(call.span, `The function ${call.name}`);
  const bound = call.args.map(({ value }) => bindExpression(value, scope));
  const args = narrowLiterals(entry, entry.notation === 'list' ? spreadList(bound) : bound);
  const resolution = resolveOverload(
    entry,
    args.map(({ type }) => type),
  );
  if (resolution === undefined) {
    throw unsupported(call.span, `${entry.name} over (${args.map(({ type }) => type).join(', ')})`, 'Convert the arguments, for example with tostring().');
  }
  const { overload, types } = resolution;
  const widened = args.map((arg, index) => widen(arg, types[index] ?? arg.type));
  return fold({ kind: 'call', name: entry.name, args: widened, type: overload.result }, entry);
}

/** `column_ifexists("X", default)` is decided here, where the columns are known. */
function bindColumnIfExists(call: CallExpression, scope: Scope): Expr {
  const [name, otherwise] = call.args;
  if (name === undefined || otherwise === undefined) throw unsupported(call.span, 'column_ifexists with other than two arguments');
  const bound = bindExpression(name.value, scope);
  if (bound.kind !== 'literal' || bound.type !== 'string') throw unsupported(name.value.span, 'A column name that is not constant');
  const column = scope.columns.find((each) => each.name === bound.text);
  return column === undefined ? bindExpression(otherwise.value, scope) : { kind: 'column', name: column.name, type: column.type };
}

/** `x in (dynamic(["a", "b"]))` means the elements. */
function spreadList([subject, ...items]: readonly Expr[]): readonly Expr[] {
  if (subject === undefined) return [];
  const spread = items.flatMap((item): readonly Expr[] => {
    if (item.kind !== 'literal' || item.type !== 'dynamic') return [item];
    const value = literalValue(item);
    if (value === null || !isArray(value) || !value.every((element) => typeof element === 'string')) return [item];
    return value.map((element) => toLiteral('string', element));
  });
  return [subject, ...spread];
}

const INT_MAX = 2n ** 31n - 1n;

/** A long literal that is compared with an int becomes an int, so that the column need not be converted row by row. */
function narrowLiterals(entry: ScalarFunction, args: readonly Expr[]): readonly Expr[] {
  if (entry.notation === 'call' || !args.some((arg) => arg.type === 'int' && arg.kind !== 'literal')) return args;
  const fits = (arg: Expr): arg is Literal => {
    if (arg.kind !== 'literal' || arg.type !== 'long' || arg.text === null) return false;
    const value = BigInt(arg.text);
    return value <= INT_MAX && value >= -INT_MAX - 1n;
  };
  return args.map((arg) => (fits(arg) ? { ...arg, type: 'int' } : arg));
}

function widen(expr: Expr, type: ScalarType): Expr {
  if (expr.type === type) return expr;
  const name = type === 'long' || type === 'real' ? wideningFunction[type] : undefined;
  const entry = name === undefined ? undefined : scalarFunctions.get(name);
  if (entry === undefined) throw new TypeError(`no widening from ${expr.type} to ${type}`);
  return fold({ kind: 'call', name: entry.name, args: [expr], type }, entry);
}

const noNow = instantFromTicks(0n);

/** A call of constants becomes a constant. Dynamic results stay, for their elements' types are not in their text. */
function fold(call: Call, entry: ScalarFunction): Expr {
  const literals = call.args.filter((arg): arg is Literal => arg.kind === 'literal');
  if (literals.length !== call.args.length || entry.usesNow === true || call.type === 'dynamic' || noNow === undefined) return call;
  const overload = resolveOverload(
    entry,
    literals.map(({ type }) => type),
  )?.overload;
  if (overload === undefined) return call;
  const args = literals.map((literal) => {
    const constant = literalValue(literal);
    return { type: literal.type, constant, at: () => constant };
  });
  return toLiteral(call.type, overload.prepare(args, { now: noNow })([]));
}

export function isAggregate(expr: Expr, aggregates: readonly Aggregate[]): Aggregate | undefined {
  return expr.kind === 'column' ? aggregates.find(({ name }) => name === expr.name) : undefined;
}
