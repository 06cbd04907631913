import type { Instant, TimeRange } from '../value/instant';
import { binAt, wholeBins } from './bins';
import { binStates, type StatedBin } from './bin-states';
import { LedgerUnreadable, type SwappedBlobs } from './compare-and-swap';
import { Coverage } from './coverage';
import { RuleLedger } from './ledger';
import { clip, union } from './ranges';
import type { RuleProgram } from './rule-program';

/** Days that are read at once. */
const DAYS_AT_ONCE = 8;

/** What the ledger says of one workspace and rule. */
export interface LaneCoverage {
  readonly workspaceId: string;
  readonly program: RuleProgram;
  /** Undefined where no cycle has begun yet, or the head cannot be read. */
  readonly coverage: Coverage | undefined;
  /** In order; with gaps where no range was asked for and the ledger covers something in part. */
  readonly bins: readonly StatedBin[];
  /** Messages in these bins that wait for an acknowledgement. */
  readonly pending: number;
  /** A sentence for each blob that cannot be read. */
  readonly problems: readonly string[];
}

export interface CoverageQuestion {
  readonly blobs: SwappedBlobs;
  readonly startAt: Instant | undefined;
  readonly now: Instant;
  /** Without a start: from where the rule's coverage begins. Without an end: now. */
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
}

/** Reads, and writes nothing. Rejects with PortUnavailable. */
export async function readCoverage(question: CoverageQuestion, workspaceId: string, program: RuleProgram): Promise<LaneCoverage> {
  const { blobs, startAt, now } = question;
  const ledger = new RuleLedger(blobs, `${workspaceId}/${program.ledgerFolder}`);
  const lane = { workspaceId, program };
  let coverage: Coverage | undefined;
  try {
    coverage = await Coverage.read(ledger, program.grid, program.grid.shift === 0n ? startAt : undefined);
  } catch (error) {
    if (!(error instanceof LedgerUnreadable)) throw error;
    return { ...lane, coverage: undefined, bins: [], pending: 0, problems: [error.message] };
  }
  const ranges = rangesOf(question, program, coverage);
  for (const range of ranges) await ledger.readDays(wholeBins(program.grid, range), DAYS_AT_ONCE);
  const bins = ranges.flatMap((range) => binStates({ ledger, coverage, program, now }, range));
  return { ...lane, coverage, bins, pending: ledger.pendingMessages(), problems: ledger.problems() };
}

function rangesOf({ now, from, to }: CoverageQuestion, { grid }: RuleProgram, coverage: Coverage | undefined): readonly TimeRange[] {
  const last = binAt(grid, now).end;
  const end = to !== undefined && to < last ? to : last;
  // A shifted bin whose own bins are not covered is none: these are what is missing.
  if (from !== undefined && grid.shift === 0n) return from < end ? [{ start: from, end }] : [];
  const covered = coverage === undefined ? [] : union(...coverage.backfilled, { start: coverage.start, end: last });
  return covered.flatMap((range) => clip(range, { start: from ?? range.start, end }));
}
