import type { Log } from './app/invocation';
import { openPorts } from './app/ports';
import { loadExclusions, loadRules } from './app/rules';
import { troublesOf } from './app/troubles';
import { runCycle } from './hunt/cycle';
import { exclusionsAt } from './hunt/exclusions';
import type { Clock } from './hunt/ports';
import { createProgram } from './hunt/program';
import { summaryLine, type CycleReport } from './hunt/summary';
import { readHuntSettings } from './settings';
import { addTicks, TICKS_PER_MILLISECOND } from './value/instant';

/** The function `hunt`, from settings to one cycle: everything behind the trigger. */

export interface HuntInvocation {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of the compiled rules, one ID.json each, and of exclusions.json. */
  readonly rulesFolder: string;
  readonly log: Log;
  readonly clock: Clock;
  /** No bin is begun later than this many milliseconds after the start. */
  readonly beginMs: number;
  /** Pulls under way are ended this many milliseconds after the start. */
  readonly endMs: number;
  /** Nothing is waited for any more this many milliseconds after the start; default 35 s after the pulls are ended. */
  readonly stopMs?: number;
}

/** One `hunt.cycle` line for each workspace and rule, and a line in words for whatever kept a bin from being done. */
function logReport({ rules }: CycleReport, log: Log): void {
  for (const rule of rules) {
    for (const { level, text } of troublesOf(rule)) log[level](text);
    log[rule.summary.outcome === 'ok' ? 'info' : 'error'](summaryLine(rule.summary));
  }
}

/**
 * Runs one cycle. Rejects where the invocation fails: a setting is wrong, the ledger or the hub cannot be reached, or everything that was due
 * failed. Never logs row contents.
 */
export async function runHunt({
  environment,
  rulesFolder,
  log,
  clock,
  beginMs,
  endMs,
  stopMs = endMs + 35_000,
}: HuntInvocation): Promise<void> {
  const signal = AbortSignal.timeout(endMs);
  const stop = AbortSignal.timeout(stopMs);
  const deadline = addTicks(clock.now(), BigInt(beginMs) * TICKS_PER_MILLISECOND);
  const settings = readHuntSettings(environment);
  const rules = await loadRules(rulesFolder, settings.rules);
  const exclusions = await loadExclusions(rulesFolder);
  const ports = openPorts(settings, clock);
  try {
    const report = await runCycle(ports, {
      workspaceIds: settings.workspaces,
      programs: rules.map((rule) => createProgram(rule, settings.sources, rule.companions, { splitPairs: settings.splitPairs })),
      dryRun: settings.dryRun,
      excludes: exclusionsAt(exclusions, clock.now()),
      deadline,
      signal,
      stop,
      ...(settings.start === undefined ? {} : { startAt: settings.start }),
    });
    logReport(report, log);
    if (report.failure !== undefined) throw new Error(report.failure);
  } finally {
    await ports.sink.close();
  }
}
