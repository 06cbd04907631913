import { aggregationFunctions } from '../functions/aggregates';
import type { Overload, ScalarFunction } from '../functions/function';
import { oldNames } from '../functions/old-names';
import { resolveOverload, wideningFunction } from '../functions/overload';
import { scalarFunctions } from '../functions/scalar';
import type { Argument, CallExpression, Expression } from '../kql/ast';
import { unsupported } from '../kql/problem';
import { instant } from '../value/instant';
import { isArray, isBag } from '../value/text';
import type { Column, ScalarType, Value } from '../value/types';
import { literalValue, toLiteral } from './literal';
import type { Aggregate, Call, Expr, Literal } from './plan';

/** What a name in an expression may mean. */
export interface Scope {
  readonly columns: readonly Column[];
  /** Scalar `let`s. Columns of the same name come first. */
  readonly scalars: ReadonlyMap<string, Expr>;
  /** Set inside summarize: collects aggregates and gives back the column under which each will be found. */
  readonly aggregate?: (fn: string, args: readonly Expr[], type: ScalarType) => Expr;
  /** Binds a call that is more than a function of one row's values, as toscalar is; undefined for any other. */
  readonly special?: (call: CallExpression, scope: Scope) => Expr | undefined;
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
    case 'path': {
      const { target, member, span } = expression;
      const key: Expression = { kind: 'literal', type: 'string', text: member, span };
      return bindCall({ kind: 'call', name: 'element', args: [{ value: target }, { value: key }], span }, scope);
    }
    case 'star':
      throw unsupported(expression.span, 'A * in this place');
    case 'call':
      return scope.special?.(expression, scope) ?? bindCall(expression, scope);
    default:
      throw unsupported(expression.span, 'A query inside an expression');
  }
}

/** `make_set(x, maxSize = 100)`: the name of a parameter, in the place where the parameter stands anyway. */
const isMaxSize = ({ name, args }: CallExpression, argument: Argument, index: number): boolean =>
  /^make_?(?:set|list)(?:_if)?$/.test(name) && argument.name?.toLowerCase() === 'maxsize' && index > 0 && index === args.length - 1;

function bindCall(written: CallExpression, scope: Scope): Expr {
  const call = { ...written, name: oldNames.get(written.name) ?? written.name };
  const named = call.args.find((arg, index) => arg.name !== undefined && !isMaxSize(call, arg, index));
  if (named !== undefined) throw unsupported(named.value.span, `The named argument ${named.name ?? ''}`);
  if (call.name === 'column_ifexists') return bindColumnIfExists(call, scope);
  if (call.name === 'pack_all') return bindCall(packAll(call, scope), scope);
  if (scope.aggregate !== undefined && aggregationFunctions.has(call.name)) return bindAggregate(call, scope, scope.aggregate);

  const entry = scalarFunctions.get(call.name);
  if (entry === undefined) throw unsupported(call.span, `The function ${call.name}`);
  const bound = call.args.map(({ value }) => bindExpression(value, scope));
  const args = narrowLiterals(entry, matchLiterals(entry, unifyChoices(entry, entry.notation === 'list' ? spreadList(bound) : bound)));
  const { overload, widened } = resolve(call, entry.overloads, args);
  return fold({ kind: 'call', name: entry.name, args: widened, type: overload.result }, entry, overload);
}

/** A number beside a text is mostly one that lacks its quotes. */
function conversionHint(args: readonly Expr[]): string {
  const number = args.find((arg) => arg.kind === 'literal' && (arg.type === 'long' || arg.type === 'real'));
  return number?.kind === 'literal' && args.some(({ type }) => type === 'string')
    ? `The other side is a string: write "${number.text ?? ''}" in quotes, or convert that side with tolong().`
    : 'Convert the arguments, for example with tostring().';
}

