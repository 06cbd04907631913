import type { Diagnostic } from '../diagnostic';
import { parseGuid } from '../value/decode';
import { formatInstant, parseInstant, type Instant } from '../value/instant';
import { exclusionCodes, type FileCode } from './codes';
import { excludedBy, type Exclusion, type ExclusionSubject } from './exclusion';
import { withoutBom } from './lines';
import { Report } from './report';
import { didYouMean } from './suggest';
import { readYaml } from './yaml-document';
import type { YamlMember, YamlValue } from './yaml-value';

const subjects = Object.keys(excludedBy) as readonly ExclusionSubject[];

/** As much of a rule as an exclusion is checked against. Without mappings nothing is said of them. */
export interface KnownRule {
  readonly id: string;
  readonly entityMappings?: readonly {
    readonly entityType: string;
    readonly fieldMappings: readonly { readonly identifier: string }[];
  }[];
}

export interface ExclusionChecks {
  /** Undefined: whether rules exist is not checked. */
  readonly rules?: readonly KnownRule[];
  /** Undefined: what has expired is not reported, so that the same file gives the same build at any time. */
  readonly now?: Instant;
}

export interface ParsedExclusions {
  /** Those without an error. */
  readonly exclusions: readonly Exclusion[];
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

const memberNames: readonly string[] = ['rule', ...subjects, 'reason', 'expires'];

/** Reads the list of exclusions; an empty file is an empty list. Says everything that is wrong at once; never throws. */
export function parseExclusions(file: string, text: string, checks: ExclusionChecks = {}): ParsedExclusions {
  const report = new Report(file, withoutBom(text));
  const root = readYaml(report);
  const items = root === 'empty' ? [] : root?.items();
  if (root !== undefined && items === undefined) report.add('EXCL001', report.place(0, 1), 'the file is not a list');
  const exclusions = (items ?? []).map((item) => readExclusion(report, item, checks)).filter((exclusion) => exclusion !== undefined);
  return { exclusions, diagnostics: report.diagnostics() };
}

function readExclusion(report: Report, item: YamlValue, checks: ExclusionChecks): Exclusion | undefined {
  const members = item.members();
  if (members === undefined) {
    report.add('EXCL001', item.place, 'this item is not a mapping');
    return undefined;
  }
  const unknown = members.filter(({ key }) => !memberNames.includes(key));
  for (const { key, place } of unknown)
    report.add('EXCL002', place, `an exclusion has no member "${key}"`, didYouMean(key, memberNames) + exclusionCodes.EXCL002.hint);
  const find = (name: string): YamlMember | undefined => members.find(({ key }) => key === name);
  const named = subjects.filter((subject) => find(subject) !== undefined);
  if (named.length === 0) report.add('EXCL006', item.place, 'the exclusion names neither a host nor an account');

  const rule = readRule(report, item, find('rule'), named, checks);
  const patterns = named.map((subject) => [subject, readPattern(report, find(subject))] as const);
  const reason = readText(report, item, 'reason', find('reason'));
  const expires = readExpiry(report, item, find('expires'), checks);
  const isWhole = unknown.length === 0 && named.length > 0 && patterns.every(([, pattern]) => pattern !== undefined);
  if (!isWhole || rule === undefined || reason === undefined || expires === undefined) return undefined;
  return { rule, ...Object.fromEntries(patterns), reason, expires };
}

/** The text of a member, trimmed. One that is missing or no text is reported. */
function readText(report: Report, item: YamlValue, name: string, member: YamlMember | undefined): string | undefined {
  if (member === undefined) {
    report.add('EXCL003', item.place, `the exclusion has no "${name}"`);
    return undefined;
  }
  const text = member.value.text()?.trim() ?? '';
  if (text === '') report.add('EXCL004', member.value.place, `"${name}" is not a text`);
  return text === '' ? undefined : text;
}

function readRule(
  report: Report,
  item: YamlValue,
  member: YamlMember | undefined,
  named: readonly ExclusionSubject[],
  { rules }: ExclusionChecks,
): string | undefined {
  const text = readText(report, item, 'rule', member);
  if (member === undefined || text === undefined) return undefined;
  const { place } = member.value;
  const id = parseGuid(text);
  if (id === undefined) report.add('EXCL005', place, `"${text}" is not the id of a rule`);
  if (id === undefined || rules === undefined) return id;
  const known = rules.find((rule) => rule.id === id);
  if (known === undefined) report.add('EXCL009', place, `no rule has the id ${id}`);
  for (const subject of named) {
    if (known?.entityMappings !== undefined && !mapsNameOf(known.entityMappings, subject))
      report.add('EXCL011', place, `the rule maps no name of ${subject === 'host' ? 'a host' : 'an account'}`);
  }
  return id;
}

function mapsNameOf(mappings: NonNullable<KnownRule['entityMappings']>, subject: ExclusionSubject): boolean {
  const { entityType, identifiers }: { readonly entityType: string; readonly identifiers: readonly string[] } = excludedBy[subject];
  return mappings.some(
    (mapping) => mapping.entityType === entityType && mapping.fieldMappings.some(({ identifier }) => identifiers.includes(identifier)),
  );
}

function readPattern(report: Report, member: YamlMember | undefined): string | undefined {
  if (member === undefined) return undefined;
  const { place } = member.value;
  const text = member.value.text()?.trim() ?? '';
  const problem: readonly [FileCode, string] | undefined =
    text === '' || text.includes('\n')
      ? ['EXCL004', `"${member.key}" is not one line of text`]
      : /^\*+$/.test(text)
        ? ['EXCL007', `every ${member.key} matches "${text}"`]
        : undefined;
  if (problem === undefined) return text;
  report.add(problem[0], place, problem[1]);
  return undefined;
}

function readExpiry(report: Report, item: YamlValue, member: YamlMember | undefined, { now }: ExclusionChecks): string | null | undefined {
  const text = readText(report, item, 'expires', member);
  if (member === undefined || text === undefined) return undefined;
  if (text.toLowerCase() === 'never') return null;
  const expires = parseInstant(text);
  if (expires === undefined) {
    report.add('EXCL008', member.value.place, `"${text}" is neither a time nor "never"`);
    return undefined;
  }
  if (now !== undefined && expires <= now)
    report.add('EXCL010', member.value.place, `the exclusion has expired at ${formatInstant(expires)}`);
  return formatInstant(expires);
}
