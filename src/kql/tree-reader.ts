import { isKnownFunction } from '../functions/known';
import { formatDynamicLiteral, parseDynamicLiteral } from '../value/dynamic-literal';
import type { Column } from '../value/types';
import type { Argument, Expression, FunctionExpression, FunctionParameter, LetStatement, Projection, Query, UnionExpression } from './ast';
import type { DatabaseSchema } from './database';
import { readLiteral } from './literals';
import { child, children, optionalChild, spanOf, type KustoParser, type SyntaxNode } from './microsoft';
import { QueryRefused, unsupported, type QueryProblem } from './problem';
import { choice, declaredColumn, describe, parametersOf, typeOf, type QueryReader } from './query-reader';
import { readOperator } from './read-operator';
import { literalTypes, operatorKinds } from './syntax-kinds';

/** Functions whose last argument may be a type to cast the result to. */
const typedFunctions: ReadonlySet<string> = new Set(['extract', 'extractjson', 'extract_json']);

/** How statements begin in KQL, by Microsoft's names of their kinds. */
const statements: ReadonlyMap<string, string> = new Map([
  ['AliasStatement', 'alias'],
  ['PatternStatement', 'declare pattern'],
  ['QueryParametersStatement', 'declare query_parameters'],
  ['RestrictStatement', 'restrict'],
  ['SetOptionStatement', 'set'],
]);

function statementText(kind: string): string {
  return `The statement ${statements.get(kind) ?? kind.replace(/Statement$/, '')}`;
}

/**
 * Reads a query: Microsoft's syntax tree in, ours out. What cannot be run is put down in `problems`, with something in its place, so that all of
 * it is found at once; the tree is good for nothing then.
 */
export class TreeReader implements QueryReader {
  readonly parser: KustoParser;
  readonly problems: QueryProblem[] = [];
  private readonly text: string;
  /** Functions that are not part of the language: tables that may be called, and what `let` names. */
  private readonly ownFunctions: Set<string>;
  /** What `as` has named so far. */
  private readonly givenNames = new Set<string>();
  private isInFunction = false;

  constructor(parser: KustoParser, text: string, { tables }: DatabaseSchema) {
    this.parser = parser;
    this.text = text;
    this.ownFunctions = new Set(tables.flatMap(({ name, callable }) => (callable ? [name] : [])));
  }

  query(root: SyntaxNode): { readonly query: Query; readonly body: SyntaxNode } {
    const lets: LetStatement[] = [];
    let body: SyntaxNode | undefined;
    for (const statement of children(root, 'Statements')) {
      const kind = this.parser.kindOf(statement);
      if (kind === 'LetStatement') lets.push(this.letStatement(statement));
      else if (kind === 'ExpressionStatement' && body === undefined) body = child(statement, 'Expression');
      else throw this.unsupported(statement, kind === 'ExpressionStatement' ? 'A second query' : statementText(kind));
    }
    if (body === undefined) throw new QueryRefused('KQL002', { start: 0, end: 1 }, 'The query has no result.');
    return { query: { lets, body: this.expression(body) }, body };
  }

  private letStatement(node: SyntaxNode): LetStatement {
    const name = this.nameOf(child(node, 'Name'));
    const value = child(node, 'Expression');
    // Microsoft's parser takes a call of it for the function of the language.
    if (this.parser.kindOf(value) === 'FunctionDeclaration' && (isKnownFunction(name) || this.parser.isOfTheLanguage(name)))
      this.problems.push(
        this.unsupported(child(node, 'Name'), `A function of one's own with the name ${name}, which one of Kusto's has,`).problem,
      );
    this.ownFunctions.add(name);
    return { name, value: this.expression(value), span: spanOf(node) };
  }

  unsupported(node: SyntaxNode, what: string): QueryRefused {
    return unsupported(spanOf(node), what);
  }

  nameOf(node: SyntaxNode): string {
    return node.SimpleName ?? optionalChild(node, 'Name')?.SimpleName ?? this.textOf(node);
  }

  expression(node: SyntaxNode): Expression {
    try {
      return this.read(node);
    } catch (error) {
      if (!(error instanceof QueryRefused)) throw error;
      this.problems.push(error.problem);
      return { kind: 'star', span: spanOf(node) };
    }
  }

