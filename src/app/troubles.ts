import type { BinFailure, RuleReport } from '../hunt/summary';
import { formatInstant } from '../value/instant';

export interface Trouble {
  readonly level: 'warn' | 'error';
  /** One line for people, without row contents. */
  readonly text: string;
}

/** Whatever kept a bin of a workspace and rule from being done in a cycle, and what is odd about one that was. */
export function troublesOf({ summary, failures, shrunk, noSource, unreachable, problems }: RuleReport): readonly Trouble[] {
  const about = `rule ${summary.ruleId}, workspace ${summary.workspaceId}`;
  const error = (text: string): Trouble => ({ level: 'error', text });
  const warn = (text: string): Trouble => ({ level: 'warn', text });
  return [
    ...[...byCause(failures)].map(([cause, together]) => error(`${about}, ${placesOf(together)}: ${cause}`)),
    ...shrunk.map((bin) => warn(`${about}, bin ${formatInstant(bin.start)}: fewer rows than before; what was reported stays as it is`)),
    ...(noSource === undefined ? [] : [warn(`${about}: no source: ${noSource}`)]),
    ...(unreachable === undefined ? [] : [error(`${about}: ${unreachable}`)]),
    ...problems.map((problem) => error(`${about}: ${problem}`)),
  ];
}

/** A workspace that cannot be asked fails all its bins alike. */
function byCause(failures: readonly BinFailure[]): ReadonlyMap<string, readonly BinFailure[]> {
  const causes = new Map<string, BinFailure[]>();
  for (const failure of failures) {
    const cause = `${failure.code}: ${failure.reason}`;
    causes.set(cause, [...(causes.get(cause) ?? []), failure]);
  }
  return causes;
}

function placesOf(failures: readonly BinFailure[]): string {
  const [first, ...others] = failures;
  if (first !== undefined && others.length === 0) return placeOf(first);
  const starts = failures.map(({ bin }) => formatInstant(bin.start)).sort();
  return `${failures.length} bins, of ${starts.at(0)} to ${starts.at(-1)}`;
}

/** The bin, and the part of it that was asked for where that was not all. */
function placeOf({ bin, range }: BinFailure): string {
  const place = `bin ${formatInstant(bin.start)}`;
  if (range.start === bin.start && range.end === bin.end) return place;
  return `${place}, range ${formatInstant(range.start)} to ${formatInstant(range.end)}`;
}
