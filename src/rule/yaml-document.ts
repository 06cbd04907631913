import { parseAllDocuments, type Document } from 'yaml';
import type { Report } from './report';
import { YamlValue } from './yaml-value';

/** No file of ours needs more, and what the reader does with each character is bounded then. */
const MAX_LENGTH = 1024 * 1024;

/**
 * The one document of a YAML file that is not empty, for a leading or closing `---` adds an empty one; 'empty' where there is none. Undefined
 * where the file is not valid YAML or holds a second document, which is reported (RULE001, RULE002, RULE003).
 */
export function readYaml(report: Report): YamlValue | 'empty' | undefined {
  const text = report.lines.text;
  const start = report.place(0, 1);
  if (text.length > MAX_LENGTH) {
    report.add('RULE001', start, `the file is longer than ${MAX_LENGTH} characters`);
    return undefined;
  }
  let documents: readonly Document[];
  try {
    documents = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: true, logLevel: 'error' });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    report.add('RULE001', start, 'the file is nested too deeply');
    return undefined;
  }
  const problems = documents.flatMap((document) => [...document.errors, ...document.warnings]);
  for (const { code, message, pos } of problems)
    report.add(code === 'DUPLICATE_KEY' ? 'RULE002' : 'RULE001', report.place(...pos), message);
  const filled = documents.map((document) => contentsOf(report, document)).filter(({ isEmpty }) => !isEmpty);
  const [only, second] = filled;
  if (second !== undefined) report.add('RULE003', second.place, 'a second document in the file');
  if (problems.length > 0 || second !== undefined) return undefined;
  return only ?? 'empty';
}

function contentsOf(report: Report, document: Document): YamlValue {
  const start = document.contents?.range?.[0] ?? 0;
  return new YamlValue(report, document, document.contents, report.place(start, start));
}