  private read(node: SyntaxNode): Expression {
    const kind = this.parser.kindOf(node);
    const operator = operatorKinds.get(kind);
    if (operator !== undefined) return this.operatorCall(node, operator);
    if (/Literal/.test(kind) || kind === 'DynamicExpression') return this.literal(node, kind);
    switch (kind) {
      case 'ParenthesizedExpression':
        return this.expression(child(node, 'Expression'));
      case 'NameReference': {
        const name = this.nameOf(node);
        if (this.givenNames.has(name)) throw this.unsupported(node, `${name}, a name that \`as\` has given,`);
        return { kind: 'name', name, span: spanOf(node) };
      }
      case 'PipeExpression':
        return this.pipe(node);
      case 'UnionOperator':
        return this.union(node, []);
      case 'PrintOperator':
        return { kind: 'print', columns: this.projections(node, 'Expressions'), span: spanOf(node) };
      case 'RangeOperator':
        return this.range(node);
      case 'DataTableExpression':
        return this.datatable(node);
      case 'ExternalDataExpression':
        throw this.unsupported(node, 'externaldata, which reads from elsewhere each time,');
      case 'ToScalarExpression':
      case 'MaterializeExpression':
        return this.wrapped(node, kind === 'ToScalarExpression' ? 'toscalar' : 'materialize');
      case 'FunctionDeclaration':
        return this.functionDeclaration(node);
      case 'FunctionCallExpression':
        return this.functionCall(node);
      case 'StarExpression':
        return { kind: 'star', span: spanOf(node) };
      case 'ElementExpression':
        return this.element(node);
      case 'PathExpression':
        return {
          kind: 'path',
          target: this.expression(child(node, 'Expression')),
          member: this.nameOf(child(node, 'Selector')),
          span: spanOf(node),
        };
      case 'UnaryMinusExpression':
        return { kind: 'call', name: 'negate', args: [{ value: this.expression(child(node, 'Expression')) }], span: spanOf(node) };
      case 'UnaryPlusExpression':
        return this.expression(child(node, 'Expression'));
      default:
        throw this.unsupported(node, describe(this, node));
    }
  }

  private pipe(node: SyntaxNode): Expression {
    const operator = child(node, 'Operator');
    const input = this.expression(child(node, 'Expression'));
    switch (this.parser.kindOf(operator)) {
      // How a client is to draw the result does not change it.
      case 'RenderOperator':
        return input;
      // A name changes nothing where it is not used; see `read` and `sourceName`.
      case 'AsOperator':
        this.givenNames.add(this.nameOf(child(operator, 'Name')));
        return input;
      case 'UnionOperator':
        return { ...this.union(operator, [{ node: child(node, 'Expression'), input }]), columns: this.inferred(node) };
      case 'InvokeOperator':
        return this.invoke(operator, input);
    }
    return { kind: 'pipe', columns: this.inferred(node), input, operator: readOperator(this, operator), span: spanOf(node) };
  }

  /** `T | invoke f(x)` is `f(T, x)`. */
  private invoke(node: SyntaxNode, input: Expression): Expression {
    const call = child(node, 'Function');
    return {
      kind: 'call',
      name: this.nameOf(child(call, 'Name')),
      args: [{ value: input }, ...this.args(child(call, 'ArgumentList'))],
      span: spanOf(node),
    };
  }

  /** The name under which `withsource` knows a table, where `as` gives one. */
  private sourceName(node: SyntaxNode): string | undefined {
    const kind = this.parser.kindOf(node);
    if (kind === 'ParenthesizedExpression') return this.sourceName(child(node, 'Expression'));
    const operator = kind === 'PipeExpression' ? child(node, 'Operator') : undefined;
    return operator !== undefined && this.parser.kindOf(operator) === 'AsOperator' ? this.nameOf(child(operator, 'Name')) : undefined;
  }

  /** `piped` is what stands before `| union`. */
  private union(node: SyntaxNode, piped: readonly { readonly node: SyntaxNode; readonly input: Expression }[]): UnionExpression {
    const inputs = [...piped, ...children(node, 'Expressions').map((item) => ({ node: item, input: this.expression(item) }))];
    const parameters = parametersOf(this, node, ['kind', 'withsource', 'isfuzzy']);
    return {
      kind: 'union',
      columns: this.inferred(node),
      unionKind: choice(this, node, 'union kind', parameters.get('kind'), ['outer', 'inner']),
      sourceColumn: parameters.get('withsource'),
      inputs: inputs.map(({ input }) => input),
      sourceNames: inputs.map((input) => this.sourceName(input.node)),
      span: spanOf(node),
    };
  }

