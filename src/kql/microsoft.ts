import type { Span } from '../diagnostic';
import type { Column, ScalarType } from '../value/types';
import type { QueryProblem } from './problem';
import type { DatabaseSchema, DatabaseTable } from './database';
import { hintOf } from './hints';

/**
 * The door to Microsoft's parser, @kusto/language-service-next: C# compiled to JavaScript by Bridge.NET, without usable types. Only what is
 * declared here is used of it. It is heavy (5 MB, about a second for the first parse), so it is loaded on first use and never deployed.
 */

interface BridgeList<T> {
  readonly Count: number;
  getItem(index: number): T;
}

export interface Token {
  readonly TextStart: number;
  readonly Width: number;
}

interface TypeSymbol {
  readonly Name: string;
  readonly Columns?: BridgeList<{ readonly Name: string; readonly Type: { readonly Name: string } }>;
}

/** A node of the syntax tree. The named children depend on its kind; `child` and `children` of this module get at them. */
export interface SyntaxNode extends Token {
  readonly Kind: number;
  readonly ResultType?: TypeSymbol | null;
  /** As ResultType, but the columns also of a function that gives several. */
  readonly RawResultType?: TypeSymbol | null;
  readonly LiteralValue?: unknown;
  readonly SimpleName?: string;
  /** Tokens and lists are children too; some are null. */
  readonly ChildCount: number;
  GetChild(index: number): SyntaxNode | null;
}

interface MicrosoftDiagnostic {
  readonly Code: string;
  readonly Severity: string;
  readonly Start: number;
  readonly Length: number;
  readonly Message: string;
}

interface KustoLibrary {
  readonly KustoCode: {
    Parse(text: string): { readonly Syntax: SyntaxNode };
    ParseAndAnalyze(text: string, globals: unknown): { readonly Syntax: SyntaxNode; GetDiagnostics(): BridgeList<MicrosoftDiagnostic> };
  };
  readonly GlobalState: {
    readonly Default: { WithDatabase(database: unknown): unknown; GetFunction(name: string): unknown; GetAggregate(name: string): unknown };
  };
  readonly Syntax: { readonly SyntaxKind: Readonly<Record<string, unknown>> };
  readonly Binding: { readonly Binder: { GetExpressionResultName(node: SyntaxNode, fallback: string | null): string | null } };
  // The numbers of these constructors are generated: the package's version is pinned exactly.
  readonly Symbols: {
    readonly TableSymbol: { readonly $ctor7: new (name: string, schema: string, description: null) => unknown };
    readonly FunctionSymbol: { readonly $ctor16: new (name: string, parameters: string, body: string, description: null) => unknown };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, members: readonly unknown[]) => unknown };
  };
}

let library: Promise<KustoLibrary> | undefined;

