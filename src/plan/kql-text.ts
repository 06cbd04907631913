import { scalarFunctions } from '../functions/scalar';
import type { Instant } from '../value/instant';
import { formatInstant } from '../value/instant';
import type { Expr, Literal } from './plan';

/** Plan back to KQL. Every value goes through here, so none can change what a query means. */

const KEYWORDS = new Set(
  'and as between by contains count datatable distinct endswith evaluate extend facet false filter find fork getschema has has_all has_any in invoke join kind let limit lookup matches not of on or order parse pattern print project range reduce render sample search serialize set sort startswith summarize table take to top toscalar true union view where with'.split(
    ' ',
  ),
);

/** A name of a column or table as KQL takes it: bare where that is safe, else ['…']. */
export function kqlName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !KEYWORDS.has(name.toLowerCase()) ? name : `[${kqlString(name)}]`;
}

/** A string literal. Quotes, backslashes, and whatever is not visible (controls, separators but the blank, lone surrogates) are escaped. */
export function kqlString(text: string): string {
  const escaped = text.replace(/[\\"]|[^ \p{L}\p{M}\p{N}\p{P}\p{S}]/gu, (character) => {
    if (character === '\\' || character === '"') return `\\${character}`;
    const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
  return `"${escaped}"`;
}

export function kqlInstant(instant: Instant): string {
  return `datetime(${formatInstant(instant)})`;
}

/** Reals that cannot be written in digits. https://learn.microsoft.com/kusto/query/scalar-data-types/real */
const namedReals: ReadonlyMap<string, string> = new Map([
  ['NaN', 'nan'],
  ['Infinity', '+inf'],
  ['-Infinity', '-inf'],
]);

function kqlLiteral({ type, text }: Literal): string {
  if (text === null) return type === 'string' ? '""' : `${type}(null)`;
  if (type === 'string') return kqlString(text);
  if (type === 'bool' || ((type === 'long' || type === 'int') && !text.startsWith('-'))) return text;
  return `${type}(${type === 'real' ? (namedReals.get(text) ?? text) : text})`;
}

/** What stands between brackets: Kusto takes a literal or a column bare, anything else in parentheses. */
function kqlIndex(expr: Expr): string {
  if (expr.kind === 'call') return `(${kqlExpression(expr)})`;
  return expr.kind === 'literal' && expr.type === 'long' && expr.text !== null ? expr.text : kqlExpression(expr);
}

/** The expression as KQL; operands are in parentheses wherever they are operators themselves. */
export function kqlExpression(expr: Expr): string {
  if (expr.kind === 'literal') return kqlLiteral(expr);
  if (expr.kind === 'column') return kqlName(expr.name);
  const operand = (arg: Expr): string => {
    const text = kqlExpression(arg);
    const notation = arg.kind === 'call' ? scalarFunctions.get(arg.name)?.notation : 'call';
    return notation === 'call' || notation === 'index' ? text : `(${text})`;
  };
  const { name, args } = expr;
  const [first, ...rest] = args;
  switch (first === undefined ? 'call' : (scalarFunctions.get(name)?.notation ?? 'call')) {
    case 'infix':
      return args.map(operand).join(` ${name} `);
    case 'list':
      return `${first === undefined ? '' : operand(first)} ${name} (${rest.map(kqlExpression).join(', ')})`;
    case 'range':
      return `${first === undefined ? '' : operand(first)} ${name} (${rest.map(operand).join(' .. ')})`;
    case 'index':
      return `${first === undefined ? '' : operand(first)}[${rest.map(kqlIndex).join()}]`;
    case 'prefix':
      return `-${first === undefined ? '' : operand(first)}`;
    case 'call':
      return `${name}(${args.map(kqlExpression).join(', ')})`;
  }
}
