import type { Span } from '../diagnostic';
import { counted } from '../value/counted';
import type { Column } from '../value/types';
import type { Query } from './ast';
import type { DatabaseSchema } from './database';
import { loadParser, type SyntaxNode } from './microsoft';
import { QueryRefused, type QueryProblem } from './problem';
import { nesting } from './query-text';
import { TreeReader } from './tree-reader';
import { isTooLargeWrittenOut } from './written-out';

/** Longer than any rule: Sentinel takes 10,000 characters. */
const MAX_QUERY_LENGTH = 64_000;
/** Microsoft's parser takes minutes for thousands of nested brackets. */
const MAX_NESTING = 200;
/** More than anybody reads. */
const MAX_PROBLEMS = 100;

export interface ParsedQuery {
  /** Undefined where a problem is an error. */
  readonly query: Query | undefined;
  /** The result's columns as Microsoft's binder infers them. */
  readonly columns: readonly Column[] | undefined;
  readonly problems: readonly QueryProblem[];
}

/** Of too many problems the first errors, and one that tells how many more there are. */
function firstOf(problems: readonly QueryProblem[]): readonly QueryProblem[] {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [next] = errors.slice(MAX_PROBLEMS);
  if (next === undefined) return problems;
  const { problem } = new QueryRefused('KQL007', next.span, `Not listed: ${counted(errors.length - MAX_PROBLEMS, 'more error')}.`);
  return [...errors.slice(0, MAX_PROBLEMS), problem];
}

/** Undefined where the query as a whole cannot be read. */
function readTree(reader: TreeReader, syntax: SyntaxNode, hasErrors: boolean): ReturnType<TreeReader['query']> | undefined {
  try {
    return reader.query(syntax);
  } catch (error) {
    if (error instanceof QueryRefused) reader.problems.push(error.problem);
    // A tree with errors may lack parts.
    else if (!hasErrors || !(error instanceof TypeError)) throw error;
    return undefined;
  }
}

/** What is missing, such as an operator that should stand there, has no width; it counts as one character. */
function overlap(left: Span, right: Span): boolean {
  const end = (span: Span): number => Math.max(span.end, span.start + 1);
  return left.start < end(right) && right.start < end(left);
}

/**
 * Reads and checks a query against the tables that it may name. Never throws for what the text says: every problem that Microsoft's parser
 * finds is returned, and so is every construct that cannot be run, whatever stands around it.
 */
export async function parseQuery(text: string, database: DatabaseSchema): Promise<ParsedQuery> {
  const refused = (problem: QueryProblem): ParsedQuery => ({ query: undefined, columns: undefined, problems: [problem] });
  const whole = { start: 0, end: Math.min(text.length, 80) };
  if (text.length > MAX_QUERY_LENGTH) return refused(new QueryRefused('KQL003', whole, `The query has ${text.length} characters.`).problem);
  const tooDeep = new QueryRefused('KQL004', whole, 'The query is nested too deeply to be read.').problem;
  const tooLarge = new QueryRefused('KQL006', whole, 'The query is too large once each `let` stands where it is named.').problem;
  if (nesting(text) > MAX_NESTING) return refused(tooDeep);
  const parser = await loadParser();
  try {
    if (isTooLargeWrittenOut(parser, parser.parse(text))) return refused(tooLarge);
    const { syntax, problems } = parser.analyse(text, database);
    const errors = problems.filter(({ severity }) => severity === 'error');
    const reader = new TreeReader(parser, text, database);
    const read = readTree(reader, syntax, errors.length > 0);
    const own = reader.problems.filter(({ span }) => !errors.some((error) => overlap(span, error.span)));
    if (read === undefined || errors.length > 0 || own.length > 0) {
      const inOrder = [...problems, ...own].sort((left, right) => left.span.start - right.span.start);
      return { query: undefined, columns: undefined, problems: firstOf(inOrder) };
    }
    return { query: read.query, columns: parser.columnsOf(read.body), problems };
  } catch (error) {
    if (error instanceof QueryRefused) return refused(error.problem);
    if (error instanceof RangeError) return refused(tooDeep);
    throw error;
  }
}
