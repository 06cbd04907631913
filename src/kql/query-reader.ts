import type { ScalarType } from '../value/types';
import type { DeclaredColumn, Expression, Projection } from './ast';
import { child, children, optionalChild, type KustoParser, type SyntaxNode } from './microsoft';
import type { QueryRefused } from './problem';

/** Reading the parts of a syntax tree that many operators and expressions have in common. */

/** What the reader of an operator needs of the reader of the whole query. `unsupported` gives the error to throw. */
export interface QueryReader {
  readonly parser: KustoParser;
  expression(node: SyntaxNode): Expression;
  /** The list child of that name, as columns. */
  projections(node: SyntaxNode, name: string): readonly Projection[];
  projection(node: SyntaxNode): Projection;
  nameOf(node: SyntaxNode): string;
  textOf(node: SyntaxNode): string;
  unsupported(node: SyntaxNode, what: string): QueryRefused;
}

/** A parameter of an operator, written `name = value`. */
interface Parameter {
  readonly name: string;
  readonly value: string;
}

/** The parameters of an operator; hints, which change no result, left out. Throws QueryRefused for one that is not among `known`. */
export function parametersOf(reader: QueryReader, node: SyntaxNode, known: readonly string[]): ReadonlyMap<string, string> {
  const parameters = children(node, 'Parameters').flatMap((parameter): readonly Parameter[] => {
    const name = reader.nameOf(child(parameter, 'Name'));
    if (name.startsWith('hint.')) return [];
    if (!known.includes(name)) throw reader.unsupported(parameter, `The parameter ${reader.textOf(parameter)}`);
    const value = child(parameter, 'Expression');
    return [{ name, value: reader.parser.kindOf(value) === 'NameDeclaration' ? reader.nameOf(value) : reader.textOf(value) }];
  });
  return new Map(parameters.map(({ name, value }) => [name, value]));
}

/** The value of a parameter that takes one of a few words; the first of them where it is not written. */
export function choice<const W extends string>(
  reader: QueryReader,
  node: SyntaxNode,
  what: string,
  value: string | undefined,
  words: readonly [W, ...W[]],
): W {
  const found = value === undefined ? words[0] : words.find((word) => word === value);
  if (found === undefined) throw reader.unsupported(node, `${what}=${value ?? ''}`);
  return found;
}

const typeNames: Readonly<Record<string, ScalarType>> = {
  bool: 'bool',
  boolean: 'bool',
  int: 'int',
  long: 'long',
  real: 'real',
  double: 'real',
  decimal: 'decimal',
  string: 'string',
  datetime: 'datetime',
  date: 'datetime',
  timespan: 'timespan',
  time: 'timespan',
  guid: 'guid',
  dynamic: 'dynamic',
};

export function typeOf(reader: QueryReader, node: SyntaxNode): ScalarType {
  const type = typeNames[reader.textOf(node)];
  if (type === undefined) throw reader.unsupported(node, `The type ${reader.textOf(node)}`);
  return type;
}

/** `Name: type`, or a bare name, which is a string. */
export function declaredColumn(reader: QueryReader, node: SyntaxNode): DeclaredColumn {
  const type = optionalChild(node, 'Type');
  return { name: reader.nameOf(node), type: type === undefined ? 'string' : typeOf(reader, type) };
}

/** What stands there, as a person would say it: an operator by its own word, `CompoundStringLiteralExpression` as "compound-string-literal". */
export function describe(reader: QueryReader, node: SyntaxNode): string {
  const kind = reader.parser.kindOf(node);
  const [word] = /^[\w-]+/.exec(reader.textOf(node)) ?? [];
  if (kind.endsWith('Operator') && word !== undefined) return `The operator ${word}`;
  const hyphenated = kind.replace(/Expression$/, '').replace(/([a-z])([A-Z])/g, '$1-$2');
  return `The expression ${hyphenated.toLowerCase()}`;
}
