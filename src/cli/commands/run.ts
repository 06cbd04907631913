import { Option, type Command } from 'commander';
import { EvaluationLimit } from '../../engine/budget';
import type { Evaluation } from '../../engine/rows';
import type { IncidentMessage } from '../../incident/message';
import { incidentTable } from '../../local/incident-table';
import type { Plan } from '../../plan/plan';
import { exprsOf } from '../../plan/nodes';
import { usesNow } from '../../plan/predicates';
import { counted } from '../../value/counted';
import { formatInstant, type Instant, type TimeRange } from '../../value/instant';
import { exitCodes, InputError, type ExitCode, type Io } from '../io';
import { openOutput, type Output } from '../output';
import { nodesOf } from '../plan-nodes';
import { defaults, parseCount, parseTable, parseTime, parseWorkspace, type RunOptions } from '../run/options';
import { prepare, type Prepared } from '../run/prepare';
import { rangeOf } from '../run/range';
import { readTables, type TablesRead } from '../run/read-tables';
import { resultLine, resultOf, resultTable } from '../run/results';
import { runByBin, runWhole, type EvaluatedRange, type RuleRun } from '../run/rule-run';
import { problemsOf, reportLines, summary } from '../run/summary';
import type { CommandContext } from './context';
import { addSchemaOption } from './options';

const help = `
The rows are those of an export: one JSON object a line, its members named as the table's columns. Incidents come out as
they would be sent to the Event Hub, one JSON message a line, in order of bin and id. Only rows that the rule's row-wise
predicates let through are held in memory. Rows are never changed or left out silently: what is odd about them is counted,
with the first places, on standard error.

A rule that splits by bin is evaluated bin by bin, and gives the same incidents, with the same ids, as in Azure. Any other
is evaluated once over the whole range, which is then the bin of its incidents, and now() is --now: give it for rows of the past.

--results writes the rows that the query gives, one JSON object a line, in place of incidents. So does a file with a query
alone (.kql, .csl or .kusto), which needs no entity mappings.

Example:
  $ cat events.ndjson
  {"TimeGenerated":"2026-03-10T10:05:00Z","Dvc":"ex01","ActorUsername":"alice","Process":"cmd.exe","CommandLine":"New-MailboxExportRequest"}
  {"TimeGenerated":"2026-03-10T10:17:00Z","Dvc":"ex01","ActorUsername":"alice","Process":"cmd.exe","CommandLine":"Remove-MailboxExportRequest"}

  $ hunt run rules/host-exporting-mailbox-asim.yaml --table imProcessCreate=events.ndjson --format table
  Hour (UTC)              Host  Account  Severity  Status              Evidence
  ──────────────────────  ────  ───────  ────────  ──────────────────  ───────────────────────────────────
  2026-03-10 10:00–11:00  ex01  alice    Medium    active, revision 1  1 result from 2 rows, 2 with copies`;

function orInputError(error: unknown): unknown {
  if (!(error instanceof EvaluationLimit)) return error;
  return new InputError(`the rule cannot be evaluated: ${error.message}. Nothing was written`, { cause: error });
}

/** Throws InputError where the rule holds too much in between. */
function* evaluated(run: RuleRun, { rows }: TablesRead, range: TimeRange | undefined): Generator<EvaluatedRange> {
  try {
    yield* run.evaluate(rows, range);
  } catch (error) {
    throw orInputError(error);
  }
}

/** Throws InputError where the rule holds too much in between. */
function results(plan: Plan, { rows }: TablesRead, now: Instant): Evaluation {
  try {
    return resultOf(plan, rows, now);
  } catch (error) {
    throw orInputError(error);
  }
}

/** The range of a rule that does not split, told to the user, for its incidents hang on it. */
function wholeRange(options: RunOptions, now: Instant, { reports }: TablesRead, io: Io): TimeRange {
  const range = rangeOf(options, [...reports.values()]);
  const [start, end] = [range.start, range.end].map(formatInstant);
  io.err(`evaluated whole, not bin by bin: the bin of each incident is [${start}, ${end}), and now() is ${formatInstant(now)}\n`);
  return range;
}

/** What came out: how much, and in words. */
interface Written {
  readonly count: number;
  readonly texts: readonly string[];
}

async function writeIncidents(evaluations: Iterable<EvaluatedRange>, { format }: RunOptions, output: Output, io: Io): Promise<Written> {
  const shown: IncidentMessage[] = [];
  let [bins, incidents] = [0, 0];
  for (const { messages } of evaluations) {
    bins += 1;
    incidents += messages.length;
    io.signal.throwIfAborted();
    for (const message of messages) {
      const text = new TextDecoder().decode(message);
      if (format === 'ndjson') await output.write(`${text}\n`);
      else shown.push(JSON.parse(text) as IncidentMessage);
    }
  }
  if (shown.length > 0) await output.write(`${incidentTable(shown)}\n`);
  return { count: incidents, texts: [counted(bins, 'bin'), counted(incidents, 'incident')] };
}

