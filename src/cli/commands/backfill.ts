import { Option, type Command } from 'commander';
import { openPorts } from '../../app/ports';
import { loadExclusions } from '../../app/rules';
import { troublesOf } from '../../app/troubles';
import { backfillDay, backfillDays, planBackfill, type BackfillLane, type BackfillOptions } from '../../hunt/backfill';
import type { CyclePorts } from '../../hunt/cycle';
import { exclusionsAt } from '../../hunt/exclusions';
import type { Clock, OutgoingMessage } from '../../hunt/ports';
import type { IncidentMessage } from '../../incident/message';
import { incidentTable } from '../../local/incident-table';
import { readHuntSettings } from '../../settings';
import { addTicks, formatInstant, TICKS_PER_MILLISECOND, type Instant, type TimeRange } from '../../value/instant';
import { exitCodes, UsageError, type ExitCode, type Io } from '../io';
import { BackfillTally, hadWork, refusalsOf, wholeRange } from '../ledger/backfill-report';
import { addLedgerOptions, addRangeOptions, readScope, withSettings, type LedgerOptions } from '../ledger/options';
import { checkRange } from '../run/options';
import { shortInstant } from '../time-text';
import type { CommandContext } from './context';

interface BackfillCommandOptions extends LedgerOptions {
  readonly dryRun?: boolean;
  readonly format: 'table' | 'ndjson';
}

const help = `
Evaluates past hours now, just as the function would and with its settings, and posts what is found to the Event Hub. The
ledger remembers: hours that are up to date are not asked for again, what was sent is not sent again, and the same command,
given again after it was stopped, goes on where it stopped. It may run while the function runs. Hours from before the start
of the coverage belong to the coverage from then on, so the function makes the passes over them that are still to come.

An hour is evaluated if it has not been since its latest pass, if another version of the rule evaluated it, or if it is
failing; that one does not wait for its next try. Hours that end before the oldest row that the workspace still has are
refused: they would look as if nothing had happened in them. An hour from before the coverage that closed less than 15
minutes ago is refused too if later rows could take back what the rule finds. If the rule finds pairs that the edge of an
hour parts, the bins across the edges inside the range are worked on and counted too.

The exit code is 1 if hours were refused, are failing, or are left.

Example:
  $ hunt backfill --from 2026-03-01 --to 2026-03-02 --dry-run
  Hour (UTC)              Host              Account        Severity  Status              Evidence
  ──────────────────────  ────────────────  ─────────────  ────────  ──────────────────  ───────────────────────────────────
  2026-03-01 10:00–11:00  ex01.contoso.com  CONTOSO\\alice  Medium    active, revision 1  1 result from 2 rows, 2 with copies

  $ hunt backfill --from 2026-03-01 --to 2026-03-02
  2026-03-01: 47 bins evaluated, 0 failing; incidents: 1 new, 0 revised, 0 withdrawn (day 1 of 1)
  2026-03-01T00:00:00Z to 2026-03-02T00:00:00Z: 47 bins evaluated, 0 failing; incidents: 1 new, 0 revised, 0 withdrawn`;

async function backfill(options: BackfillCommandOptions, io: Io): Promise<ExitCode> {
  const { from, to = io.startedAt } = options;
  if (from === undefined) throw new UsageError('name the first instant to backfill: --from TIME');
  checkRange({ from, to });
  const environment = options.dryRun === true ? { ...io.environment, HUNT_DRY_RUN: 'true' } : io.environment;
  const settings = await withSettings(() => readHuntSettings(environment));
  const { workspaceIds, rules } = await readScope(settings, options, io);
  const exclusions = await loadExclusions(io.compiledRules);
  const { dryRun, start } = settings;
  const ports = openPorts(settings, clockOf(io));
  try {
    return await run(ports, { start: from, end: to }, options.format, io, {
      workspaceIds,
      programs: rules.map(({ program }) => program),
      dryRun,
      excludes: exclusionsAt(exclusions, io.startedAt),
      ...(start === undefined ? {} : { startAt: start }),
    });
  } finally {
    await ports.sink.close();
  }
}

