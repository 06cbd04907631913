import { addTicks, instant, TICKS_PER_MINUTE, TICKS_PER_SECOND, type Instant } from '../../src/value/instant';
import { quietTicks } from '../simulation/generate';
import { generateRows } from '../simulation/generate-rows';
import type { History, HistoryRow } from '../simulation/history';
import { Random } from '../simulation/random';
import { planFaults, type PlannedFault } from './wire-faults';

/** A history of some hours, short because its cycles take real time, and what goes wrong on the wire in it. */
export interface WireHistory extends History {
  /** Rows that one query gives at most; undefined for the service's own limit. */
  readonly maxRows: number | undefined;
  readonly cycles: readonly WireCycle[];
}

/** What happens at one moment: one instance of the program, or two at once. */
export interface WireCycle {
  readonly at: Instant;
  /** For all instances together. */
  readonly faults: readonly PlannedFault[];
  readonly runs: readonly WireRun[];
}

export interface WireRun {
  /** The invocation's time, in seconds of the world's clock. */
  readonly budget: number;
  /** The process ends at a call to a port, counted from 1. */
  readonly death: { readonly call: number; readonly side: 'before' | 'after' } | undefined;
}

/** What may be in no report and no error: every row has it. */
export const ROW_SECRET = 'hunter2';

/** The history of a seed. */
export function generate(seed: number): WireHistory {
  const random = new Random(seed);
  const minutesAfter = (from: Instant, least: number, most: number): Instant =>
    addTicks(from, BigInt(random.int(least, most)) * TICKS_PER_MINUTE);
  const start = minutesAfter(instant('2026-03-10T00:00Z'), 0, 48 * 60);
  const end = minutesAfter(start, 120, 240);
  const cycles: WireCycle[] = [];
  let at = minutesAfter(start, 30, 240);
  for (let left = random.int(3, 6); left > 0; left -= 1) {
    cycles.push(cycle(random, at));
    const minutes = random.weighted<number>([50, random.int(5, 60)], [30, random.int(60, 300)], [20, random.int(300, 1_000)]);
    at = minutesAfter(at, minutes, minutes);
  }
  const deployments = random.chance(0.25) ? [{ at: minutesAfter(start, 60, 600), plan: random.pick(['pair-2', 'few-2', 'many-2']) }] : [];
  const rows = generateRows(random, { workspace: 'w1', start, end, isLate: false, latest: quietTicks({ end }).audit });
  return {
    start,
    end,
    startAt: minutesAfter(start, -90, 0),
    latency: 1,
    rows: rows.map((row) => ({ ...row, note: `${row.note} ${ROW_SECRET}` })),
    ticks: [],
    conditions: [],
    deployments,
    commands: [],
    maxRows: random.chance(0.4) ? Math.max(random.int(4, 8), mostAtOnce(rows)) : undefined,
    cycles,
  };
}

/** Rows of one table in one second: a range is not made shorter than that. */
function mostAtOnce(rows: readonly HistoryRow[]): number {
  const counts = new Map<string, number>();
  for (const { table, at } of rows) {
    const second = `${table} ${at / TICKS_PER_SECOND}`;
    counts.set(second, (counts.get(second) ?? 0) + 1);
  }
  return Math.max(...counts.values());
}

function cycle(random: Random, at: Instant): WireCycle {
  const run = (): WireRun => ({
    budget: random.int(10, 60),
    death: random.chance(0.15) ? { call: random.int(1, 60), side: random.pick(['before', 'after'] as const) } : undefined,
  });
  return { at, faults: random.chance(0.85) ? planFaults(random) : [], runs: random.times(random.chance(0.2) ? 2 : 1, run) };
}
