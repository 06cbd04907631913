import { children, optionalChild, partsOf, spanOf, type KustoParser, type SyntaxNode } from './microsoft';
import { QueryRefused } from './problem';

/**
 * More nodes than any query has once its `let`s stand where they are named. `let`s that use one another twice double at each step, and
 * Microsoft's binder, as ours, works on them written out.
 */
const MAX_NODES = 100_000;

/** Microsoft's binder takes a time that grows with the square of a call's arguments: a minute for a case() with thousands. */
const MAX_ARGUMENTS = 500;

class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** What a name stands for: so many nodes, or a function, whose size depends on its arguments. */
type Meaning = number | { readonly declaration: SyntaxNode; readonly names: Names };
type Names = ReadonlyMap<string, Meaning>;

class Sizer {
  private readonly parser: KustoParser;
  private visited = 0;

  constructor(parser: KustoParser) {
    this.parser = parser;
  }

  /** The number of nodes of statements in order, without what is only declared. Throws TooLarge, as soon as that is certain. */
  ofStatements(block: SyntaxNode, outer: Names): { readonly size: number; readonly names: Names } {
    const names = new Map(outer);
    let size = 0;
    for (const statement of children(block, 'Statements')) {
      const name = optionalChild(statement, 'Name')?.SimpleName;
      const value = optionalChild(statement, 'Expression');
      if (this.parser.kindOf(statement) !== 'LetStatement' || name === undefined || value === undefined) size += this.of(statement, names);
      else names.set(name, this.meaningOf(value, new Map(names)));
    }
    return { size: this.bounded(size), names };
  }

  private meaningOf(value: SyntaxNode, names: Names): Meaning {
    return this.parser.kindOf(value) === 'FunctionDeclaration' ? { declaration: value, names } : this.of(value, names);
  }

  private of(node: SyntaxNode, names: Names): number {
    this.visited += 1;
    if (this.visited > MAX_NODES) throw new TooLarge();
    const kind = this.parser.kindOf(node);
    if (kind === 'NameReference') {
      const meaning = names.get(node.SimpleName ?? '');
      return typeof meaning === 'object' ? this.ofCall(meaning, []) : (meaning ?? 1);
    }
    const parts = partsOf(node);
    if (kind === 'FunctionCallExpression' && children(optionalChild(node, 'ArgumentList') ?? node, 'Expressions').length > MAX_ARGUMENTS) {
      throw new QueryRefused('KQL008', spanOf(node), `A call has more than ${MAX_ARGUMENTS} arguments.`);
    }
    const called = kind === 'FunctionCallExpression' ? names.get(optionalChild(node, 'Name')?.SimpleName ?? '') : undefined;
    if (typeof called === 'object') {
      const [, ...args] = parts;
      return this.ofCall(
        called,
        args.map((arg) => this.of(arg, names)),
      );
    }
    return parts.reduce((total, part) => this.bounded(total + this.of(part, names)), 1);
  }

  /** Each argument as large as all of them, which is enough to see what doubles. */
  private ofCall({ declaration, names: outside }: Exclude<Meaning, number>, args: readonly number[]): number {
    const size = this.bounded(args.reduce((total, arg) => total + arg, 1));
    const parameters = children(optionalChild(declaration, 'Parameters') ?? declaration, 'Parameters');
    const inside = new Map(outside);
    for (const parameter of parameters) {
      const name = optionalChild(optionalChild(parameter, 'NameAndType') ?? parameter, 'Name')?.SimpleName;
      if (name !== undefined) inside.set(name, size);
    }
    const body = optionalChild(declaration, 'Body');
    if (body === undefined) return size;
    const statements = this.ofStatements(body, inside);
    const result = optionalChild(body, 'Expression');
    return this.bounded(size + statements.size + (result === undefined ? 0 : this.of(result, statements.names)));
  }

  private bounded(size: number): number {
    if (size > MAX_NODES) throw new TooLarge();
    return size;
  }
}

/**
 * Whether a query that was parsed, and not yet bound, is too large to be worked on with its `let`s written out where they are named. Throws
 * QueryRefused where a single call is.
 */
export function isTooLargeWrittenOut(parser: KustoParser, syntax: SyntaxNode): boolean {
  try {
    new Sizer(parser).ofStatements(syntax, new Map());
    return false;
  } catch (error) {
    if (error instanceof TooLarge) return true;
    throw error;
  }
}
