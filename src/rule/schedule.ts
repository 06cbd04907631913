import { parseDuration } from './duration';
import type { Report } from './report';
import type { YamlMember } from './yaml-value';

const KINDS = ['scheduled', 'nrt'];

/** A rule of another kind has no query that could be run. A near-real-time rule runs as a scheduled one does: by bins. */
export function checkKind(report: Report, { value }: YamlMember): void {
  const kind = value.text() ?? '';
  if (!KINDS.includes(kind.toLowerCase())) report.add('RULE009', value.place, `a rule of kind "${kind}" is not run here`);
}

/** Ticks of `queryFrequency` or `queryPeriod`. */
export function readDuration(report: Report, member: YamlMember | undefined): bigint | undefined {
  if (member === undefined) return undefined;
  const text = member.value.text() ?? '';
  const ticks = parseDuration(text);
  if (ticks === undefined) report.add('RULE013', member.value.place, `"${member.key}" is not a duration: "${text}"`);
  else report.add('RULE029', member.place, `"${member.key}" is not used: rows are evaluated by bins of their event time`);
  return ticks;
}

interface Trigger {
  readonly triggerOperator: 'gt' | undefined;
  readonly triggerThreshold: 0 | undefined;
}

const NO_TRIGGER: Trigger = { triggerOperator: undefined, triggerThreshold: undefined };
const GREATER_THAN = ['gt', 'greaterthan'];

/** The trigger "more than 0", or none. Every other is reported, also one of which only half is written. */
export function readTrigger(report: Report, operator: YamlMember | undefined, threshold: YamlMember | undefined): Trigger {
  const written = operator ?? threshold;
  if (written === undefined) return NO_TRIGGER;
  if (operator === undefined || threshold === undefined) {
    report.add('RULE014', written.place, 'triggerOperator and triggerThreshold belong together');
    return NO_TRIGGER;
  }
  const [sign, count] = [operator.value.text() ?? '', threshold.value.text() ?? ''];
  if (GREATER_THAN.includes(sign.toLowerCase()) && /^0+$/.test(count.trim())) return { triggerOperator: 'gt', triggerThreshold: 0 };
  const wrong = GREATER_THAN.includes(sign.toLowerCase()) ? threshold : operator;
  report.add('RULE014', wrong.value.place, `the rule fires when the number of results is ${sign} ${count}, not whenever there is one`);
  return NO_TRIGGER;
}
