import { sourceCodes, wiseCodes } from '../../src/cli/validate/codes';
import type { Severity } from '../../src/diagnostic';
import { exclusionCodes, ruleCodes, schemaCodes } from '../../src/rule/codes';

interface Code {
  readonly severity: Severity;
  readonly title: string;
  readonly hint: string;
}

/** Codes that are given where they are found, each with a hint of its own for the place. */
const queryCodes: Readonly<Record<string, Code>> = {
  KQL001: {
    severity: 'error',
    title: 'KQL that is not supported',
    hint: 'Rewrite the query without it. What could not be run exactly as Kusto runs it is refused, never run as something else.',
  },
  KQL002: { severity: 'error', title: 'a query without a result', hint: 'End it with a tabular expression, for example a table name.' },
  KQL003: { severity: 'error', title: 'a query that is too long', hint: 'Shorten it; 64,000 characters are the most.' },
  KQL004: { severity: 'error', title: 'a query that is nested too deeply', hint: 'Flatten it: use fewer parentheses.' },
  KQL005: {
    severity: 'error',
    title: 'other result columns here than in Kusto',
    hint: 'Give the columns names of their own, for example with extend Name = …; and please report it.',
  },
  KQL006: {
    severity: 'error',
    title: 'a query that is too large once each `let` is written out',
    hint: 'Use fewer names that stand for others several times over.',
  },
  KQL007: {
    severity: 'error',
    title: 'more errors than are listed',
    hint: 'Correct the hundred that are listed first; many are often one and the same.',
  },
  KQL008: {
    severity: 'error',
    title: 'a call with more than 500 arguments',
    hint: 'Write the values as a list in dynamic([…]), or as a datatable to look them up in.',
  },
};

const planCodes: Readonly<Record<string, Code>> = {
  PLAN001: {
    severity: 'error',
    title: 'an entity mapped to no column of the result',
    hint: "Map it to one of the result's columns, which the message lists.",
  },
  PLAN002: {
    severity: 'warning',
    title: 'a rule that does not split by bin',
    hint: 'Carry one and the same bin(TimeGenerated, …) through every summarize and join, or run the rule over a range with `hunt run`.',
  },
  PLAN003: {
    severity: 'warning',
    title: 'a rule that maps no entity',
    hint: 'Add entityMappings, for example Host and Account: without them its incidents would have no identity. `hunt run` takes it for an error.',
  },
};

const families: readonly { readonly title: string; readonly text: string; readonly codes: Readonly<Record<string, Code>> }[] = [
  { title: 'RULE: the YAML of a rule', text: 'What the file says, before its query is read.', codes: ruleCodes },
  {
    title: 'KQL: the query',
    text: "What we cannot run. Microsoft's parser has found nothing wrong then; what it finds has codes of its own, see KS.",
    codes: queryCodes,
  },
  {
    title: 'PLAN: what came of rule and query',
    text: 'Whether the rule can make incidents, and whether it can be scheduled.',
    codes: planCodes,
  },
  {
    title: 'WISE: legal but unwise',
    text: 'Told by `hunt validate` alone. Each is true of the compiled plan; none keeps a rule from being built, scheduled or run.',
    codes: wiseCodes,
  },
  {
    title: 'SOURCE: the setting HUNT_SOURCES',
    text: 'Told by `hunt validate --sources`. The file is `HUNT_SOURCES`, or `HUNT_SOURCES[TABLE]` for one of its texts.',
    codes: sourceCodes,
  },
  {
    title: 'EXCL: exclusions.yaml',
    text: 'Told of the file beside the rules of a folder; RULE001 to RULE003 are said of it too.',
    codes: exclusionCodes,
  },
  { title: 'SCHEMA: a schema file', text: 'Told of the files given with `--schema`.', codes: schemaCodes },
];

const cell = (text: string): string => text.replaceAll('|', '\\|');

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function table(codes: Readonly<Record<string, Code>>): readonly string[] {
  const rows = Object.entries(codes).map(
    ([code, { severity, title, hint }]) => `| ${code} | ${severity} | ${cell(sentence(title))} | ${cell(hint)} |`,
  );
  return ['| code | severity | meaning | what to do |', '| --- | --- | --- | --- |', ...rows];
}

/** Every code that the page lists. */
export const documentedCodes: readonly string[] = families.flatMap(({ codes }) => Object.keys(codes));

/** docs/diagnostics.md. */
export function diagnosticsPage(): string {
  return [
    '# Diagnostics',
    '',
    '<!-- Generated from the tables of codes: RECORD_DOCS=1 npx jest test/docs/diagnostics.test.ts -->',
    '',
    '`npx hunt validate` says everything there is to say of a rule at once: the place in the file, a severity, a code, what is wrong, and what to do. A code is stable: it keeps its meaning for good, and is never used again for another.',
    '',
    '| severity | meaning |',
    '| --- | --- |',
    '| error | The rule cannot be run, or would mean something else here than in Sentinel. It is not built. |',
    '| warning | The rule runs, but cannot be scheduled, tells less than it could, or may not find what its author means. |',
    '| information | Worth knowing; nothing has to be done. |',
    '',
    '## KS: what Microsoft’s parser says',
    '',
    "Codes that begin with KS are those of Microsoft's own Kusto parser, with its messages: KS142 is an unknown name, KS106 a wrong type, KS204 an unknown table, KS211 an unknown function, KS005 and its like are errors of syntax. Names and types are checked against the tables that are built in, and those of `--schema`. Correct the query as the message says.",
    '',
    ...families.flatMap(({ title, text, codes }) => [`## ${title}`, '', text, '', ...table(codes), '']),
  ].join('\n');
}