async function run(ports: CyclePorts, range: TimeRange, format: string, io: Io, options: BackfillOptions): Promise<ExitCode> {
  const lanes = await planBackfill(ports, { ...options, signal: io.signal }, range);
  const refusals = lanes.flatMap(refusalsOf);
  for (const refusal of refusals) io.err(`${refusal}\n`);
  const whole = wholeRange(lanes);
  if (whole === undefined) {
    io.err('no hour of that range can be backfilled\n');
    return exitCodes.failed;
  }
  const messages: OutgoingMessage[] = [];
  const wouldSend = (sent: readonly OutgoingMessage[]): void => void messages.push(...sent);
  const tally = new BackfillTally();
  const failure = await runDays(ports, { ...options, halt: io.signal, wouldSend }, lanes, tally, io);
  await show(messages, format, io);
  io.err(`${shortInstant(whole.start)} to ${shortInstant(whole.end)}${options.dryRun === true ? ', dry run' : ''}: ${tally.text()}\n`);
  if (failure !== undefined) io.err(`stopped: ${failure}\n`);
  if (io.signal.aborted || failure !== undefined) io.err('the same command goes on from here\n');
  io.signal.throwIfAborted();
  return failure === undefined && refusals.length === 0 && tally.isWhole ? exitCodes.done : exitCodes.failed;
}

/** Resolves to why it stopped before the last day, if it did. */
async function runDays(
  ports: CyclePorts,
  options: BackfillOptions,
  lanes: readonly BackfillLane[],
  tally: BackfillTally,
  io: Io,
): Promise<string | undefined> {
  const days = backfillDays(lanes);
  for (const [index, day] of days.entries()) {
    if (io.signal.aborted) return undefined;
    const name = formatInstant(day.start).slice(0, 10);
    const report = await backfillDay(watched(ports, `${name}, day ${index + 1} of ${days.length}`, io), options, lanes, day);
    if (io.isTerminal) io.err('\r\u001b[K');
    const ofDay = new BackfillTally();
    for (const each of [ofDay, tally]) each.add(report);
    for (const { text } of report.rules.flatMap(troublesOf)) io.err(`${text}\n`);
    if (hadWork(report)) io.err(`${name}: ${ofDay.text()} (day ${index + 1} of ${days.length})\n`);
    const unreachable = report.rules.find((rule) => rule.unreachable !== undefined)?.unreachable;
    if (unreachable !== undefined) return unreachable;
  }
  return undefined;
}

/** The same ports; on a terminal, one line tells how many requests the day has taken so far. */
function watched(ports: CyclePorts, title: string, io: Io): CyclePorts {
  if (!io.isTerminal) return ports;
  let requests = 0;
  const pull: CyclePorts['source']['pull'] = (request) => {
    requests += 1;
    io.err(`\r\u001b[K${title}, request ${requests}`);
    return ports.source.pull(request);
  };
  return { ...ports, source: { pull } };
}

async function show(messages: readonly OutgoingMessage[], format: string, io: Io): Promise<void> {
  const texts = messages.map(({ body }) => new TextDecoder().decode(body));
  if (texts.length === 0) return;
  if (format === 'ndjson') await io.out(texts.map((text) => `${text}\n`).join(''));
  else await io.out(`${incidentTable(texts.map((text) => JSON.parse(text) as IncidentMessage))}\n`);
}

/** The command's start, and the time since then. */
function clockOf(io: Io): Clock {
  const startedMs = io.elapsedMs();
  return { now: (): Instant => addTicks(io.startedAt, BigInt(Math.trunc(io.elapsedMs() - startedMs)) * TICKS_PER_MILLISECOND) };
}

export function addBackfill(program: Command, { io, exit }: CommandContext): void {
  const command = program.command('backfill').description('Evaluates past hours now, and failing ones again.');
  addRangeOptions(command, 'the first instant; the whole hour that it is in', 'up to here (default: now); hours that are over');
  addLedgerOptions(command)
    .option('--dry-run', 'show what would be sent; send and write nothing')
    .addOption(new Option('--format <format>', 'how a dry run shows it').choices(['table', 'ndjson']).default('table'))
    .addHelpText('after', help)
    .action(async (options: BackfillCommandOptions) => {
      exit(await backfill(options, io));
    });
}
