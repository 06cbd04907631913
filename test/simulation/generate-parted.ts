import { addTicks, binStart, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import { edgeBetweenAudits, isBetweenAudits } from './generate';
import { arrival, type RowsOptions } from './generate-rows';
import { planChanges, type Deployment, type HistoryRow } from './history';
import type { Random } from './random';
import { planOf } from './rules';

/** The widths of bins that find pairs which an edge parts, in hours. */
const WIDTHS = [4, 4, 3];

export interface PartedOptions extends RowsOptions {
  readonly deployments: readonly Deployment[];
}

/**
 * Removals by two accounts before and after an edge; and, later, now and then one that makes an incident of the rule on one side. Where the
 * rule is deployed again, there are more of them, in the day before that.
 */
export function generateParted(random: Random, options: PartedOptions): readonly HistoryRow[] {
  const { start, end, deployments } = options;
  const between = deployments.find(({ at }) => isBetweenAudits({ start, end }, at));
  if (between !== undefined) {
    const edge = edgeBetweenAudits(between);
    return random.times(8, () => acrossEdge(random, options, edge, edge)).flat();
  }
  const deployed = planChanges(deployments).find(({ plan }) => planOf(plan).rule === 'many' && plan !== 'many-1')?.at;
  if (deployed === undefined || deployed > end) {
    const count = random.weighted<number>([30, 0], [45, 1], [25, 2]);
    return random.times(count, () => acrossEdge(random, options, start, end)).flat();
  }
  const dayBefore = addTicks(deployed, -TICKS_PER_DAY);
  return random.times(12, () => acrossEdge(random, options, dayBefore < start ? start : dayBefore, deployed)).flat();
}

function acrossEdge(random: Random, options: RowsOptions, from: Instant, to: Instant): readonly HistoryRow[] {
  const { workspace, start, end, latest, isLate } = options;
  const hours = random.pick(WIDTHS);
  const around = addTicks(from, BigInt(random.int(0, Number((to - from) / TICKS_PER_MINUTE))) * TICKS_PER_MINUTE);
  const edge = binStart(around, BigInt(hours) * TICKS_PER_HOUR);
  const host = random.pick(['ex02', 'ex04', 'ex05', 'ex06', 'ex07', 'ex08']);
  const one = (account: string, time: Instant, lateness?: bigint): HistoryRow => {
    const at = time < start ? start : time < end ? time : addTicks(end, -1n);
    const arrives = lateness === undefined ? arrival(random, at, options) : addTicks(at, lateness);
    return { workspace, table: 'Removals', at, arrives: arrives < latest ? arrives : latest, host, account, note: `n${random.int(1, 9)}` };
  };
  const within = hours * 30;
  const before = addTicks(edge, BigInt(-random.int(1, within)) * TICKS_PER_MINUTE - (random.chance(0.1) ? 0n : 1n));
  const after = addTicks(edge, BigInt(random.chance(0.1) ? 0 : random.int(0, within - 1)) * TICKS_PER_MINUTE);
  const pair = [one('alice', before), one('bob', after)];
  if (!random.chance(0.6)) return pair;
  const at = addTicks(random.pick([before, after]), BigInt(random.int(0, 20)) * TICKS_PER_MINUTE);
  const minutesLate = random.chance(0.3) ? random.int(0, 60) : isLate ? random.int(60 * 60, 160 * 60) : random.int(60, 48 * 60);
  return [...pair, one('carol', at, BigInt(minutesLate) * TICKS_PER_MINUTE)];
}