async function load(): Promise<KustoLibrary> {
  await import('@kusto/language-service-next/bridge.min.js');
  await import('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const { Kusto } = globalThis as unknown as { readonly Kusto?: { readonly Language: KustoLibrary } };
  if (Kusto === undefined) throw new Error('@kusto/language-service-next was loaded but did not set the global Kusto');
  return Kusto.Language;
}

/** A named child of a node, of whatever kind; throws where the node has none, which means that the parser's version changed. */
export function child(node: SyntaxNode, name: string): SyntaxNode {
  const found = optionalChild(node, name);
  if (found === undefined) throw new TypeError(`a syntax node of kind ${node.Kind} without ${name}`);
  return found;
}

export function optionalChild(node: SyntaxNode, name: string): SyntaxNode | undefined {
  const found = (node as unknown as Readonly<Record<string, unknown>>)[name];
  return found === null || found === undefined ? undefined : (found as SyntaxNode);
}

/** The children of a node, whatever their names, without tokens. */
export function partsOf(node: SyntaxNode): readonly SyntaxNode[] {
  return Array.from({ length: node.ChildCount }, (_, index) => node.GetChild(index)).filter((part) => part !== null);
}

/** The elements of a list child, without the separators; empty where there is no such list. */
export function children(node: SyntaxNode, name: string): readonly SyntaxNode[] {
  const list = optionalChild(node, name) as unknown as BridgeList<SyntaxNode> | undefined;
  if (list === undefined) return [];
  return Array.from({ length: list.Count }, (_, index) => {
    const element = list.getItem(index);
    return optionalChild(element, 'Element') ?? element;
  });
}

/** Half-open, without the white space and comments around it. */
export function spanOf(node: Token): Span {
  return { start: node.TextStart, end: node.TextStart + node.Width };
}

function columnsOf(type: TypeSymbol | null | undefined): readonly Column[] | undefined {
  const list = type?.Columns;
  if (list === undefined) return undefined;
  return Array.from({ length: list.Count }, (_, index) => {
    const { Name, Type } = list.getItem(index);
    return { name: Name, type: Type.Name as ScalarType };
  });
}

export interface Analysis {
  readonly syntax: SyntaxNode;
  readonly problems: readonly QueryProblem[];
}

export interface KustoParser {
  /** Parses alone, names unbound: in time that grows with the text, where binding can grow with what its `let`s stand for. Throws RangeError as analyse. */
  parse(text: string): SyntaxNode;
  /** Parses and checks names and types against the database. Throws RangeError where the text is nested too deeply for the stack. */
  analyse(text: string, database: DatabaseSchema): Analysis;
  /** Whether a function or an aggregate of the language has that name, whether or not we run it. */
  isOfTheLanguage(name: string): boolean;
  /** The name of a node's kind, as Microsoft's SyntaxKind has it. */
  kindOf(node: SyntaxNode): string;
  /** The column name that Kusto gives to an unnamed expression, or undefined where it numbers the column. */
  autoName(node: SyntaxNode): string | undefined;
  /** The names of the columns of a scalar expression that gives several, as arg_max(a, b) does. */
  tupleNames(node: SyntaxNode): readonly string[] | undefined;
  /** The columns of a tabular expression as Microsoft's binder infers them. */
  columnsOf(node: SyntaxNode): readonly Column[] | undefined;
}

function toProblem(diagnostic: MicrosoftDiagnostic, query: string, database: DatabaseSchema): QueryProblem {
  const { Code: code, Message: message, Start: start, Length: length } = diagnostic;
  // A missing part has no length; what stands there instead is told by what follows.
  const marked = query.slice(start, start + Math.max(length, 10));
  return {
    code,
    severity: diagnostic.Severity === 'Error' ? 'error' : diagnostic.Severity === 'Warning' ? 'warning' : 'information',
    message,
    hint: hintOf({ code, message, marked, query }, database),
    span: { start, end: start + Math.max(length, 1) },
  };
}

function quote(name: string): string {
  return `['${name.replace(/[\\']/g, '\\$&')}']`;
}

/** A callable table is a function to Microsoft's binder, which may be named without parentheses too. */
function symbolOf({ TableSymbol, FunctionSymbol }: KustoLibrary['Symbols'], { name, columns, callable }: DatabaseTable): unknown {
  const schema = columns.map((column) => `${quote(column.name)}: ${column.type}`).join(', ');
  if (!callable) return new TableSymbol.$ctor7(name, `(${schema})`, null);
  const parameters = '(starttime: datetime = datetime(null), endtime: datetime = datetime(null))';
  return new FunctionSymbol.$ctor16(name, parameters, `{ datatable(${schema})[] }`, null);
}

/** Only tables that the text can mean are described to the binder: describing all of them takes longer than the rest. */
function stateOf(kusto: KustoLibrary, { tables }: DatabaseSchema, text: string): unknown {
  const symbols = tables.filter(({ name }) => text.includes(name)).map((table) => symbolOf(kusto.Symbols, table));
  return kusto.GlobalState.Default.WithDatabase(new kusto.Symbols.DatabaseSymbol.ctor('workspace', symbols));
}

/** Loads the parser, once for the process. */
export async function loadParser(): Promise<KustoParser> {
  const kusto = await (library ??= load());
  const kinds = new Map(Object.entries(kusto.Syntax.SyntaxKind).map(([name, number]) => [number, name]));
  return {
    parse: (text) => kusto.KustoCode.Parse(text).Syntax,
    analyse(text, database) {
      const code = kusto.KustoCode.ParseAndAnalyze(text, stateOf(kusto, database, text));
      const diagnostics = code.GetDiagnostics();
      return {
        syntax: code.Syntax,
        problems: Array.from({ length: diagnostics.Count }, (_, index) => toProblem(diagnostics.getItem(index), text, database)),
      };
    },
    isOfTheLanguage: (name) =>
      [kusto.GlobalState.Default.GetFunction(name), kusto.GlobalState.Default.GetAggregate(name)].some((found) => found != null),
    kindOf: (node) => kinds.get(node.Kind) ?? `kind ${node.Kind}`,
    autoName: (node) => kusto.Binding.Binder.GetExpressionResultName(node, null) ?? undefined,
    tupleNames: (node) => columnsOf(node.RawResultType)?.map(({ name }) => name),
    columnsOf: (node) => columnsOf(node.ResultType),
  };
}