  private range(node: SyntaxNode): Expression {
    const [from, to, step] = [child(node, 'From'), child(node, 'To'), child(node, 'Step')];
    return {
      kind: 'range',
      name: this.nameOf(child(node, 'Name')),
      from: this.expression(from),
      to: this.expression(to),
      step: this.expression(step),
      span: spanOf(node),
    };
  }

  private datatable(node: SyntaxNode): Expression {
    return {
      kind: 'datatable',
      columns: children(child(node, 'Schema'), 'Columns').map((column) => declaredColumn(this, column)),
      values: children(node, 'Values').map((value) => this.expression(value)),
      span: spanOf(node),
    };
  }

  private wrapped(node: SyntaxNode, name: string): Expression {
    return { kind: 'call', name, args: [{ value: this.expression(child(node, 'Expression')) }], span: spanOf(node) };
  }

  private inferred(node: SyntaxNode): readonly Column[] | undefined {
    return this.isInFunction ? undefined : this.parser.columnsOf(node);
  }

  private functionDeclaration(node: SyntaxNode): FunctionExpression {
    const wasInFunction = this.isInFunction;
    this.isInFunction = true;
    try {
      return this.declaredFunction(node);
    } finally {
      this.isInFunction = wasInFunction;
    }
  }

  private declaredFunction(node: SyntaxNode): FunctionExpression {
    const body = child(node, 'Body');
    const result = optionalChild(body, 'Expression');
    if (result === undefined) throw this.unsupported(node, 'A function without a result');
    const parameters = children(child(node, 'Parameters'), 'Parameters').map((parameter): FunctionParameter => {
      const nameAndType = child(parameter, 'NameAndType');
      const type = child(nameAndType, 'Type');
      const defaultValue = optionalChild(parameter, 'DefaultValue');
      return {
        name: this.nameOf(nameAndType),
        type: this.parser.kindOf(type) === 'SchemaTypeExpression' ? this.tableType(type) : typeOf(this, type),
        defaultValue: defaultValue === undefined ? undefined : this.expression(child(defaultValue, 'Value')),
        span: spanOf(parameter),
      };
    });
    const lets = children(body, 'Statements').map((statement) => {
      const kind = this.parser.kindOf(statement);
      if (kind !== 'LetStatement') throw this.unsupported(statement, `${statementText(kind)} in a function`);
      return this.letStatement(statement);
    });
    return { kind: 'function', parameters, lets, body: this.expression(result), span: spanOf(node) };
  }

  private tableType(type: SyntaxNode): Exclude<FunctionParameter['type'], string> {
    const columns = children(type, 'Columns');
    if (columns.some((column) => this.parser.kindOf(column) === 'StarExpression')) return { columns: undefined };
    return { columns: columns.map((column) => declaredColumn(this, column)) };
  }

  /** `f(…, typeof(T))` is a cast of `f(…)` to T. */
  private functionCall(node: SyntaxNode): Expression {
    const name = this.nameOf(child(node, 'Name'));
    const list = child(node, 'ArgumentList');
    const span = spanOf(node);
    if (!isKnownFunction(name) && !this.ownFunctions.has(name)) {
      // For what is wrong of the arguments too.
      this.args(list);
      throw this.unsupported(node, `The function ${name}`);
    }
    const last = children(list, 'Expressions').at(-1);
    if (last === undefined || this.parser.kindOf(last) !== 'TypeOfLiteralExpression')
      return { kind: 'call', name, args: this.args(list), span };
    const type = /^typeof\s*\(\s*(\w+)\s*\)$/.exec(this.textOf(last))?.[1];
    if (type === undefined || !typedFunctions.has(name)) throw this.unsupported(last, 'A type literal in this place');
    const untyped: Expression = { kind: 'call', name, args: this.args(list, 1), span };
    return { kind: 'call', name: `to${type}`, args: [{ value: untyped }], span };
  }

