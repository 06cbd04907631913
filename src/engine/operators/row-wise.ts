import { matcherOf } from '../../functions/regex';
import { columnsOf } from '../../plan/columns';
import type { ParseNode } from '../../plan/plan';
import { compileExpression, compilePredicate } from '../expression';
import type { Evaluate } from '../run';

export const where: Evaluate<'where'> = ({ input, predicate }, [rows = []], { context }) => {
  const holds = compilePredicate(predicate, columnsOf(input), context);
  return rows.filter((row) => holds(row.values));
};

export const project: Evaluate<'project'> = ({ input, columns }, [rows = []], { context }) => {
  const inputColumns = columnsOf(input);
  const evaluators = columns.map(({ expr }) => compileExpression(expr, inputColumns, context));
  return rows.map(({ values, lineage }) => ({ values: evaluators.map((evaluate) => evaluate(values)), lineage }));
};

export const parse: Evaluate<'parse'> = (node, [rows = []], { context }) => {
  const subject = compileExpression(node.subject, columnsOf(node.input), context);
  const match = matcherFor(node);
  const missing = node.parts.filter(({ kind }) => kind === 'column').map(() => '');
  return rows.flatMap(({ values, lineage }) => {
    const text = subject(values);
    const found = typeof text === 'string' ? match(text) : undefined;
    return found === undefined && node.matchedOnly ? [] : [{ values: [...values, ...(found ?? missing)], lineage }];
  });
};

/** What stands in the place of each column, in their order; undefined where a text does not match. */
function matcherFor({ parts, regex }: ParseNode): (text: string) => readonly string[] | undefined {
  if (regex === undefined) return (text) => matchPattern(text, parts);
  const first = matcherOf(regex.pattern);
  return (text) => {
    const groups = first(text);
    return groups && regex.groups.map((group) => groups[group] ?? '');
  };
}

/**
 * What stands in the place of each column, in their order; undefined where the text does not match. Each text of the pattern is the next one
 * from the left, case-sensitive; the pattern begins where the value begins, and a column at its end takes the rest.
 */
export function matchPattern(text: string, parts: ParseNode['parts']): readonly string[] | undefined {
  const found: string[] = [];
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1];
    if (part.kind !== 'text') {
      if (part.kind === 'column' && index === parts.length - 1) found.push(text.slice(at));
      continue;
    }
    const start = text.indexOf(part.text, at);
    if (start === -1 || (before === undefined && start !== 0)) return undefined;
    if (before?.kind === 'column') found.push(text.slice(at, start));
    at = start + part.text.length;
  }
  return found;
}
