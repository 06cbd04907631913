import type { ParseOperator, ParsePart as WrittenPart } from '../../kql/ast';
import { groupCount, regexProblem } from '../../functions/regex';
import { unsupported } from '../../kql/problem';
import { bindExpression } from '../bind-expression';
import { columnsOf } from '../columns';
import type { NamedExpr, ParseNode, ParsePart } from '../plan';
import { columnRef, extended, type BindOperator } from './binding';

/**
 * Where Kusto's documentation leaves open how a pattern matches, it is refused: a text at the end (must the value end there?), values of other
 * types than string (which text is tried next where one is not a number?), and neighbours between which nothing says where one ends.
 */
function refusal(parts: readonly WrittenPart[], flags: string): string | undefined {
  if (flags !== '') return 'flags, which are for kind=regex,';
  if (parts.some((part) => part.kind === 'column' && part.type !== 'string')) return 'a column that is not a string';
  if (parts.some((part) => part.kind === 'text' && part.text === '')) return 'an empty text';
  if (parts.at(-1)?.kind === 'text') return 'a text at the end of its pattern, without * behind it,';
  return dividedRefusal(parts);
}

function dividedRefusal(parts: readonly WrittenPart[]): string | undefined {
  const areDivided = parts.slice(1).every((part, index) => (part.kind === 'text') !== (parts[index]?.kind === 'text'));
  if (!areDivided) return 'neighbours that no text divides';
  return undefined;
}

/**
 * Of kind=regex the page says that `*` becomes .*?, and its examples show that a string takes as much as it can, and with the flag U as little.
 * Where a pattern begins is open unless it begins with `*`; its end is not bound. Without the flag s no `*` goes beyond a line.
 * https://learn.microsoft.com/kusto/query/parse-operator
 */
function regexRefusal(parts: readonly WrittenPart[], flags: string): string | undefined {
  if (!/^[imsU]*$/.test(flags)) return `the flags ${flags}`;
  if (parts.some((part) => part.kind === 'column' && part.type !== 'string')) return 'a column that is not a string';
  if (parts[0]?.kind !== 'skip') return 'kind=regex and a pattern that does not begin with *';
  if (parts.at(-1)?.kind === 'column' && flags.includes('U'))
    return 'kind=regex, the flag U and a column at the end, which would take nothing';
  for (const part of parts) {
    if (part.kind === 'text' && /\(\?[imsU-]*U/.test(part.text)) return `the flag U in ${part.text}`;
    const bad = part.kind !== 'text' ? undefined : part.text.includes('|') ? `a | in ${part.text}` : regexProblem(part.text);
    if (bad !== undefined) return bad;
  }
  return dividedRefusal(parts);
}

/** The flag U turns it around which of the two takes as much as it can. */
function regexOf(parts: readonly WrittenPart[], flags: string): NonNullable<ParseNode['regex']> {
  const groups: number[] = [];
  let pattern = flags === '' ? '' : `(?${flags})`;
  let count = 0;
  for (const part of parts) {
    if (part.kind === 'column') groups.push((count += 1));
    if (part.kind === 'text') count += groupCount(part.text);
    pattern += part.kind === 'text' ? part.text : part.kind === 'column' ? '(.*)' : '.*?';
  }
  return { pattern, groups };
}

function refuse({ kind, span }: ParseOperator, reason: string): never {
  throw unsupported(span, `${kind} with ${reason}`, 'Use extract() with a regular expression instead.');
}

/** The columns come under the plan's own names; a projection puts them where they belong. */
export const bindParse: BindOperator<'parse' | 'parse-where'> = (operator, input, binding) => {
  const { kind, parseKind, flags, subject, parts: written, span } = operator;
  const isRegex = parseKind === 'regex';
  const columns = columnsOf(input);
  const names = written.flatMap((part) => (part.kind === 'column' ? [part.name] : []));
  const isTaken = names.some((name, index) => names.indexOf(name) !== index || columns.some((column) => column.name === name));
  const reason =
    (isRegex ? regexRefusal(written, flags) : refusal(written, flags)) ?? (isTaken ? 'a column whose name is taken' : undefined);
  if (reason !== undefined) refuse(operator, reason);
  const regex = isRegex ? regexOf(written, flags) : undefined;
  // Sound texts may be none together: two groups of one name.
  const bad = regex && regexProblem(regex.pattern);
  if (bad !== undefined) refuse(operator, bad);
  const own = (name: string): string => `$${names.indexOf(name)}`;
  return {
    kind: 'project',
    input: {
      kind: 'parse',
      input,
      subject: bindExpression(subject, binding.scope(columns)),
      parts: written.map((part): ParsePart => (part.kind === 'column' ? { kind: 'column', name: own(part.name) } : part)),
      ...(regex === undefined ? {} : { regex }),
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
