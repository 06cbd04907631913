import { stat } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import type { RuleFile } from '../../rule/parse-rules';
import { checkExclusions } from '../exclusions';
import { allOrErrors, eachOrError, fileError, readText } from '../files';
import { exitCodes, InputError, type ExitCode, type Io } from '../io';
import { checkRules, readRulesFolder } from '../rules';
import { isError, loadSchemas, ruleFolder } from '../schemas';
import { advise } from '../validate/advise';
import { jsonReport, textReport, type Validation } from '../validate/report';
import { checkSources } from '../validate/sources';
import type { CommandContext } from './context';
import { addSchemaOption } from './options';

interface ValidateOptions {
  readonly format: 'text' | 'json';
  readonly schema: readonly string[];
  readonly sources: boolean;
}

const defaults: ValidateOptions = { format: 'text', schema: [], sources: false };

const help = `
Says everything there is to say about each rule at once: errors, for which the rule is not built or run; warnings, for what is
legal but unwise, or keeps the rule from being scheduled; and information. docs/diagnostics.md explains each code.
Everything goes to standard output, but a file that cannot be read: it is named on standard error, and the others are checked.
The exit code is 1 if there is an error, or a file that cannot be read; 0 if there are only warnings.

--sources checks the setting HUNT_SOURCES of the environment too: that its texts are KQL which the workspace would take,
only extend a table or a function call, and keep the event time and the columns that the rules read.

In a folder, exclusions.yaml is checked and listed too; it is not a rule. A file with a query alone (.kql, .csl or .kusto) is
checked as a rule that maps no entity.

--format json writes one object: "diagnostics", a list of {code, severity (error | warning | information), message, hint,
file, line, column, length}, line and column from 1; "exclusions", a list of {file, rule, host, account, reason, expires};
and the counts "rules", "errors", "warnings", "information" and "schedulable".

Example:
  $ cat logons.yaml
  id: 5c1f0d2a-6a54-4c1b-9a53-3a0f5d0c8e11
  name: Many failed logons
  description: One address fails to log on to many accounts.
  query: |
    SecurityEvent
    | where EventId == 4625
    | summarize Accounts = dcount(TargetUserName) by IpAddress, bin(TimeGenerated, 1h)
    | where Accounts > 20
  entityMappings:
    - entityType: IP
      fieldMappings:
        - identifier: Address
          columnName: IpAddress

  $ hunt validate logons.yaml
  logons.yaml:6:11: error KS142: The name 'EventId' does not refer to any known column, table, variable or function.
      | where EventId == 4625
              ^^^^^^^
    hint: Did you mean EventID? Check the spelling: names are case-sensitive, and an operator such as summarize or project keeps only the columns that it names.

  1 rule, 1 error, 0 warnings, 0 can be scheduled`;

/** A path of the command line. */
interface RulePath {
  readonly files: readonly RuleFile[];
  /** Undefined where it is a file. */
  readonly folder: string | undefined;
}

async function readRules(path: string): Promise<RulePath> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (error) {
    throw fileError(`${path} cannot be read`, error);
  }
  if (!isFolder) return { files: [await readText(path)], folder: undefined };
  const files = await readRulesFolder(path, true);
  if (files.length === 0) throw new InputError(`${path} holds no rule: name rule files, or a folder with .yaml, .yml or .kql files`);
  return { files, folder: path };
}

async function validateRules(paths: readonly string[], options: ValidateOptions, io: Io): Promise<Validation> {
  const [known, read] = await Promise.all([
    eachOrError([loadSchemas(options.schema, paths.map(ruleFolder))]),
    eachOrError(paths.map(readRules)),
  ]);
  const unread = [...known.errors, ...read.errors];
  const [loaded] = known.found;
  if (loaded === undefined || read.found.length === 0) throw new InputError(unread.join('\nerror: '));
  for (const text of unread) io.err(`error: ${text}\n`);
  const { schemas, report, failed } = loaded;
  const files = [...new Map(read.found.flatMap((path) => path.files).map((file) => [file.file, file])).values()];
  if (failed) throw new InputError(`a schema file has errors, so nothing can be said of the rules\n${report.join('\n')}`);
  for (const text of report) io.err(`${text}\n`);

  const rules = (await checkRules(files, schemas)).map((rule) => advise(rule, schemas));
  const uses = rules.flatMap(({ file, compiled }) => compiled?.rule?.plan.tables.map((table) => ({ rule: file.file, table })) ?? []);
  const exclusions = read.found.flatMap(({ folder, files: own }) => {
    const names = new Set(own.map(({ file }) => file));
    const beside = rules.filter(({ file }) => names.has(file.file));
    return folder === undefined ? [] : [checkExclusions(folder, beside, io.startedAt)];
  });
  const excluded = await allOrErrors(exclusions);
  return {
    rules,
    excluded,
    isWhole: unread.length === 0,
    said: [
      ...rules.flatMap(({ file: { text }, diagnostics }) => diagnostics.map((diagnostic) => ({ diagnostic, text }))),
      ...excluded.flatMap(({ text, diagnostics }) => diagnostics.map((diagnostic) => ({ diagnostic, text }))),
      ...(options.sources ? await checkSources(io.environment, uses, schemas) : []),
    ],
  };
}

async function validate(paths: readonly string[], options: ValidateOptions, io: Io): Promise<ExitCode> {
  const validation = await validateRules(paths.length === 0 ? ['rules'] : paths, options, io);
  await io.out(options.format === 'json' ? jsonReport(validation) : textReport(validation));
  const isGood = validation.isWhole && !validation.said.some(({ diagnostic }) => isError(diagnostic));
  return isGood ? exitCodes.done : exitCodes.failed;
}

export function addValidate(program: Command, { io, exit }: CommandContext): void {
  const command = program
    .command('validate')
    .description('Checks rules, and says what is wrong, unwise, or keeps one from being scheduled.')
    .argument('[rule...]', 'files of rules or queries, and folders that hold some; default: ./rules')
    .addOption(new Option('--format <format>', 'how diagnostics are written').choices(['text', 'json']).default(defaults.format))
    .option('--sources', 'check the setting HUNT_SOURCES too');
  addSchemaOption(command)
    .addHelpText('after', help)
    .action(async (paths: readonly string[], options: Partial<ValidateOptions>) => {
      exit(await validate(paths, { ...defaults, ...options }, io));
    });
}
