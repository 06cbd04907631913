import { resolveOverload } from '../../functions/overload';
import { windowFunctions } from '../../functions/window';
import type { CallExpression } from '../../kql/ast';
import { unsupported } from '../../kql/problem';
import { bindExpression, widen, type Scope } from '../bind-expression';
import { literalValue } from '../literal';
import { isOrdered } from '../nodes';
import type { Expr } from '../plan';
import type { Attachments } from './attachments';

export const isWindowFunction = (name: string): boolean => windowFunctions.has(name);

/** row_number() and its kin, which Kusto runs over ordered rows alone. */
export function attachWindow({ name: fn, args: written, span }: CallExpression, scope: Scope, attachments: Attachments): Expr {
  const bound = written.map(({ value }) => bindExpression(value, scope));
  const types = bound.map(({ type }) => type);
  const resolution = resolveOverload(windowFunctions.get(fn)?.overloads ?? [], types);
  if (resolution === undefined) throw unsupported(span, `${fn} over (${types.join(', ')})`);
  const { result, refuses } = resolution.overload;
  const args = bound.map((arg, index) => widen(arg, resolution.types[index] ?? arg.type));
  const refusal = refuses?.(args.map((arg) => (arg.kind === 'literal' ? literalValue(arg) : undefined)));
  if (refusal !== undefined) throw unsupported(span, `${fn} with ${refusal}`);
  return attachments.add(result, args, (input, name) => {
    if (!isOrdered(input)) throw unsupported(span, `${fn} over rows in no order`, 'Put `sort by …` or `serialize` before it.');
    return { kind: 'window', input, columns: [{ name, fn, args, type: result }], span };
  });
}
