import { Option, type Command } from 'commander';
import { openLedger } from '../../app/ports';
import { UNREADABLE, type BinState } from '../../hunt/bin-states';
import { SwappedBlobs } from '../../hunt/compare-and-swap';
import { readCoverage, type LaneCoverage } from '../../hunt/read-coverage';
import { sideBySide } from '../../hunt/side-by-side';
import { readCoverageSettings } from '../../settings';
import { counted } from '../../value/counted';
import { compareInstants } from '../../value/instant';
import { coverageJson } from '../ledger/render-json';
import { renderLane } from '../ledger/render-table';
import { exitCodes, type ExitCode, type Io } from '../io';
import { addLedgerOptions, addRangeOptions, readScope, recordsOf, withSettings, type LedgerOptions } from '../ledger/options';
import { checkRange } from '../run/options';
import { shortInstant } from '../time-text';
import type { CommandContext } from './context';

const LANES_AT_ONCE = 5;

interface CoverageOptions extends LedgerOptions {
  readonly format: 'table' | 'json';
}

const help = `
Reads the ledger that the function writes, with the function's settings: HUNT_WORKSPACES, HUNT_RULES, HUNT_START,
HUNT_SPLIT_PAIRS, HUNT_SOURCES and HuntLedger…. It asks no workspace and writes nothing.

States of an hour:
  open       it is not over yet
  closed     it is over, and nothing is due: later passes will look for late rows
  due        a pass has come; the next cycle evaluates it
  missing    it was not evaluated since its close, although its first pass was over an hour ago
  failing    its last evaluation came to nothing; why, how often, and when it is tried again
  final      evaluated when no row could come any more, 49 hours after its close
  no-source  the workspace has no such table or function, or no data, and never had

Where a rule finds pairs that the edge of an hour parts, the bins across the edges are shown too, on their own: they have
records of their own, and begin half an hour after the rule's.

The exit code is 1 if an hour is missing or failing; docs/operate.md says what to do then.

Example:
  $ export HUNT_WORKSPACES=11111111-2222-4333-8444-555555555555 HuntLedger=file:.hunt/ledger HUNT_SPLIT_PAIRS=off

  $ hunt coverage
  workspace 11111111-2222-4333-8444-555555555555
  rule 4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87 Host Exporting Mailbox and Removing Export (Normalized Process Events)
  covered from 2026-03-08T11:00:00Z
    From (UTC)        To                Bins  State
    ────────────────  ────────────────  ────  ──────────────────────────────────────────────────────────────────────────────
    2026-03-08 11:00  2026-03-10 07:00    44  closed
    2026-03-10 07:00  2026-03-10 08:00     1  failing: busy, tried 3 times since 2026-03-10 08:15, next try 2026-03-10 12:05
    2026-03-10 08:00  2026-03-10 12:00     4  closed
    2026-03-10 12:00  2026-03-10 13:00     1  open`;

async function coverage(options: CoverageOptions, io: Io): Promise<ExitCode> {
  checkRange(options);
  const settings = await withSettings(() => readCoverageSettings(io.environment));
  const { workspaceIds, rules } = await readScope(settings, options, io);
  const blobs = new SwappedBlobs(openLedger(settings.ledger));
  const question = { blobs, startAt: settings.start, now: io.startedAt, from: options.from, to: options.to };
  const asked = workspaceIds.flatMap((workspaceId) => rules.flatMap((rule) => recordsOf(rule)).map((rule) => ({ workspaceId, ...rule })));
  const read = await sideBySide(asked, LANES_AT_ONCE, async ({ workspaceId, program, name }) => {
    io.signal.throwIfAborted();
    return { name, lane: await readCoverage(question, workspaceId, program) };
  });
  // The shifted bins begin with the rule's first whole answer, and not at all where they are turned off.
  const lanes = read.filter(({ lane }) => lane.program.grid.shift === 0n || lane.coverage !== undefined || lane.problems.length > 0);
  const found = lanes.map(({ lane }) => lane);
  if (options.format === 'json') await io.out(`${JSON.stringify(coverageJson(io.startedAt, found), undefined, 2)}\n`);
  else await io.out(`${lanes.map(({ lane, name }) => renderLane(lane, name)).join('\n\n')}\n`);
  const advice = adviceFor(found);
  for (const line of advice) io.err(`${line}\n`);
  return advice.length === 0 ? exitCodes.done : exitCodes.failed;
}

/** What is not as it should be, and what to do; nothing where all is well. */
function adviceFor(lanes: readonly LaneCoverage[]): readonly string[] {
  const bins = lanes.flatMap((lane) => lane.bins);
  const wrong = (state: BinState): typeof bins => bins.filter((each) => each.state === state && each.failure?.code !== UNREADABLE);
  const [missing, failing] = [wrong('missing'), wrong('failing')];
  const problems = lanes.flatMap((lane) => lane.problems);
  const unknown = lanes.filter(({ coverage: covered, problems: [problem] }) => covered === undefined && problem === undefined);
  const advice: string[] = [];
  if (unknown.length > 0)
    advice.push(`no cycle has begun yet for ${unknown.length} of ${lanes.length} workspaces and rules: is the function running?`);
  if (missing.length + failing.length > 0) {
    const starts = [...missing, ...failing].map(({ bin }) => bin.start).sort(compareInstants);
    const ends = [...missing, ...failing].map(({ bin }) => bin.end).sort(compareInstants);
    const [from, to] = [starts.at(0), ends.at(-1)];
    advice.push(`${missing.length} missing and ${failing.length} failing`);
    if (from !== undefined && to !== undefined)
      advice.push(`to evaluate them now: hunt backfill --from ${shortInstant(from)} --to ${shortInstant(to)}`);
  }
  if (problems.length > 0) advice.push(`${counted(problems.length, 'blob')} cannot be read; hunt restore says what can be done`);
  return advice;
}

export function addCoverage(program: Command, { io, exit }: CommandContext): void {
  const command = program.command('coverage').description('Shows which hours the function has covered, by its ledger.');
  addLedgerOptions(command);
  addRangeOptions(command, 'the first instant to show (default: where the coverage begins)', 'up to here (default: now)')
    .addOption(new Option('--format <format>', 'how it is shown').choices(['table', 'json']).default('table'))
    .addHelpText('after', help)
    .action(async (options: CoverageOptions) => {
      exit(await coverage(options, io));
    });
}
