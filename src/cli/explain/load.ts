import type { Grid } from '../../hunt/bins';
import { binAt } from '../../hunt/bins';
import { latestPass, passes } from '../../hunt/due';
import type { CompiledRule } from '../../plan/compiled-rule';
import { addTicks, instant, TICKS_PER_DAY, TICKS_PER_MINUTE, type Instant } from '../../value/instant';
import { durationText } from '../time-text';
import type { Load } from './explanation';

/** Of the default schedule, every five minutes. */
const TICK = 5n * TICKS_PER_MINUTE;

/** How often a bin is evaluated that never fails, by playing the timer from its start to its audit. */
function evaluationsOf(grid: Grid, monotone: boolean): number {
  const bin = binAt(grid, instant('2026-03-10T10:00:00Z'));
  const audit = passes(bin).at(-1) ?? bin.end;
  let evaluatedAt: Instant | undefined;
  let evaluations = 0;
  for (let now = bin.start; now <= audit; now = addTicks(now, TICK)) {
    const pass = latestPass(bin, monotone, now);
    if (pass === undefined || (evaluatedAt !== undefined && evaluatedAt >= pass)) continue;
    evaluatedAt = now;
    evaluations += 1;
  }
  return evaluations;
}

/** What one workspace is asked in a day once the rule has caught up: each bin is then at one of its evaluations. */
export function loadOf({ split, monotone, plan }: CompiledRule): Load | undefined {
  if (!split.splits) return undefined;
  const width = BigInt(split.unitWidth);
  const evaluationsPerBin = evaluationsOf({ width, shift: 0n }, monotone.monotone);
  const binsPerDay = Number(TICKS_PER_DAY) / Number(width);
  return {
    binWidth: durationText(width),
    binsPerDay,
    evaluationsPerBin,
    requestsPerDay: Math.round(binsPerDay * evaluationsPerBin * plan.tables.length),
  };
}
