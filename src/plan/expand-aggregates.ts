import type { Argument, CallExpression, Expression, Projection } from '../kql/ast';
import { unsupported } from '../kql/problem';
import type { Column } from '../value/types';

/**
 * Aggregates that give several columns, taken apart into aggregates of one column each: arg_max(a, b, *), take_any(a, b), percentiles(a, 5, 50).
 * Microsoft's parser gives the names; here each is matched with what it stands for.
 */

const argumentOf = (value: Expression): Argument => ({ value });

/** The column that a key is; for Microsoft's parser tostring() of a string is that string's column. */
function keyColumn(value: Expression, columns: readonly Column[]): string | undefined {
  if (value.kind === 'name') return value.name;
  const [only] = value.kind === 'call' && value.name === 'tostring' && value.args.length === 1 ? value.args : [];
  const column = only?.value.kind === 'name' ? only.value.name : undefined;
  return columns.some(({ name, type }) => name === column && type === 'string') ? column : undefined;
}

/** The columns that `*` stands for: those of the input, but for the keys and what the call has named already. */
function starred(call: CallExpression, columns: readonly Column[], keys: ReadonlySet<string>): readonly Expression[] {
  const named = new Set(call.args.flatMap(({ value }) => (value.kind === 'name' ? [value.name] : [])));
  return columns
    .filter(({ name }) => !named.has(name) && !keys.has(name))
    .map(({ name }): Expression => ({ kind: 'name', name, span: call.span }));
}

/** One call for each column that the call gives; undefined where it gives only one. */
function apart(call: CallExpression, columns: readonly Column[], keys: ReadonlySet<string>): readonly CallExpression[] | undefined {
  const { name, span, args } = call;
  const [first, ...rest] = args;
  const expanded = args.flatMap((arg) => (arg.value.kind === 'star' ? starred(call, columns, keys).map(argumentOf) : [arg]));
  if (first === undefined) return undefined;
  const callOf = (each: string, ...values: readonly Argument[]): CallExpression => ({ kind: 'call', name: each, args: values, span });
  switch (name) {
    case 'arg_max':
    case 'arg_min':
      return expanded.map((arg) => callOf(name, first, arg));
    case 'any':
    case 'take_any':
      return args.length === 1 && first.value.kind !== 'star' ? [call] : expanded.map((arg) => callOf('row_any', arg));
    case 'percentile':
    case 'percentiles':
      return rest.map((percent) => callOf('percentile', first, percent));
    default:
      return undefined;
  }
}

/** The projections of a summarize with those of several columns taken apart. `by` are its keys. */
export function expandAggregates(
  wanted: readonly Projection[],
  by: readonly Projection[],
  columns: readonly Column[],
): readonly Projection[] {
  const keys = new Set(by.flatMap(({ value }) => keyColumn(value, columns) ?? []));
  return wanted.flatMap((projection): readonly Projection[] => {
    const { tuple, value, span } = projection;
    if (tuple === undefined || value.kind !== 'call') return [projection];
    const calls = apart(value, columns, keys) ?? [value];
    if (calls.length !== tuple.autoNames.length)
      throw unsupported(span, `${value.name} of several columns in this form`, 'Name each column once.');
    // Of the functions that give several columns only the old `any` puts its own name before theirs.
    const prefix = value.name === 'any' ? 'any_' : '';
    return calls.map((call, index) => ({
      name: tuple.names[index],
      autoName: `${prefix}${tuple.autoNames[index] ?? ''}`,
      value: call,
      span,
    }));
  });
}
