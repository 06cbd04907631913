import type { Diagnostic } from '../diagnostic';
import { readEntityMappings } from './entity-mappings';
import { readDescription, readId, readName, readSeverity, readTactics, readTags, readTechniques } from './facts';
import { withoutBom } from './lines';
import { unknownMemberHint } from './members';
import { readQuery } from './query';
import { refusals } from './refusals';
import { Report, type Place } from './report';
import type { RuleDocument } from './rule-document';
import { checkKind, readDuration, readTrigger } from './schedule';
import { readYaml } from './yaml-document';
import type { YamlMember, YamlValue } from './yaml-value';

export interface ParsedRule {
  /**
   * Undefined where the file is not valid YAML or lacks an id, a name or a query. A rule can be here and the diagnostics still hold
   * errors: its query can then be checked too, but it must not be run.
   */
  readonly rule?: RuleDocument;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads one rule in Sentinel's YAML. `file` is only its name in diagnostics. Says everything that is wrong at once; never throws. */
export function parseRule(file: string, text: string): ParsedRule {
  const report = new Report(file, withoutBom(text));
  const root = readYaml(report);
  if (root === 'empty') report.add('RULE003', report.place(0, 1), 'the file holds no rule');
  const rule = root === undefined || root === 'empty' ? undefined : readRule(report, root);
  const diagnostics = report.diagnostics();
  return rule === undefined ? { diagnostics } : { rule, diagnostics };
}

function readRule(report: Report, root: YamlValue): RuleDocument | undefined {
  const start: Place = { ...root.place, length: 1 };
  const members = root.members();
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
    queryPeriodPlace: find('queryPeriod')?.place,
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
