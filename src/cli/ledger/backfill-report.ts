import type { BackfillLane, EarlyBin } from '../../hunt/backfill';
import type { OldestRows } from '../../hunt/oldest-rows';
import type { CycleReport, CycleSummary } from '../../hunt/summary';
import { counted } from '../../value/counted';
import type { TimeRange } from '../../value/instant';
import { shortInstant } from '../time-text';

/** What a backfill did, or in a dry run would have done, over the days so far. */
export class BackfillTally {
  evaluated = 0;
  failing = 0;
  left = 0;
  new = 0;
  revised = 0;
  withdrawn = 0;
  excluded = 0;
  pending = 0;
  requests = 0;
  /** Workspaces and rules with a blob that cannot be read, in any of the days. */
  unreadable = 0;

  add({ rules }: CycleReport): void {
    for (const { summary, problems } of rules) {
      this.evaluated += summary.bins.done;
      this.failing += summary.bins.failing;
      this.left += summary.bins.left;
      this.new += summary.incidents.new;
      this.revised += summary.incidents.revised;
      this.withdrawn += summary.incidents.withdrawn;
      this.excluded += summary.incidents.excluded;
      this.pending += summary.incidents.pending;
      this.requests += summary.requests;
      this.unreadable += problems.length;
    }
  }

  get isWhole(): boolean {
    return this.failing + this.left + this.pending + this.unreadable === 0;
  }

  text(): string {
    const left = this.left === 0 ? '' : `, ${this.left} left`;
    return (
      `${counted(this.evaluated, 'bin')} evaluated, ${this.failing} failing${left}; ` +
      `incidents: ${this.new} new, ${this.revised} revised, ${this.withdrawn} withdrawn`
    );
  }
}

/** Whether a day had anything to do. */
export function hadWork({ rules }: CycleReport): boolean {
  return rules.some(({ summary, problems }) => summary.bins.due + summary.bins.failing + problems.length > 0 || hasPending(summary));
}

function hasPending({ incidents }: CycleSummary): boolean {
  return incidents.pending > 0;
}

/** A sentence for each reason why hours that were asked for are not backfilled. */
export function refusalsOf({ workspaceId, program, asked, oldest, early }: BackfillLane): readonly string[] {
  const about = `rule ${program.id}, workspace ${workspaceId}`;
  if (oldest.kind === 'unknown') return [`${about}: nothing is backfilled, for ${oldest.reason}`];
  const isFirstKept = oldest.start === asked.start || asked.start === asked.end;
  return [...(isFirstKept ? [] : [tooOld(about, oldest)]), ...(early === undefined ? [] : [tooEarly(about, early)])];
}

function tooOld(about: string, { start, table }: OldestRows & { readonly kind: 'from' }): string {
  const reason = `they end before the oldest row of ${table} that the workspace has, and would look as if nothing had happened`;
  if (start === undefined) return `${about}: all hours are refused: ${reason}`;
  return `${about}: the hours before ${shortInstant(start)} are refused: ${reason}. Use --from ${shortInstant(start)}`;
}

function tooEarly(about: string, { start, firstPass }: EarlyBin): string {
  const reason = 'later rows could take back what this rule finds, so it is not evaluated sooner than 15 minutes after its close';
  return `${about}: the hour from ${shortInstant(start)} on is refused: ${reason}. Give the command again from ${shortInstant(firstPass)} on`;
}

/** The whole bins of all lanes; undefined where there is none. */
export function wholeRange(lanes: readonly BackfillLane[]): TimeRange | undefined {
  const ranges = lanes.map(({ range }) => range).filter(({ start, end }) => start < end);
  return ranges.reduce<TimeRange | undefined>(
    (whole, { start, end }) =>
      whole === undefined ? { start, end } : { start: start < whole.start ? start : whole.start, end: end > whole.end ? end : whole.end },
    undefined,
  );
}
