import { parseAllDocuments, type Document } from 'yaml';
import type { Diagnostic } from '../diagnostic';
import { readEntityMappings } from './entity-mappings';
import { readDescription, readId, readName, readSeverity, readTactics, readTags, readTechniques } from './facts';
import { withoutBom } from './lines';
import { unknownMemberHint } from './members';
import { readQuery } from './query';
import { refusals } from './refusals';
import { Report } from './report';
import type { RuleDocument } from './rule-document';
import { checkKind, readDuration, readTrigger } from './schedule';
import { YamlValue, type YamlMember } from './yaml-value';

export interface ParsedRule {
  /**
   * Undefined where the file is not valid YAML or lacks an id, a name or a query. A rule can be here and the diagnostics still hold
   * errors: its query can then be checked too, but it must not be run.
   */
  readonly rule?: RuleDocument;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

const MAX_LENGTH = 1024 * 1024;

/** Reads one rule in Sentinel's YAML. `file` is only its name in diagnostics. Says everything that is wrong at once; never throws. */
export function parseRule(file: string, text: string): ParsedRule {
  const report = new Report(file, withoutBom(text));
  const document = readDocument(report);
  const rule = document === undefined ? undefined : readRule(report, document);
  const diagnostics = report.diagnostics();
  return rule === undefined ? { diagnostics } : { rule, diagnostics };
}

/** The one document of the file that is not empty: a leading or closing `---` adds an empty one. */
function readDocument(report: Report): Document | undefined {
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
  const filled = documents.filter((document) => !new YamlValue(report, document, document.contents, start).isEmpty);
  const second = filled[1]?.contents?.range;
  if (filled.length === 0) report.add('RULE003', start, 'the file holds no rule');
  if (second !== undefined && second !== null) report.add('RULE003', report.place(second[0], second[1]), 'a second document in the file');
  return problems.length === 0 && filled.length === 1 ? filled[0] : undefined;
}

function readRule(report: Report, document: Document): RuleDocument | undefined {
  const start = report.place(document.contents?.range?.[0] ?? 0, document.contents?.range?.[0] ?? 0);
  const members = new YamlValue(report, document, document.contents, start).members();
  if (members === undefined) {
    report.add('RULE003', start, 'the file holds no mapping');
    return undefined;
  }
  const find = (name: string): YamlMember | undefined => members.find((member) => member.key === name && !member.value.isEmpty);

  for (const member of members) {
    const hint = unknownMemberHint(member.key);
    if (hint !== undefined) report.add('RULE008', member.place, `unknown member "${member.key}"`, hint);
    else if (!member.value.isEmpty) refusals[member.key]?.(report, member);
  }
  for (const name of ['id', 'name', 'query']) if (find(name) === undefined) report.add('RULE004', start, `"${name}" is missing`);

  const kind = find('kind');
  if (kind !== undefined) checkKind(report, kind);

  const [queryMember, mappings] = [find('query'), find('entityMappings')];
  const query = queryMember && readQuery(report, queryMember);
  const parts = {
    file: report.file,
    description: readDescription(report, find('description'), start),
    severity: readSeverity(report, find('severity')),
    tactics: readTactics(report, find('tactics')),
    relevantTechniques: readTechniques(report, find('relevantTechniques')),
    tags: readTags(report, find('tags')),
    entityMappings: mappings && readEntityMappings(report, mappings.value),
    queryFrequency: readDuration(report, find('queryFrequency')),
    queryPeriod: readDuration(report, find('queryPeriod')),
    ...readTrigger(report, find('triggerOperator'), find('triggerThreshold')),
  };
  const idMember = find('id');
  const [id, name] = [readId(report, idMember), readName(report, find('name'))];
  if (idMember === undefined || id === undefined || name === undefined || queryMember === undefined || query === undefined)
    return undefined;
  return {
    ...parts,
    id,
    idPlace: idMember.value.place,
    name,
    query: query.text,
    queryPlace: queryMember.place,
    queryPosition: query.position,
  };
}
