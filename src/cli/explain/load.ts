import { binAt, type Bin } from '../../hunt/bins';
import { latestPass, passes } from '../../hunt/due';
import type { CompiledRule } from '../../plan/compiled-rule';
import { addTicks, instant, TICKS_PER_DAY, TICKS_PER_MINUTE, type Instant } from '../../value/instant';
import { durationText } from '../time-text';
import type { Load } from './explanation';

/** Of the default schedule, every five minutes. */
const TICK = 5n * TICKS_PER_MINUTE;

/** The passes of one bin that never fails, by playing the timer from a time on to its audit: the instants of its evaluations. */
function evaluationsOf(bin: Bin, monotone: boolean, from: Instant): readonly Instant[] {
  const audit = passes(bin).at(-1) ?? bin.end;
  const evaluations: Instant[] = [];
  for (let now = from; now <= audit; now = addTicks(now, TICK)) {
    const pass = latestPass(bin, monotone, now);
    const last = evaluations.at(-1);
    if (pass !== undefined && (last === undefined || last < pass)) evaluations.push(now);
  }
  return evaluations;
}

const EXAMPLE = instant('2026-03-10T10:00:00Z');

/** The evaluations of a shifted bin in whose cycle not both of the rule's own bins under it are evaluated, so that it is pulled itself. */
function pullsOfShifted(width: bigint, shift: bigint): number {
  const first = binAt({ width, shift: 0n }, EXAMPLE);
  const second = binAt({ width, shift: 0n }, first.end);
  const [one, two] = [first, second].map((own) => new Set(evaluationsOf(own, true, own.start)));
  const shifted = binAt({ width, shift }, addTicks(first.start, shift));
  const evaluations = evaluationsOf(shifted, true, second.start);
  return evaluations.filter((at) => one?.has(at) !== true || two?.has(at) !== true).length;
}

/** What one workspace is asked in a day once the rule has caught up: each bin is then at one of its evaluations. */
export function loadOf({ split, monotone, splitPairs, plan }: CompiledRule): Load | undefined {
  if (!split.splits) return undefined;
  const width = BigInt(split.unitWidth);
  const bin = binAt({ width, shift: 0n }, EXAMPLE);
  const evaluationsPerBin = evaluationsOf(bin, monotone.monotone, bin.start).length;
  const binsPerDay = Number(TICKS_PER_DAY) / Number(width);
  return {
    binWidth: durationText(width),
    binsPerDay,
    evaluationsPerBin,
    requestsPerDay: Math.round(binsPerDay * evaluationsPerBin * plan.tables.length),
    splitPairRequestsPerDay: splitPairs.finds
      ? Math.round(binsPerDay * pullsOfShifted(width, BigInt(split.binWidth) / 2n) * plan.tables.length)
      : 0,
  };
}
