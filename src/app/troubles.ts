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
    ...failures.map((failure) => error(`${about}, ${placeOf(failure)}: ${failure.code}: ${failure.reason}`)),
    ...shrunk.map((bin) => warn(`${about}, bin ${formatInstant(bin.start)}: fewer rows than before; what was reported stays as it is`)),
    ...(noSource === undefined ? [] : [warn(`${about}: no source: ${noSource}`)]),
    ...(unreachable === undefined ? [] : [error(`${about}: ${unreachable}`)]),
    ...problems.map((problem) => error(`${about}: ${problem}`)),
  ];
}

/** The bin, and the part of it that was asked for where that was not all. */
function placeOf({ bin, range }: BinFailure): string {
  const place = `bin ${formatInstant(bin.start)}`;
  if (range.start === bin.start && range.end === bin.end) return place;
  return `${place}, range ${formatInstant(range.start)} to ${formatInstant(range.end)}`;
}
