import { ruleCodes } from './codes';
import { refusals } from './refusals';
import { didYouMean } from './suggest';

/** Members that are read and carried out. */
const carriedOut = [
  'id',
  'name',
  'description',
  'severity',
  'tactics',
  'relevantTechniques',
  'tags',
  'query',
  'entityMappings',
  'kind',
  'queryFrequency',
  'queryPeriod',
  'triggerOperator',
  'triggerThreshold',
];

/** Members about the file rather than the rule; they change nothing in Sentinel's evaluation either. */
const metadata = [
  'requiredDataConnectors',
  'version',
  'status',
  'metadata',
  'alertRuleTemplateName',
  'templateVersion',
  'description-detailed',
];

const known: readonly string[] = [...carriedOut, ...Object.keys(refusals), ...metadata];

/** Names of the same things in Sentinel's REST interface. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['displayName', 'name'],
  ['techniques', 'relevantTechniques'],
  ['subTechniques', 'relevantTechniques'],
]);

/** What to do about a member that a rule does not have; undefined for one that it may have. */
export function unknownMemberHint(key: string): string | undefined {
  if (known.includes(key)) return undefined;
  const other = otherNames.get(key);
  return (other === undefined ? didYouMean(key, known) : `Did you mean ${other}? `) + ruleCodes.RULE008.hint;
}
