import { sourceCodes, wiseCodes } from '../../src/cli/validate/codes';
import type { CodeMeaning } from '../../src/diagnostic';
import { queryCodes } from '../../src/kql/codes';
import { planCodes } from '../../src/plan/codes';
import { exclusionCodes, ruleCodes, schemaCodes } from '../../src/rule/codes';

const families: readonly { readonly title: string; readonly text: string; readonly codes: Readonly<Record<string, CodeMeaning>> }[] = [
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
  {
    title: 'SCHEMA: a schema file',
    text: 'Told of the files in the folder `schemas` beside the rules, and of those given with `--schema`.',
    codes: schemaCodes,
  },
];

const cell = (text: string): string => text.replaceAll('|', '\\|');

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function table(codes: Readonly<Record<string, CodeMeaning>>): readonly string[] {
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
    "Codes that begin with KS are those of Microsoft's own Kusto parser, with its messages: KS142 is an unknown name, KS106 a wrong type, KS204 an unknown table, KS211 an unknown function, KS005 and its like are errors of syntax. Names and types are checked against the tables that are built in, those in `schemas` beside the rules, and those of `--schema`. Correct the query as the message says.",
    '',
    ...families.flatMap(({ title, text, codes }) => [`## ${title}`, '', text, '', ...table(codes), '']),
  ].join('\n');
}