  /** `a['b']` and `a[0]`. */
  private element(node: SyntaxNode): Expression {
    const selector = child(node, 'Selector');
    if (this.parser.kindOf(selector) !== 'BracketedExpression') throw this.unsupported(selector, 'This form of an element');
    const operands = [child(node, 'Expression'), child(selector, 'Expression')];
    return { kind: 'call', name: 'element', args: operands.map((operand) => ({ value: this.expression(operand) })), span: spanOf(node) };
  }

  /** The arguments, but for so many of the last. */
  private args(list: SyntaxNode, left = 0): readonly Argument[] {
    const nodes = children(list, 'Expressions');
    return nodes.slice(0, nodes.length - left).map((node) => {
      if (this.parser.kindOf(node) !== 'SimpleNamedExpression') return { value: this.expression(node) };
      return { name: this.nameOf(child(node, 'Name')), value: this.expression(child(node, 'Expression')) };
    });
  }

  /** `a op b`, `a op (b, c)` and `a between (b .. c)` alike: a call of the operator with all its operands. */
  private operatorCall(node: SyntaxNode, name: string): Expression {
    const right = child(node, 'Right');
    const kind = this.parser.kindOf(right);
    const operands: readonly Argument[] =
      kind === 'ExpressionList'
        ? this.args(right)
        : kind === 'ExpressionCouple'
          ? [child(right, 'First'), child(right, 'Second')].map((operand) => ({ value: this.expression(operand) }))
          : [{ value: this.expression(right) }];
    return { kind: 'call', name, args: [{ value: this.expression(child(node, 'Left')) }, ...operands], span: spanOf(node) };
  }

  private literal(node: SyntaxNode, kind: string): Expression {
    const span = spanOf(node);
    if (kind === 'StringLiteralExpression' || kind === 'CompoundStringLiteralExpression') {
      if (typeof node.LiteralValue !== 'string') throw this.unsupported(node, 'This form of a string literal');
      return { kind: 'literal', type: 'string', text: node.LiteralValue, span };
    }
    const type = literalTypes.get(kind);
    if (type === 'dynamic') return { kind: 'literal', type, text: this.dynamicText(node), span };
    const text = type === undefined ? undefined : readLiteral(type, this.textOf(node));
    if (type === undefined || text === undefined) throw this.unsupported(node, `The literal ${this.textOf(node)}`);
    return { kind: 'literal', type, text, span };
  }

  textOf(node: SyntaxNode): string {
    const { start, end } = spanOf(node);
    return this.text.slice(start, end);
  }

  private dynamicText(node: SyntaxNode): string {
    const content = /^dynamic\s*\(([^]*)\)$/i.exec(this.textOf(node))?.[1];
    const value = content === undefined ? undefined : parseDynamicLiteral(content);
    if (value === undefined) throw this.unsupported(node, `The literal ${this.textOf(node)}`);
    return formatDynamicLiteral(value);
  }

  projections(node: SyntaxNode, name: string): readonly Projection[] {
    return children(node, name).map((item) => this.projection(item));
  }

  projection(item: SyntaxNode): Projection {
    const kind = this.parser.kindOf(item);
    const span = spanOf(item);
    if (kind === 'SimpleNamedExpression') {
      const [name, value] = [this.nameOf(child(item, 'Name')), child(item, 'Expression')];
      return { name, autoName: undefined, ...this.tuple(value, [name]), value: this.expression(value), span };
    }
    if (kind === 'CompoundNamedExpression') {
      const [names, value] = [children(child(item, 'Names'), 'Names').map((each) => this.nameOf(each)), child(item, 'Expression')];
      return { name: names[0], autoName: undefined, ...this.tuple(value, names), value: this.expression(value), span };
    }
    const tuple = this.tuple(item, []);
    const autoName = tuple.tuple?.autoNames.length === 1 ? tuple.tuple.autoNames[0] : this.parser.autoName(item);
    return { name: undefined, autoName, ...tuple, value: this.expression(item), span };
  }

  private tuple(node: SyntaxNode, names: readonly string[]): Pick<Projection, 'tuple'> {
    const autoNames = this.parser.tupleNames(node);
    return autoNames === undefined ? {} : { tuple: { names, autoNames } };
  }
}
