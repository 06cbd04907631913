import type { Instant, TimeRange } from '../value/instant';
import { SwappedBlobs } from './compare-and-swap';
import type { CycleContext } from './cycle-context';
import { dryBlobs, drySink } from './dry-run';
import { Hub } from './hub';
import type { BlobStore, Clock, IncidentSink, OutgoingMessage, RowSource } from './ports';
import { RowPool } from './row-pool';
import type { RuleProgram } from './rule-program';
import { RuleRun } from './rule-run';
import { cycleReport, type CycleReport } from './summary';
import { Turns, type After } from './turns';

/** As many as may query at once: a rule that is alone can use all turns. */
const BINS_AT_ONCE = 5;

export interface CyclePorts {
  readonly clock: Clock;
  readonly source: RowSource;
  readonly sink: IncidentSink;
  readonly ledger: BlobStore;
  readonly deadLetters: BlobStore;
  /** A timer, by which a slow pull is noticed; without one, others wait for it. */
  readonly after?: After;
}

export interface CycleOptions {
  /** GUIDs in lower case, each once. */
  readonly workspaceIds: readonly string[];
  /** Each rule once. */
  readonly programs: readonly RuleProgram[];
  /** First instant to cover, for rules without a ledger; default 49 h before their first cycle. */
  readonly startAt?: Instant;
  /** Writes and publishes nothing. A rule without a ledger covers the open bin and the one that closed last. */
  readonly dryRun?: boolean;
  /** Bins of one rule and workspace that are worked on side by side, once there is known to be a source; default 5. */
  readonly binsAtOnce?: number;
  /** In a dry run, told of the messages that would have been published. */
  readonly wouldSend?: (messages: readonly OutgoingMessage[]) => void;
  /** No bin is begun at or after it; what is left is reported. */
  readonly deadline?: Instant;
  /** Ends pulls under way, whose bins have failed then; no bin is begun after it. */
  readonly signal?: AbortSignal;
  /** Ends the cycle whatever it waits for: what is under way is left, as if the process had died, and the next cycle does it. */
  readonly stop?: AbortSignal;
  /** No bin is begun once it is aborted; those under way are finished. */
  readonly halt?: AbortSignal;
  /**
   * The time to work on instead of all that is due: the closed bins in it whose evaluation is not up to date, failing ones at once, all of
   * which the ledger covers from then on. It may be empty, for a rule that has nothing to do.
   */
  readonly only?: (workspaceId: string, program: RuleProgram) => TimeRange;
  /** Asked once for each incident, at its first revision: nothing is ever sent for one that is excluded. Default: none. */
  readonly excludes?: CycleContext['excludes'];
}

/**
 * Does all that is due, rules and workspaces side by side: none waits for another that is slow or broken, and no backlog keeps a rule from
 * its open bin. Does not reject: what goes wrong is in the report.
 */
export async function runCycle(ports: CyclePorts, options: CycleOptions): Promise<CycleReport> {
  const dryRun = options.dryRun === true;
  const hub = new Hub(dryRun ? drySink(options.wouldSend) : ports.sink);
  const cycle: CycleContext = {
    clock: ports.clock,
    source: ports.source,
    hub,
    ledger: new SwappedBlobs(dryRun ? dryBlobs(ports.ledger) : ports.ledger),
    deadLetters: dryRun ? dryBlobs(ports.deadLetters) : ports.deadLetters,
    pool: new RowPool(),
    turns: new Turns(ports.after),
    binsAtOnce: options.binsAtOnce ?? BINS_AT_ONCE,
    now: ports.clock.now(),
    startAt: options.startAt,
    deadline: options.deadline,
    signal: options.signal,
    stop: options.stop,
    halt: options.halt,
    dryRun,
    only: options.only,
    excludes: options.excludes ?? (() => false),
  };
  const stopped = untilAborted(options.stop);
  await Promise.race([hub.probe(), stopped]);
  const runs = options.workspaceIds.flatMap((workspaceId) => options.programs.map((program) => new RuleRun(cycle, workspaceId, program)));
  await Promise.race([Promise.all(runs.map((run) => run.run())), stopped]);
  return cycleReport(runs.map((run) => run.report()));
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