async function writeResults(result: Evaluation, { format }: RunOptions, output: Output, io: Io): Promise<Written> {
  if (format === 'table' && result.rows.length > 0) await output.write(`${resultTable(result)}\n`);
  for (const { values } of format === 'ndjson' ? result.rows : []) {
    io.signal.throwIfAborted();
    await output.write(`${resultLine(result, values)}\n`);
  }
  return { count: result.rows.length, texts: [counted(result.rows.length, 'result row')] };
}

/** Rows of the past are outside `TimeGenerated > ago(1d)` unless now() is of their time. */
function tellOfNow({ root }: Plan, now: Instant, { reports }: TablesRead, io: Io): void {
  const times = [...reports.values()].flatMap(({ lastEventTime }) => lastEventTime ?? []);
  if (times.length === 0 || !nodesOf(root).some((node) => exprsOf(node).some(usesNow))) return;
  const { end } = rangeOf({}, [...reports.values()]);
  io.err(
    `nothing came out, and the query asks now(), which is ${formatInstant(now)}: for rows of the past try --now ${formatInstant(end)}\n`,
  );
}

async function runPrepared(
  { rule, query, schemas, asksForResults }: Prepared,
  options: RunOptions,
  output: Output,
  io: Io,
): Promise<ExitCode> {
  const startedMs = io.elapsedMs();
  const now = options.now ?? io.startedAt;
  const companions = Object.fromEntries([...schemas].map(([name, schema]) => [name, schema.companions]));
  const occasion = { workspaceId: options.workspace, now, companions };
  const run = rule.split.splits ? runByBin(rule, occasion) : runWhole(rule, query, occasion);

  const { from, to, maxRows, table: files } = options;
  const read = await readTables({ plan: run.plan, schemas, files, from, to, now, maxRows }, io);
  for (const line of reportLines(read.reports)) io.err(`${line}\n`);
  const range = rule.split.splits || asksForResults ? undefined : wholeRange(options, now, read, io);
  const written = asksForResults
    ? await writeResults(results(run.plan, read, now), options, output, io)
    : await writeIncidents(evaluated(run, read, range), options, output, io);
  await output.commit();
  if (written.count === 0 && options.now === undefined && !rule.split.splits) tellOfNow(run.plan, now, read, io);

  const seconds = (io.elapsedMs() - startedMs) / 1000;
  io.err(`${summary({ reports: read.reports, written: written.texts, seconds })}\n`);
  return options.strict && problemsOf(read.reports) > 0 ? exitCodes.failed : exitCodes.done;
}

async function run(ruleName: string, options: RunOptions, io: Io): Promise<ExitCode> {
  const prepared = await prepare(ruleName, options, io.err);
  if (prepared === undefined) return exitCodes.failed;
  const output = await openOutput(options.out, io);
  try {
    return await runPrepared(prepared, options, output, io);
  } finally {
    await output.discard();
  }
}

export function addRun(program: Command, { io, exit }: CommandContext): void {
  const command = program
    .command('run')
    .description('Runs a rule or a query over exported rows, and writes the incidents or rows it makes.')
    .argument('<rule>', "a rule's file, the id of a rule in ./rules, or a file with a query alone")
    .option('--table <name=file>', 'the rows of a table that the rule reads, .ndjson or .ndjson.gz; repeatable', parseTable)
    .option('--workspace <guid>', 'the workspace that the incidents name (default: zeros)', parseWorkspace)
    .option('--from <time>', 'leave out rows with an earlier event time', parseTime)
    .option('--to <time>', 'leave out rows with this event time or a later one', parseTime)
    .option('--now <time>', 'the time of detection, and now() in the query (default: now)', parseTime)
    .option('--out <file>', 'write there instead of to standard output; whole or not at all')
    .option('--results', 'write the rows of the result instead of incidents')
    .addOption(new Option('--format <format>', 'how incidents or rows are written').choices(['ndjson', 'table']).default(defaults.format))
    .option('--max-rows <count>', 'rows to hold in memory at most', parseCount, defaults.maxRows)
    .option('--strict', 'exit code 1 where rows were not as their table says');
  addSchemaOption(command)
    .addHelpText('after', help)
    .action(async (ruleName: string, options: Partial<RunOptions>) => {
      exit(await run(ruleName, { ...defaults, ...options }, io));
    });
}
