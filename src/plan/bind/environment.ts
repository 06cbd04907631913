import type { CallExpression, Expression, FunctionExpression, FunctionParameter } from '../../kql/ast';
import { unsupported } from '../../kql/problem';
import { bindExpression, narrowed, widen, type Scope } from '../bind-expression';
import { collectColumns } from '../columns';
import type { Expr } from '../plan';
import { isAttached } from './attachments';

/** What the names outside of columns mean at one place of a query. */
export interface Environment {
  readonly scalars: ReadonlyMap<string, Expr>;
  /** Tabular `let`s, each with the names known where it stands; bound anew at each use, so each use has scans of its own. */
  readonly tables: ReadonlyMap<string, { readonly value: Expression; readonly environment: Environment }>;
  readonly functions: ReadonlyMap<string, { readonly value: FunctionExpression; readonly environment: Environment }>;
  /** True inside a function whose arguments are of a row: no query there may use them. */
  readonly inRow: boolean;
}

export const emptyEnvironment: Environment = { scalars: new Map(), tables: new Map(), functions: new Map(), inRow: false };

const added = <T>(map: ReadonlyMap<string, T>, name: string, value: T): ReadonlyMap<string, T> => new Map([...map, [name, value]]);

/** Names hide what has the same name outside, whatever it is. */
function without(environment: Environment, name: string): Environment {
  const cut = <T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> => new Map([...map].filter(([each]) => each !== name));
  return { ...environment, scalars: cut(environment.scalars), tables: cut(environment.tables), functions: cut(environment.functions) };
}

export function withScalar(environment: Environment, name: string, value: Expr): Environment {
  const rest = without(environment, name);
  return { ...rest, scalars: added(rest.scalars, name, value) };
}

export function withTable(environment: Environment, name: string, value: Expression, where: Environment): Environment {
  const rest = without(environment, name);
  return { ...rest, tables: added(rest.tables, name, { value, environment: where }) };
}

export function withFunction(environment: Environment, name: string, value: FunctionExpression): Environment {
  const rest = without(environment, name);
  return { ...rest, functions: added(rest.functions, name, { value, environment }) };
}

/** The arguments by the names of their parameters; in the order of the parameters where they have no name. */
function argumentsByName({ args }: CallExpression, parameters: readonly FunctionParameter[]): ReadonlyMap<string, Expression> {
  return new Map(args.map(({ name, value }, index) => [name ?? parameters[index]?.name ?? '', value]));
}

/** A scalar argument as the parameter's type asks for it: an int may stand for a long, either for a real, and a whole number for an int. */
function bindArgument(value: Expression, type: Expr['type'], scope: Scope): Expr {
  const given = bindExpression(value, scope);
  const bound = type === 'int' ? narrowed(given) : given;
  const widens = (bound.type === 'int' && type === 'long') || ((bound.type === 'int' || bound.type === 'long') && type === 'real');
  if (bound.type !== type && !widens) throw unsupported(value.span, `An argument of type ${bound.type} for a parameter of type ${type}`);
  return widen(bound, type);
}

/**
 * What names mean in the body of a function, before its own `let`s. `caller` are the names known where it is called, `scope` those of
 * expressions there.
 */
export function calledEnvironment(
  call: CallExpression,
  { value: { parameters }, environment }: { readonly value: FunctionExpression; readonly environment: Environment },
  caller: Environment,
  scope: Scope,
): Environment {
  const given = argumentsByName(call, parameters);
  let body = environment;
  for (const { name, type, defaultValue } of parameters) {
    const value = given.get(name) ?? defaultValue;
    if (value === undefined) throw unsupported(call.span, `A call without the argument ${name}`);
    if (typeof type !== 'string') {
      body = withTable(body, name, value, caller);
      continue;
    }
    const bound = bindArgument(value, type, scope);
    const isOfRow = [...collectColumns(bound, new Set())].some((column) => !isAttached(column));
    body = { ...withScalar(body, name, bound), inRow: body.inRow || caller.inRow || isOfRow };
  }
  return body;
}
