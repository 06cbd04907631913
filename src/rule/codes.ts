import type { CodeMeaning } from '../diagnostic';

/**
 * Everything the reader of rule files can say. A code keeps its meaning for good: a new case takes the next number.
 * Error: the rule cannot run, or would mean something else here. Warning: the same incidents come out, but less is told with them.
 */
export const ruleCodes = {
  RULE001: {
    severity: 'error',
    title: 'not valid YAML',
    hint: 'Correct the YAML; indent with spaces, and quote a value that starts with a special character.',
  },
  RULE002: { severity: 'error', title: 'a member stands twice', hint: 'Keep one of the two.' },
  RULE003: { severity: 'error', title: 'not one rule in the file', hint: 'Put one rule, a mapping with id, name and query, in each file.' },
  RULE004: { severity: 'error', title: 'a required member is missing', hint: 'Add it; every rule needs id, name and query.' },
  RULE005: { severity: 'error', title: 'a member has the wrong form', hint: "Write it as Sentinel's own rules do." },
  RULE006: {
    severity: 'error',
    title: 'the id is not a GUID',
    hint: 'Give the rule a GUID of its own, and keep it: the ids of its incidents are made from it.',
  },
  RULE007: { severity: 'error', title: 'two rules share an id', hint: 'Give one of the two rules a new GUID, or remove the copy.' },
  RULE008: { severity: 'warning', title: 'unknown member', hint: 'Remove it, or correct its name; it has no effect here.' },
  RULE009: { severity: 'error', title: 'a kind of rule that has no query', hint: 'Use Scheduled or NRT; a hunting rule has no kind.' },
  RULE010: { severity: 'error', title: 'unknown severity', hint: 'Use Informational, Low, Medium or High.' },
  RULE011: {
    severity: 'warning',
    title: 'unknown tactic',
    hint: 'Use a tactic of MITRE ATT&CK as Sentinel spells it, like LateralMovement; this one is left out of incidents.',
  },
  RULE012: {
    severity: 'warning',
    title: 'not a technique',
    hint: 'Write techniques as T1114 or T1114.002; this one is left out of incidents.',
  },
  RULE013: { severity: 'error', title: 'not a duration', hint: 'Write 5m, 1h or 14d, or ISO 8601 like PT1H.' },
  RULE014: {
    severity: 'error',
    title: 'a trigger other than "more than 0"',
    hint: 'Use triggerOperator gt with triggerThreshold 0, and count in the query: summarize N = count() by … | where N > 5.',
  },
  RULE015: {
    severity: 'error',
    title: 'suppression',
    hint: 'Remove it: every incident is posted here; hold alerts back with an automation rule in Sentinel.',
  },
  RULE016: { severity: 'error', title: 'a disabled rule', hint: 'Remove "enabled"; which rules run is decided by the setting HUNT_RULES.' },
  RULE017: {
    severity: 'error',
    title: 'severity or tactics from a column',
    hint: 'Remove it: all incidents of a rule have its own severity and tactics; split the rule where they must differ.',
  },
  RULE018: {
    severity: 'warning',
    title: 'alert texts from columns',
    hint: 'Remove it, or accept it: incidents carry the name and description of the rule, and the columns in evidence.results.',
  },
  RULE019: {
    severity: 'warning',
    title: 'custom details',
    hint: "Remove them, or accept it: their columns are in the incident's evidence.results under their own names.",
  },
  RULE020: {
    severity: 'warning',
    title: 'an alert for each result',
    hint: 'Remove it, or accept it: results of one bin with the same entities are one incident, all of them in evidence.results.',
  },
  RULE021: {
    severity: 'error',
    title: 'a rule that makes no incidents',
    hint: 'Remove "createIncident: false", or do not run the rule here: incidents are all it makes.',
  },
  RULE022: {
    severity: 'warning',
    title: 'grouping of incidents',
    hint: 'Remove it, or accept it: each bin has its own incidents; group them in the Sentinel rule that reads them.',
  },
  RULE023: { severity: 'error', title: 'entities taken from an Entities column', hint: 'Map the columns in entityMappings instead.' },
  RULE024: {
    severity: 'error',
    title: 'unknown entity type',
    hint: "Use one of Sentinel's entity types, like Host, Account, IP, Process or File.",
  },
  RULE025: { severity: 'error', title: 'unknown identifier', hint: 'Use one of the identifiers that Sentinel lists for the entity type.' },
  RULE026: { severity: 'error', title: 'an identifier mapped twice', hint: 'Map each identifier of an entity to one column.' },
  RULE027: {
    severity: 'warning',
    title: 'more mappings than Sentinel takes',
    hint: 'Keep to 10 entity mappings with 3 identifiers each if the rule is to run in Sentinel too.',
  },
  RULE028: {
    severity: 'error',
    title: 'a fence that is not closed',
    hint: 'End the query with ``` on a line of its own, or remove both fences.',
  },
  RULE029: {
    severity: 'information',
    title: 'a schedule that has no effect',
    hint: 'Nothing to do: each bin of the event time is evaluated when it is due, so no row is missed between two runs.',
  },
  RULE030: { severity: 'warning', title: 'no description', hint: 'Describe what the rule finds; the text goes into each incident.' },
  RULE031: { severity: 'error', title: 'too many faults in one file', hint: 'Correct those above first; many are often one and the same.' },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

/** What the reader of schema files can say. */
export const schemaCodes = {
  SCHEMA001: { severity: 'error', title: 'not valid JSON', hint: 'Correct the JSON.' },
  SCHEMA002: { severity: 'error', title: 'a required member is missing', hint: 'Add it; a schema needs name and columns.' },
  SCHEMA003: { severity: 'error', title: 'a member has the wrong form', hint: 'Write it as the files in src/schema/tables do.' },
  SCHEMA004: {
    severity: 'error',
    title: 'not a type of Kusto',
    hint: 'Use bool, int, long, real, decimal, string, datetime, timespan, guid or dynamic.',
  },
  SCHEMA005: { severity: 'error', title: 'a column that the schema lacks', hint: 'Add the column, or correct its name.' },
  SCHEMA006: { severity: 'warning', title: 'unknown member', hint: 'Remove it, or correct its name; it has no effect.' },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

/** What the reader of exclusions can say, beside RULE001, RULE002 and RULE003, which are true of any YAML file. */
export const exclusionCodes = {
  EXCL001: {
    severity: 'error',
    title: 'not a list of exclusions',
    hint: 'Write a list; each item has rule, host or account or both, reason and expires.',
  },
  EXCL002: {
    severity: 'error',
    title: 'unknown member',
    hint: 'Use rule, host, account, reason and expires; an exclusion without a condition that was meant would hide more.',
  },
  EXCL003: { severity: 'error', title: 'a required member is missing', hint: 'Add it; every exclusion needs rule, reason and expires.' },
  EXCL004: {
    severity: 'error',
    title: 'a member has the wrong form',
    hint: 'Write it as one line of text, in quotes where it starts with *.',
  },
  EXCL005: { severity: 'error', title: 'the rule is not named by its id', hint: 'Write the GUID that the rule has as its id.' },
  EXCL006: {
    severity: 'error',
    title: 'neither host nor account',
    hint: 'Name a host, an account, or both; to stop a whole rule, leave its id out of HUNT_RULES.',
  },
  EXCL007: {
    severity: 'error',
    title: 'a pattern that everything matches',
    hint: 'Put something beside the *; to stop a whole rule, leave its id out of HUNT_RULES.',
  },
  EXCL008: {
    severity: 'error',
    title: 'not a time at which it ends',
    hint: 'Write a date or an instant in ISO 8601, like 2026-12-31 or 2026-12-31T18:00Z, or never.',
  },
  EXCL009: {
    severity: 'warning',
    title: 'an unknown rule',
    hint: 'Correct the id, or remove the exclusion: no rule of this folder has it.',
  },
  EXCL010: {
    severity: 'warning',
    title: 'an expired exclusion',
    hint: 'Remove it, or give it a later end; what it has excluded stays excluded, new incidents are sent.',
  },
  EXCL011: {
    severity: 'warning',
    title: 'an exclusion that can never apply',
    hint: 'Name what the rule maps: host is compared with FullName, HostName and NetBiosName of a Host, account with FullName and Name of an Account.',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export const fileCodes = { ...ruleCodes, ...schemaCodes, ...exclusionCodes };

export type FileCode = keyof typeof fileCodes;