/** The overload for these arguments, and the arguments with their widenings. */
function resolve<S extends Pick<Overload, 'parameters' | 'result' | 'refuses'>>(
  { name, span }: CallExpression,
  overloads: readonly S[],
  args: readonly Expr[],
) {
  const types = args.map(({ type }) => type);
  const resolution = resolveOverload(overloads, types);
  if (resolution === undefined) throw unsupported(span, `${name} over (${types.join(', ')})`, conversionHint(args));
  const widened = args.map((arg, index) => widen(arg, resolution.types[index] ?? arg.type));
  const refusal = resolution.overload.refuses?.(widened.map((arg) => (arg.kind === 'literal' ? literalValue(arg) : undefined)));
  if (refusal !== undefined) throw unsupported(span, `${name} with ${refusal}`);
  return { overload: resolution.overload, widened };
}

function bindAggregate(call: CallExpression, scope: Scope, aggregate: NonNullable<Scope['aggregate']>): Expr {
  const { aggregate: _, ...inner } = scope;
  const args = call.args.map(({ value }) => bindExpression(value, inner));
  const { overload, widened } = resolve(call, aggregationFunctions.get(call.name)?.overloads ?? [], args);
  return aggregate(call.name, widened, overload.result);
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

/** `pack_all()` is a bag of all columns there are. */
function packAll({ args, span }: CallExpression, { columns }: Scope): CallExpression {
  if (args.length > 0) throw unsupported(span, 'pack_all with an argument');
  const bag = columns.flatMap(({ name }): readonly Expression[] => [
    { kind: 'literal', type: 'string', text: name, span },
    { kind: 'name', name, span },
  ]);
  return { kind: 'call', name: bag.length === 0 ? 'pack_dictionary' : 'bag_pack', args: bag.map((value) => ({ value })), span };
}

/** `x in (dynamic(["a", "b"]))` means the elements. */
function spreadList([subject, ...items]: readonly Expr[]): readonly Expr[] {
  if (subject === undefined) return [];
  const spread = items.flatMap((item): readonly Expr[] => {
    if (item.kind !== 'literal' || item.type !== 'dynamic') return [item];
    const value = literalValue(item);
    if (value === null || !isArray(value) || value.length === 0) return [item];
    if (value.every((element) => typeof element === 'string')) return value.map((element) => toLiteral('string', element));
    if (value.every((element) => typeof element === 'bigint')) return value.map((element) => toLiteral('long', element));
    return [item];
  });
  return [subject, ...spread];
}

const choices: ReadonlySet<string> = new Set(['iff', 'iif', 'case']);

/** Where some of the choices are strings and some dynamic, the result is a string, as Microsoft's binder has it: a dynamic one is taken by tostring(). */
function unifyChoices({ name }: ScalarFunction, args: readonly Expr[]): readonly Expr[] {
  const isChoice = (index: number): boolean => index % 2 === 1 || index === args.length - 1;
  const types = new Set(args.flatMap(({ type }, index) => (isChoice(index) ? [type] : [])));
  if (!choices.has(name) || types.size !== 2 || !types.has('string') || !types.has('dynamic')) return args;
  return args.map((arg, index) => (isChoice(index) && arg.type === 'dynamic' ? convert('tostring', arg) : arg));
}

const equalities: ReadonlySet<string> = new Set(['==', '!=', 'in', '!in']);

/**
 * A whole number compared with a text that is just how that number is written, as in `EventID == "4625"`, or a bool with 0 or 1: it makes no
 * difference which of the two is converted, so the constant is. Where it would make one, the types do not match and the call is refused.
 */
function matchLiterals({ name }: ScalarFunction, [subject, ...others]: readonly Expr[]): readonly Expr[] {
  if (subject === undefined) return [];
  const typed = [subject, ...others].find(({ kind }) => kind !== 'literal');
  if (typed === undefined || !equalities.has(name)) return [subject, ...others];
  const matched = (arg: Expr): Expr => {
    if (arg.kind !== 'literal' || arg.text === null) return arg;
    const isWhole = (typed.type === 'int' || typed.type === 'long') && arg.type === 'string' && /^(?:0|-?[1-9]\d{0,17})$/.test(arg.text);
    if (isWhole) return { ...arg, type: 'long' };
    const isBool = typed.type === 'bool' && (arg.type === 'long' || arg.type === 'int') && (arg.text === '0' || arg.text === '1');
    return isBool ? { ...arg, type: 'bool', text: arg.text === '1' ? 'true' : 'false' } : arg;
  };
  return [subject, ...others].map(matched);
}

const INT_MAX = 2n ** 31n - 1n;

/** A long literal that is compared with an int becomes an int, so that the column need not be converted row by row. */
function narrowLiterals(entry: ScalarFunction, args: readonly Expr[]): readonly Expr[] {
  const compares = entry.overloads.some(({ parameters: [first, second] }) => first === 'int' && second === 'int');
  if (entry.notation === 'call' || !compares || !args.some((arg) => arg.type === 'int' && arg.kind !== 'literal')) return args;
  return args.map(narrowed);
}

/** A long literal that 32 bits hold as an int; any other expression as it is. */
export function narrowed(expr: Expr): Expr {
  if (expr.kind !== 'literal' || expr.type !== 'long' || expr.text === null) return expr;
  const value = BigInt(expr.text);
  return value <= INT_MAX && value >= -INT_MAX - 1n ? { ...expr, type: 'int' } : expr;
}

/** The expression as one of a wider type; itself where it is of that type. */
export function widen(expr: Expr, type: ScalarType): Expr {
  if (expr.type === type) return expr;
  if (type !== 'long' && type !== 'real') throw new TypeError(`no widening from ${expr.type} to ${type}`);
  return convert(wideningFunction[type], expr);
}

/** The expression converted by a function of that name. */
function convert(name: string, expr: Expr): Expr {
  const entry = scalarFunctions.get(name);
  const overload = entry && resolveOverload(entry.overloads, [expr.type])?.overload;
  if (entry === undefined || overload === undefined) throw new TypeError(`no ${name}(${expr.type})`);
  return fold({ kind: 'call', name: entry.name, args: [expr], type: overload.result }, entry, overload);
}

/** No function that is folded looks at it. */
const anyNow = instant('0001-01-01');

/** No constant is longer than a query could write it; a call that would make one is computed when the plan runs. */
const MAX_FOLDED_LENGTH = 64_000;
const MAX_FOLDED_ELEMENTS = 10_000;

/** The characters of the texts in a value and the number of its other scalars, together; counted no further than beyond the limit. */
function lengthOf(value: Value): number {
  if (typeof value === 'string') return value.length;
  if (!isArray(value) && !isBag(value)) return 1;
  let length = 0;
  for (const item of value.values()) {
    length += lengthOf(item);
    if (length > MAX_FOLDED_LENGTH) break;
  }
  return length;
}

/** A call of constants becomes a constant, unless that is too long. */
function fold(call: Call, entry: ScalarFunction, overload: Overload): Expr {
  const literals = call.args.filter((arg): arg is Literal => arg.kind === 'literal');
  if (literals.length !== call.args.length || entry.usesNow === true) return call;
  const args = literals.map((literal) => {
    const constant = literalValue(literal);
    return { type: literal.type, constant, at: () => constant };
  });
  try {
    const value = overload.prepare(args, { now: anyNow, maxElements: MAX_FOLDED_ELEMENTS })([]);
    return lengthOf(value) > MAX_FOLDED_LENGTH ? call : toLiteral(call.type, value);
  } catch (error) {
    if (error instanceof RangeError) return call;
    throw error;
  }
}

export function isAggregate(expr: Expr, aggregates: readonly Aggregate[]): Aggregate | undefined {
  return expr.kind === 'column' ? aggregates.find(({ name }) => name === expr.name) : undefined;
}
