import type { CodeMeaning } from '../../diagnostic';

/** What is legal but unwise. As with the codes of rules, a code keeps its meaning for good. */
export const wiseCodes = {
  WISE001: {
    severity: 'warning',
    title: 'a host known by its short name alone',
    hint: 'Map a column with the full name as FullName, which is split into HostName and DnsDomain, or map DnsDomain, NTDomain or AzureID too.',
  },
  WISE002: {
    severity: 'warning',
    title: 'an account known by its name alone',
    hint: 'Map a column with DOMAIN\\user or user@domain as FullName, which is split, or map NTDomain, UPNSuffix, Sid or AadUserId too.',
  },
  WISE003: {
    severity: 'warning',
    title: 'account names that Sentinel drops',
    hint: 'Map Sid or NTDomain too where the rows have one, or leave these accounts out: Sentinel drops an account that is known by a built-in name alone.',
  },
  WISE004: {
    severity: 'warning',
    title: 'a join key that is often empty',
    hint: 'Put `| where isnotempty(KEY)` before the join, if rows without a value are not to match one another.',
  },
  WISE005: {
    severity: 'warning',
    title: 'a mapped column that is often empty',
    hint: 'Filter with isnotempty(), or fill the column from another one with coalesce() or iff(); an empty value names no entity.',
  },
  WISE006: {
    severity: 'warning',
    title: 'a queryPeriod that is too short for the queryFrequency',
    hint: 'In Sentinel, make queryPeriod at least queryFrequency plus the bin that the rule correlates in. Here no row is missed: each bin is evaluated whole.',
  },
  WISE007: {
    severity: 'information',
    title: 'a join in bins, whose edges part pairs',
    hint: 'Know that such pairs are no match for the rule, here as in Sentinel. A cycle reports them on their own, as incidents whose match is split-by-bin-edge, unless the message says why it cannot, or HUNT_SPLIT_PAIRS is off.',
  },
  WISE008: {
    severity: 'information',
    title: 'an aggregate that the service estimates',
    hint: 'Keep thresholds away from values that must be exact, or use count_distinct() in place of dcount().',
  },
  WISE009: {
    severity: 'warning',
    title: 'a query longer than Sentinel takes',
    hint: 'Shorten it to 10,000 characters if the rule is to run in Sentinel too.',
  },
  WISE010: {
    severity: 'warning',
    title: 'a table of which every row is read',
    hint: 'Put a `where` on columns of the table directly behind it, so that the workspace sends only rows that can matter.',
  },
  WISE011: {
    severity: 'information',
    title: 'a function of which not everything is documented',
    hint: 'Write the expression so that it makes no difference, as the message says.',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

/** What `hunt validate --sources` can say of HUNT_SOURCES. */
export const sourceCodes = {
  SOURCE001: { severity: 'error', title: 'not a JSON object of texts that only extend', hint: 'Correct the setting.' },
  SOURCE002: {
    severity: 'error',
    title: 'not KQL that the workspace would take',
    hint: 'Correct the text; the message is that of Microsoft’s own Kusto parser.',
  },
  SOURCE003: {
    severity: 'error',
    title: 'more than a table or a function call, then extends',
    hint: 'Begin with one table or one function call, and put only extend operators behind it.',
  },
  SOURCE004: {
    severity: 'error',
    title: 'no event time',
    hint: 'Give rows a datetime column of that name, for example with extend: each query bounds it.',
  },
  SOURCE005: {
    severity: 'error',
    title: 'a column that a rule reads is missing, or of another type',
    hint: 'Add it with extend, or read another table.',
  },
  SOURCE006: {
    severity: 'information',
    title: 'a source that no rule uses',
    hint: 'Nothing to do if a rule that is not checked here reads the table; else correct its name, which is that in the rule.',
  },
  SOURCE007: {
    severity: 'warning',
    title: 'a parameter that is not known here',
    hint: 'Check it against the function in the workspace: only starttime and endtime are known here.',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export type WiseCode = keyof typeof wiseCodes;
export type SourceCode = keyof typeof sourceCodes;
