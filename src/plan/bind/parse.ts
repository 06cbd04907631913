import type { ParseOperator, ParsePart as WrittenPart } from '../../kql/ast';
import { bindExpression, unsupported } from '../bind-expression';
import { columnsOf } from '../columns';
import type { NamedExpr, ParsePart } from '../plan';
import { columnRef, extended, type BindOperator } from './binding';

/**
 * Where Kusto's documentation leaves open how a pattern matches, it is refused: a text at the end (must the value end there?), values of other
 * types than string (which text is tried next where one is no number?), and neighbours between which nothing says where one ends.
 */
function refusal(parts: readonly WrittenPart[]): string | undefined {
  if (parts.some((part) => part.kind === 'column' && part.type !== 'string')) return 'a column that is not a string';
  if (parts.some((part) => part.kind === 'text' && part.text === '')) return 'an empty text';
  if (parts.at(-1)?.kind === 'text') return 'a text at the end of its pattern, without * behind it,';
  const areDivided = parts.slice(1).every((part, index) => (part.kind === 'text') !== (parts[index]?.kind === 'text'));
  if (!areDivided) return 'neighbours that no text divides';
  return undefined;
}

function refuse({ kind, span }: ParseOperator, reason: string): never {
  throw unsupported(span, `${kind} with ${reason}`, 'Use extract() with a regular expression instead.');
}

/** The columns come under the plan's own names; a projection puts them where they belong. */
export const bindParse: BindOperator<'parse' | 'parse-where'> = (operator, input, binding) => {
  const { kind, subject, parts: written, span } = operator;
  const columns = columnsOf(input);
  const names = written.flatMap((part) => (part.kind === 'column' ? [part.name] : []));
  const isTaken = names.some((name, index) => names.indexOf(name) !== index || columns.some((column) => column.name === name));
  const reason = refusal(written) ?? (isTaken ? 'a column whose name is taken' : undefined);
  if (reason !== undefined) refuse(operator, reason);
  const own = (name: string): string => `$${names.indexOf(name)}`;
  return {
    kind: 'project',
    input: {
      kind: 'parse',
      input,
      subject: bindExpression(subject, binding.scope(columns)),
      parts: written.map((part): ParsePart => (part.kind === 'column' ? { kind: 'column', name: own(part.name) } : part)),
      matchedOnly: kind === 'parse-where',
      span,
    },
    columns: extended(
      columns,
      names.map((name): NamedExpr => ({ name, expr: columnRef({ name: own(name), type: 'string' }) })),
    ),
    span,
  };
};
