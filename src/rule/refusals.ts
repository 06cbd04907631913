import { parseDuration } from './duration';
import type { Report } from './report';
import type { YamlMember, YamlValue } from './yaml-value';

/** Looks at one member of a rule that is not carried out here, and says so where that matters. */
type Check = (report: Report, member: YamlMember) => void;

function isTrue(value: YamlValue | undefined): boolean {
  return value?.text()?.toLowerCase() === 'true';
}

function isFalse(value: YamlValue | undefined): boolean {
  return value?.text()?.toLowerCase() === 'false';
}

/** Reports a value that is not a mapping; then nothing in it can be looked at. */
function isMapping(report: Report, { key, value }: YamlMember): boolean {
  if (value.members() !== undefined) return true;
  report.add('RULE005', value.place, `"${key}" is not a mapping`);
  return false;
}

/**
 * The members of Sentinel's format that this program knows and does not carry out. An error where the rule would mean something else here:
 * incidents more or fewer, of another severity, or of other entities. A warning where only the telling of an incident differs. Nothing
 * where the member's value is what happens anyway, like `suppressionEnabled: false`.
 * Source: https://learn.microsoft.com/azure/sentinel/sentinel-analytic-rules-creation
 */
export const refusals: Readonly<Record<string, Check>> = {
  suppressionEnabled(report, { value }) {
    if (!isFalse(value)) report.add('RULE015', value.place, 'the rule suppresses alerts after the first, which is not done here');
  },

  // Without suppressionEnabled it does nothing in Sentinel either; with it, suppressionEnabled is reported.
  suppressionDuration(report, { value }) {
    if (parseDuration(value.text() ?? '') === undefined) report.add('RULE013', value.place, '"suppressionDuration" is not a duration');
  },

  enabled(report, { value }) {
    if (!isTrue(value)) report.add('RULE016', value.place, 'the rule is disabled, which is not looked at here');
  },

  alertDetailsOverride(report, member) {
    if (!isMapping(report, member)) return;
    for (const { key, place } of member.value.members() ?? []) {
      if (key === 'alertSeverityColumnName' || key === 'alertTacticsColumnName')
        report.add('RULE017', place, `"${key}" would give incidents another severity or tactics`);
      else report.add('RULE018', place, `"${key}" is not carried out`);
    }
  },

  customDetails(report, member) {
    if (isMapping(report, member)) report.add('RULE019', member.place, 'custom details are not attached to incidents');
  },

  eventGroupingSettings(report, member) {
    if (!isMapping(report, member)) return;
    const kind = member.value.member('aggregationKind');
    if (kind?.text()?.toLowerCase() === 'singlealert') return;
    report.add('RULE020', kind?.place ?? member.place, 'results are grouped by bin and entities, not as the rule asks');
  },

  incidentConfiguration(report, member) {
    if (!isMapping(report, member)) return;
    const create = member.value.member('createIncident');
    if (create !== undefined && !isTrue(create)) report.add('RULE021', create.place, 'the rule asks for no incidents');
    const grouping = member.value.member('groupingConfiguration');
    if (grouping !== undefined && !isFalse(grouping.member('enabled')))
      report.add('RULE022', grouping.place, 'alerts are not grouped over time');
  },

  sentinelEntitiesMappings(report, { place }) {
    report.add('RULE023', place, 'entities would be missing: "sentinelEntitiesMappings" is not carried out');
  },
};
