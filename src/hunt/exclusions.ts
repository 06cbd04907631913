import type { IncidentDraft } from '../incident/incident';
import { excludedBy, type Exclusion, type ExclusionSubject } from '../rule/exclusion';
import { instant, type Instant } from '../value/instant';
import type { CycleContext } from './cycle-context';

/** dist/rules/exclusions.json: what the build makes of rules/exclusions.yaml. */
export interface CompiledExclusions {
  readonly formatVersion: 1;
  readonly exclusions: readonly Exclusion[];
}

export const compiledExclusionsFile = 'exclusions.json';

const subjects: readonly ExclusionSubject[] = ['host', 'account'];

/** Whether the pattern, in which `*` stands for any characters, is the whole value, ignoring case. In linear time. */
function matches(pattern: string, value: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const text = value.toLowerCase();
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** The values that the rule gives for the names of an incident's hosts or accounts, before any splitting. */
function namesOf({ identity }: IncidentDraft, subject: ExclusionSubject): readonly string[] {
  const { entityType, identifiers }: { readonly entityType: string; readonly identifiers: readonly string[] } = excludedBy[subject];
  return identity[5]
    .filter(([type]) => type === entityType)
    .flatMap(([, values]) => values.filter(([identifier]) => identifiers.includes(identifier)).map(([, value]) => value));
}

/**
 * Whether an exclusion of the incident's rule applies to it at an instant. A host matches where one of the incident's hosts does, by the raw
 * value of any of its names; an account likewise. So `ex01` does not match a value `ex01.contoso.com`, and `ex01*` does.
 */
export function isExcluded(exclusions: readonly Exclusion[], draft: IncidentDraft, now: Instant): boolean {
  const ruleId = draft.identity[0].toLowerCase();
  return exclusions.some(({ rule, expires, ...patterns }) => {
    if (rule !== ruleId || (expires !== null && instant(expires) <= now)) return false;
    return subjects.every((subject) => {
      const pattern = patterns[subject];
      return pattern === undefined || namesOf(draft, subject).some((name) => matches(pattern, name));
    });
  });
}

/** What a cycle asks of each new incident. */
export function exclusionsAt(exclusions: readonly Exclusion[], now: Instant): CycleContext['excludes'] {
  return (_workspaceId, _ruleId, draft) => isExcluded(exclusions, draft, now);
}
