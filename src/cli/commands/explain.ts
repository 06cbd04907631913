import { Option, type Command } from 'commander';
import { EvaluationLimit } from '../../engine/budget';
import type { Instant } from '../../value/instant';
import { explainedPlan, explainRule, type ExplainedRows, type ExplainedRule } from '../explain/explain-rule';
import type { Explanation } from '../explain/explanation';
import { renderText } from '../explain/render';
import { allOrErrors } from '../files';
import { exitCodes, InputError, UsageError, type ExitCode, type Io } from '../io';
import { checkRules, describeRules, findRule, folderOfRule } from '../rules';
import { checkRange, checkTables, defaults as runDefaults, parseTable, parseTime, type TableFile } from '../run/options';
import { readTables } from '../run/read-tables';
import { reportLines } from '../run/summary';
import { isError, loadSchemas } from '../schemas';
import { sourcesOf } from '../sources';
import type { CommandContext } from './context';
import { addSchemaOption } from './options';

interface ExplainOptions {
  readonly table: readonly TableFile[];
  readonly why?: string;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly now?: Instant;
  readonly format: 'text' | 'json';
  readonly schema: readonly string[];
}

const defaults: ExplainOptions = { table: [], format: 'text', schema: [] };

const help = `
It needs no workspace. What is sent is shown for one bin, with the KQL that stands for each table (see HUNT_SOURCES); what is
done here is shown as numbered steps, in the order in which rows flow.

With --table, each step says how many rows pass it, and a predicate how many pass each of its parts. With --why too, it says
of the rows whose mapped columns contain the text, ignoring case, at which step each was lost and, at a join, which row on the
other side came nearest. --format json writes the same as one object.

Example:
  $ cat edge.ndjson
  {"TimeGenerated":"2026-03-10T10:58:00Z","Dvc":"ex02","ActorUsername":"carol","Process":"cmd.exe","CommandLine":"powershell New-MailboxExportRequest -Mailbox ceo"}
  {"TimeGenerated":"2026-03-10T11:03:00Z","Dvc":"ex02","ActorUsername":"carol","Process":"cmd.exe","CommandLine":"powershell Remove-MailboxExportRequest -Identity ceo"}

  $ hunt explain rules/host-exporting-mailbox-asim.yaml --table imProcessCreate=edge.ndjson --why carol
  …
  Why "carol"
    step 1, imProcessCreate: 2 rows with it in ActorUsername or Dvc
      1 row lost at step 3: CommandLine has "New-MailboxExportRequest" is not true
        2026-03-10T11:03:00Z: CommandLine = "powershell Remove-MailboxExportRequest -Identity ceo"
      1 row lost at step 9: no partner
        Dvc "ex02", timekey 2026-03-10T10:00:00Z, ActorUsername "carol"
          nearest on the right side, 2026-03-10T11:03:00Z: timekey is 2026-03-10T11:00:00Z there, 5 min apart, the later one 3 min behind the edge
    step 5, imProcessCreate: 2 rows with it in ActorUsername or Dvc
      1 row lost at step 7: CommandLine has "Remove-MailboxExportRequest" is not true
        2026-03-10T10:58:00Z: CommandLine = "powershell New-MailboxExportRequest -Mailbox ceo"
      1 row lost at step 9: no partner
        Dvc "ex02", timekey 2026-03-10T11:00:00Z, ActorUsername "carol"
          nearest on the left side, 2026-03-10T10:58:00Z: timekey is 2026-03-10T10:00:00Z there, 5 min apart, the later one 3 min behind the edge`;

/** Resolves to undefined where the rule or a schema has an error, which is then told. */
async function readRule(name: string, options: ExplainOptions, io: Io): Promise<ExplainedRule | undefined> {
  const reading = { known: loadSchemas(options.schema, [folderOfRule(name)]), files: findRule(name) };
  await allOrErrors<unknown>([reading.known, reading.files]);
  const { schemas, report, failed } = await reading.known;
  const rules = await checkRules(await reading.files, failed ? undefined : schemas);
  const errors = rules.map((rule) => ({ ...rule, diagnostics: rule.diagnostics.filter(isError) }));
  for (const text of [...report, ...describeRules(errors)]) io.err(`${text}\n`);
  const [{ document, compiled } = { document: undefined, compiled: undefined }] = rules;
  if (failed || rules.some((rule) => rule.failed) || document === undefined) return undefined;
  const { rule, query } = compiled ?? {};
  return rule === undefined || query === undefined ? undefined : { document, rule, query, schemas, sources: sourcesOf(io.environment) };
}

/** Every row of the files, also those that the rule's predicates do not let through: how many there are is what is asked. */
async function readRows(explained: ExplainedRule, options: ExplainOptions, now: Instant, io: Io): Promise<ExplainedRows | undefined> {
  const { table: files, from, to, why } = options;
  if (files.length === 0) return undefined;
  const plan = explainedPlan(explained);
  checkTables(
    files,
    plan.tables.map(({ name }) => name),
  );
  const unfiltered = { ...plan, tables: plan.tables.map((table) => ({ ...table, predicate: undefined, evidenceColumns: [] })) };
  const { schemas } = explained;
  const { rows, reports } = await readTables({ plan: unfiltered, schemas, files, from, to, now, maxRows: runDefaults.maxRows }, io);
  for (const line of reportLines(reports)) io.err(`${line}\n`);
  return { tables: rows, why };
}

function explained(rule: ExplainedRule, now: Instant, rows: ExplainedRows | undefined): Explanation {
  try {
    return explainRule(rule, now, rows);
  } catch (error) {
    if (!(error instanceof EvaluationLimit)) throw error;
    throw new InputError(`the rule cannot be evaluated: ${error.message}`, { cause: error });
  }
}

async function explain(name: string, options: ExplainOptions, io: Io): Promise<ExitCode> {
  checkRange(options);
  if (options.why !== undefined && options.table.length === 0) throw new UsageError('--why looks at rows: add --table NAME=FILE.ndjson');
  if (options.why?.trim() === '') throw new UsageError('--why needs a part of the name of a host or an account');
  const rule = await readRule(name, options, io);
  if (rule === undefined) return exitCodes.failed;
  const now = options.now ?? io.startedAt;
  const explanation = explained(rule, now, await readRows(rule, options, now, io));
  await io.out(options.format === 'json' ? `${JSON.stringify(explanation, undefined, 2)}\n` : renderText(explanation));
  return exitCodes.done;
}

export function addExplain(program: Command, { io, exit }: CommandContext): void {
  const command = program
    .command('explain')
    .description('Shows what of a rule the workspace does and what is done here, and why something was not found.')
    .argument('<rule>', "a rule's file, the id of a rule in ./rules, or a file with a query alone")
    .option('--table <name=file>', 'count the rows of this table that pass each step, .ndjson or .ndjson.gz; repeatable', parseTable)
    .option('--why <text>', 'say what became of the rows that name a host or an account; needs --table')
    .option('--from <time>', 'leave out rows with an earlier event time', parseTime)
    .option('--to <time>', 'leave out rows with this event time or a later one', parseTime)
    .option('--now <time>', 'now() in the query; the bin shown is the last whole one before it (default: now)', parseTime)
    .addOption(new Option('--format <format>', 'how it is written').choices(['text', 'json']).default(defaults.format));
  addSchemaOption(command)
    .addHelpText('after', help)
    .action(async (name: string, options: Partial<ExplainOptions>) => {
      exit(await explain(name, { ...defaults, ...options }, io));
    });
}
