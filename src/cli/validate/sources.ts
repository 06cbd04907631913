import type { Diagnostic, Span } from '../../diagnostic';
import type { Sources } from '../../hunt/sources';
import { isPlaceholder, sourceTokens } from '../../hunt/source-text';
import { child, children, loadParser, spanOf, type KustoParser, type SyntaxNode } from '../../kql/microsoft';
import { databaseOf, type Schemas } from '../../plan/compile-rule';
import type { TablePlan } from '../../plan/plan';
import type { Environment } from '../../settings/environment';
import { SettingsError, SettingsReader } from '../../settings/environment';
import { readSources } from '../../settings/sources';
import type { Column } from '../../value/types';
import { sourceCodes, type SourceCode } from './codes';
import type { Said } from './report';

/** A table as a rule reads it. */
export interface TableUse {
  readonly rule: string;
  readonly table: TablePlan;
}

const SETTING = 'HUNT_SOURCES';

function said(file: string, text: string, code: SourceCode, message: string, { start, end }: Span, hint?: string): Said {
  const { severity, hint: usual } = sourceCodes[code];
  const before = text.slice(0, start).split('\n');
  const diagnostic: Diagnostic = {
    code,
    severity,
    message,
    hint: hint ?? usual,
    file,
    line: before.length,
    column: (before.at(-1) ?? '').length + 1,
    length: Math.max(1, end - start),
  };
  return { diagnostic, text };
}

/** The setting as the function reads it, or all that it would refuse at start. */
function readSetting(environment: Environment): { readonly sources: Sources } | { readonly said: readonly Said[] } {
  const reader = new SettingsReader(environment);
  const sources = readSources(reader);
  try {
    return { sources: reader.finish(sources) };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const text = environment[SETTING] ?? '';
    const whole = { start: 0, end: text.length };
    return { said: error.problems.map(({ problem, remedy }) => said(SETTING, text, 'SOURCE001', `${SETTING} ${problem}`, whole, remedy)) };
  }
}

/** Each placeholder as an expression of its type and its length, so that what the parser says of a place is true of the setting. */
function withoutPlaceholders(text: string): string {
  return sourceTokens(text)
    .map((token) => (isPlaceholder(token) ? 'now()'.padEnd(token.text.length) : token.text))
    .join('');
}

/** The table or call at the head of a chain of extends; undefined where it is something else. */
function headOf(parser: KustoParser, syntax: SyntaxNode): { readonly body: SyntaxNode; readonly head: SyntaxNode } | undefined {
  const [statement, ...others] = children(syntax, 'Statements');
  if (statement === undefined || others.length > 0 || parser.kindOf(statement) !== 'ExpressionStatement') return undefined;
  const body = child(statement, 'Expression');
  let head = body;
  while (parser.kindOf(head) === 'PipeExpression') {
    if (parser.kindOf(child(head, 'Operator')) !== 'ExtendOperator') return undefined;
    head = child(head, 'Expression');
  }
  return ['NameReference', 'FunctionCallExpression', 'BracketedExpression'].includes(parser.kindOf(head)) ? { body, head } : undefined;
}

/** What a query that reads the table by this source would lack. */
function missingColumns(
  columns: readonly Column[],
  uses: readonly TableUse[],
): readonly { readonly code: SourceCode; readonly message: string }[] {
  const typeOf = (name: string): string | undefined => columns.find((column) => column.name === name)?.type;
  return uses.flatMap(({ rule, table }) => {
    const { eventTime } = table;
    return table.columns
      .filter(({ name, type }) => typeOf(name) !== type)
      .map(({ name, type }) => {
        const found = typeOf(name);
        const what =
          found === undefined ? `rows would have no column ${name}` : `the column ${name} would be of type ${found}, not ${type}`;
        const code = name === eventTime ? ('SOURCE004' as const) : ('SOURCE005' as const);
        return { code, message: `${what}; ${rule} reads it${name === eventTime ? ' as the event time' : ''}` };
      });
  });
}

function checkSource(parser: KustoParser, table: string, source: string, uses: readonly TableUse[], schemas: Schemas): readonly Said[] {
  const file = `${SETTING}[${table}]`;
  const whole = { start: 0, end: source.length };
  const { syntax, problems } = parser.analyse(withoutPlaceholders(source), databaseOf(schemas));
  const shape = headOf(parser, syntax);
  if (shape === undefined) return [said(file, source, 'SOURCE003', 'this is more than a table or a function call with extends', whole)];
  // Only two parameters of a known function are described to the parser; what it says of others may be wrong.
  const { start, end } = spanOf(shape.head);
  const callee = /^\s*[\w']+/.exec(source.slice(start))?.[0].trim() ?? '';
  const inKnownCall = (span: Span): boolean => schemas.get(callee)?.callable === true && span.start >= start && span.end <= end;
  const syntactic = problems
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message, span }) =>
      said(file, source, inKnownCall(span) ? 'SOURCE007' : 'SOURCE002', inKnownCall(span) ? message : `${code}: ${message}`, span),
    );
  const columns = parser.columnsOf(shape.body);
  if (syntactic.some(({ diagnostic }) => diagnostic.severity === 'error') || columns === undefined) return syntactic;
  const missing = missingColumns(columns, uses).map(({ code, message }) => said(file, source, code, message, whole));
  const unused = uses.length === 0 ? [said(file, source, 'SOURCE006', `no rule that was checked reads ${table}`, whole)] : [];
  return [...syntactic, ...missing, ...unused];
}

/**
 * Checks the sources that the setting gives, and those that hold where it gives none, against the schemas and what rules read.
 * A built-in source that no rule uses is not spoken of.
 */
export async function checkSources(environment: Environment, uses: readonly TableUse[], schemas: Schemas): Promise<readonly Said[]> {
  const setting = readSetting(environment);
  if ('said' in setting) return setting.said;
  const parser = await loadParser();
  const given = environment[SETTING] ?? '';
  return [...setting.sources].flatMap(([table, source]) => {
    const usesOfTable = uses.filter((use) => use.table.name === table);
    if (usesOfTable.length === 0 && !given.includes(JSON.stringify(table))) return [];
    return checkSource(parser, table, source, usesOfTable, schemas);
  });
}
