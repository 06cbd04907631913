import { addTicks, binStart, formatInstant, TICKS_PER_MINUTE, type Instant, type TimeRange } from '../../src/value/instant';
import type { HistoryRow } from './history';
import type { Outcome, PlayedBackfill } from './play';
import { ruleNames, type SimulatedPlan } from './rules';
import { storedHead } from './stored-ledger';

/** Whole bins that a backfill asked for. */
interface Asked extends TimeRange {
  /** Those before it are refused: they end before the oldest row of a table of the rule. */
  readonly least: Instant;
  readonly isWhole: boolean;
}

/**
 * What a backfill asked for is covered: the closed bins whose rows the workspace still had, from the oldest row of each table on. Nothing
 * else is, where all ran to their end.
 */
export function backfilled(outcome: Outcome): readonly string[] {
  const { world, history, workspaceIds, backfills } = outcome;
  return workspaceIds.flatMap((workspace) =>
    ruleNames.flatMap((rule) => {
      const { coveredFrom, backfilled: ranges } = storedHead(world.ledger, workspace, rule);
      if (coveredFrom === undefined) return [];
      const name = `${workspace}/${rule}`;
      const rows = history.rows.filter((row) => row.workspace === workspace);
      const asked = backfills.flatMap((backfill) => {
        const plan = backfill.plans.find((each) => each.rule === rule);
        return plan === undefined ? [] : [askedFor(backfill, plan, rows)];
      });
      const wrong: string[] = [];
      for (const { start, end, least, isWhole } of asked) {
        if (!isWhole) continue;
        if (least > start) world.hits.count('command: backfill of hours that are refused');
        const before = { start: least > start ? least : start, end: end < coveredFrom ? end : coveredFrom };
        if (before.start >= before.end) continue;
        world.hits.count('command: backfill before the coverage');
        if (hasGap(before, ranges)) wrong.push(`${name} was asked for from ${formatInstant(before.start)}, and was not backfilled`);
      }
      const may = asked.map(({ start, end, least, isWhole }) => ({ start: isWhole && least > start ? least : start, end }));
      const inOrder = may.sort((left, right) => Number(left.start - right.start));
      for (const range of ranges)
        if (hasGap(range, inOrder))
          wrong.push(`${name} was backfilled from ${formatInstant(range.start)}, which was not asked for or refused`);
      return wrong;
    }),
  );
}

function askedFor(
  { command: { from, to }, startedAt, beganAt, isWhole }: PlayedBackfill,
  { program, tables }: SimulatedPlan,
  rows: readonly HistoryRow[],
): Asked {
  const { width } = program.grid;
  // Of a rule that is not monotone a bin has its first pass a quarter of an hour after its close.
  const open = binStart(program.monotone ? startedAt : addTicks(startedAt, -15n * TICKS_PER_MINUTE), width);
  const end = addTicks(binStart(addTicks(to, -1n), width), width);
  const oldest = tables.map((table) => {
    const times = rows.filter((row) => row.table === table && row.arrives <= beganAt).map(({ at }) => at);
    return times.reduce((first, at) => (at < first ? at : first), open);
  });
  const least = oldest.map((at) => binStart(at, width)).reduce((last, at) => (at > last ? at : last));
  return { start: binStart(from, width), end: end < open ? end : open, least, isWhole };
}

/** Whether something of a range is in none of the others, which come in order of their start. */
export function hasGap({ start, end }: TimeRange, others: readonly TimeRange[]): boolean {
  let covered = start;
  for (const other of others) if (other.start <= covered && other.end > covered) covered = other.end;
  return covered < end;
}
