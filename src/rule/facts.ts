import { parseGuid } from '../value/decode';
import { canonicalTactic, canonicalTechnique, tacticNames } from './attack';
import { ruleCodes } from './codes';
import type { Place, Report } from './report';
import { ruleSeverities, type RuleSeverity } from './rule-document';
import { didYouMean } from './suggest';
import type { YamlMember, YamlValue } from './yaml-value';

/** Readers of what a rule says of itself. A member that is not there is undefined or empty; whether it must be there is asked elsewhere. */

/** A text, trimmed. A member without one is reported. */
function readText(report: Report, member: YamlMember | undefined): string | undefined {
  if (member === undefined) return undefined;
  const text = member.value.text()?.trim() ?? '';
  if (text === '') report.add('RULE005', member.value.place, `"${member.key}" is not a text`);
  return text === '' ? undefined : text;
}

/** The id in lower case. */
export function readId(report: Report, member: YamlMember | undefined): string | undefined {
  const text = readText(report, member);
  if (member === undefined || text === undefined) return undefined;
  const id = parseGuid(text);
  if (id === undefined) report.add('RULE006', member.value.place, `the id "${text}" is not a GUID`);
  return id;
}

export const readName = readText;

/** Sentinel's own files put a pair of single quotes around the text in its block; they are no part of it. '' where there is no description. */
export function readDescription(report: Report, member: YamlMember | undefined, start: Place): string {
  if (member === undefined) report.add('RULE030', start, 'the rule has no description');
  const text = readText(report, member) ?? '';
  return text.replace(/^'([^]*)'$/, '$1').trim();
}

export function readSeverity(report: Report, member: YamlMember | undefined): RuleSeverity | undefined {
  const text = readText(report, member);
  if (member === undefined || text === undefined) return undefined;
  const severity = ruleSeverities.find((name) => name.toLowerCase() === text.toLowerCase());
  if (severity === undefined) report.add('RULE010', member.value.place, `unknown severity "${text}"`);
  return severity;
}

function readList(report: Report, member: YamlMember | undefined): readonly YamlValue[] {
  const items = member?.value.items();
  if (member !== undefined && items === undefined) report.add('RULE005', member.value.place, `"${member.key}" is not a list`);
  return items ?? [];
}

/** Each tactic once, in Sentinel's spelling. */
export function readTactics(report: Report, member: YamlMember | undefined): readonly string[] {
  const tactics = readList(report, member).map((item) => {
    const text = item.text() ?? '';
    const tactic = canonicalTactic(text);
    if (tactic === undefined)
      report.add('RULE011', item.place, `"${text}" is not a tactic`, didYouMean(text, tacticNames) + ruleCodes.RULE011.hint);
    return tactic;
  });
  return [...new Set(tactics.filter((tactic) => tactic !== undefined))];
}

/** Each technique once. */
export function readTechniques(report: Report, member: YamlMember | undefined): readonly string[] {
  const techniques = readList(report, member).map((item) => {
    const technique = canonicalTechnique(item.text() ?? '');
    if (technique === undefined) report.add('RULE012', item.place, `"${item.text() ?? ''}" is not a technique`);
    return technique;
  });
  return [...new Set(techniques.filter((technique) => technique !== undefined))];
}

/** Tags are texts, or, in Sentinel's own files, also mappings like `Schema: ASIMProcessEvent`; a mapping gives one tag for each pair. */
export function readTags(report: Report, member: YamlMember | undefined): readonly string[] {
  return readList(report, member).flatMap((item) => {
    const pairs = item.members()?.map(({ key, value }) => `${key}: ${value.text() ?? ''}`);
    return pairs ?? item.text() ?? [];
  });
}
