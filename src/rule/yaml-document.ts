import { Composer, CST, isScalar, Lexer, Parser, visit, type Document } from 'yaml';
import type { Report } from './report';
import { YamlValue } from './yaml-value';

/**
 * Bounds that no file of ours comes near. Composing a deeply nested file ends the process where the stack ends, following an alias goes through
 * the nodes above it, and each mistake is told with its line.
 */
const MAX_LENGTH = 256 * 1024;
const MAX_DEPTH = 100;
const MAX_ALIASES = 1000;
const MAX_INDICATORS = 20_000;

/** What makes a list, a mapping, or an item of one. */
const INDICATORS: ReadonlySet<string | null> = new Set([
  'seq-item-ind',
  'explicit-key-ind',
  'map-value-ind',
  'comma',
  'flow-map-start',
  'flow-map-end',
  'flow-seq-start',
  'flow-seq-end',
]);

/** A file that is over a bound: how, and at which offset. */
class OutOfBounds extends Error {
  override readonly name = 'OutOfBounds';
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** The syntax of a YAML text, which takes no recursion. Throws OutOfBounds. */
function* tokensOf(text: string): Generator<CST.Token, void> {
  const parser = new Parser();
  let [aliases, indicators] = [0, 0];
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    const type = CST.tokenType(lexeme);
    if (type === 'alias') aliases += 1;
    if (INDICATORS.has(type)) indicators += 1;
    if (parser.stack.length > MAX_DEPTH) throw new OutOfBounds(parser.offset, 'the file is nested too deeply');
    if (aliases > MAX_ALIASES) throw new OutOfBounds(parser.offset, `the file has more than ${MAX_ALIASES} aliases`);
    if (indicators > MAX_INDICATORS) throw new OutOfBounds(parser.offset, 'the file has too many members and items');
  }
  yield* parser.end();
}

/** Up to the second document that holds something. Throws OutOfBounds. */
function compose(text: string): readonly Document[] {
  const documents: Document[] = [];
  let filled = 0;
  for (const document of new Composer({ prettyErrors: false, uniqueKeys: false, logLevel: 'error' }).compose(tokensOf(text))) {
    if (document.contents !== null || document.errors.length > 0) documents.push(document);
    if (document.contents !== null) filled += 1;
    if (filled > 1) break;
  }
  return documents;
}

/**
 * The one document of a YAML file that is not empty, for a leading or closing `---` adds an empty one; 'empty' where there is none. Undefined
 * where the file is not valid YAML or holds a second document, which is reported (RULE001, RULE002, RULE003).
 */
export function readYaml(report: Report): YamlValue | 'empty' | undefined {
  const { text } = report.lines;
  if (text.length > MAX_LENGTH) {
    report.add('RULE001', report.place(0, 1), `the file is longer than ${MAX_LENGTH} characters`);
    return undefined;
  }
  let documents: readonly Document[];
  try {
    documents = compose(text);
  } catch (error) {
    if (!(error instanceof OutOfBounds)) throw error;
    report.add('RULE001', report.place(error.offset, error.offset + 1), error.message);
    return undefined;
  }
  const problems = documents.flatMap((document) => [...document.errors, ...document.warnings]);
  for (const { message, pos } of problems) report.add('RULE001', report.place(...pos), message);
  const repeated = documents.flatMap(repeatedKeys);
  for (const [start, end] of repeated) report.add('RULE002', report.place(start, end), 'this member stands above already');
  const filled = documents.map((document) => contentsOf(report, document)).filter(({ isEmpty }) => !isEmpty);
  const [only, second] = filled;
  if (second !== undefined) report.add('RULE003', second.place, 'a second document in the file');
  if (problems.length + repeated.length > 0 || second !== undefined) return undefined;
  return only ?? 'empty';
}

/** Where a key stands that its mapping has already. The YAML reader's own check takes a time that grows with the square of the keys. */
function repeatedKeys(document: Document): readonly (readonly [start: number, end: number])[] {
  const repeated: (readonly [number, number])[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key) || key.range === undefined || key.range === null) continue;
        if (seen.has(key.value)) repeated.push([key.range[0], key.range[1]]);
        seen.add(key.value);
      }
    },
  });
  return repeated;
}

function contentsOf(report: Report, document: Document): YamlValue {
  const start = document.contents?.range?.[0] ?? 0;
  return new YamlValue(report, document, document.contents, report.place(start, start));
}
