import { addTicks, formatInstant, instant, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import type { HistoryRow } from './history';
import { EXCLUDED_HOST } from './rules';
import { binTextOf, distinct, idOf, textOf, truths } from './truth';

/** What the rows say of pairs that an edge of the rule's bins parts, each no more than half a bin from the edge: id -> pair. */
export type PartedTruth = ReadonlyMap<string, PartedPair>;

export interface PartedPair {
  /** Start of the bin that is shifted by half, `yyyy-MM-ddTHH:mm`. */
  readonly bin: string;
  readonly content: string;
  /** The ids that the rule's own incidents of the same entities would have in the two bins that the edge parts. */
  readonly beside: readonly string[];
}

/** How many accounts a removal and the one across the edge must have; for rules that find no such pairs none is given. */
const accountsOf: Readonly<Record<string, 1 | 2>> = { 'many-1': 2, 'many-2': 1, 'many-3': 2, 'many-6': 2 };

export function partedOf(hash: string, rows: readonly HistoryRow[]): PartedTruth {
  const [plan, accounts] = [truths[hash], accountsOf[hash]];
  const found = new Map<string, PartedPair & { readonly rows: readonly HistoryRow[] }>();
  if (plan === undefined || accounts === undefined) return found;
  const removals = rows.filter(({ table, host }) => table === 'Removals' && host !== EXCLUDED_HOST);
  const half = (BigInt(plan.minutes) * TICKS_PER_MINUTE) / 2n;
  for (const after of removals) {
    const bin = binTextOf(after, plan.minutes);
    const edge = instant(`${bin}Z`);
    if (after.at >= addTicks(edge, half)) continue;
    for (const before of removals) {
      const isNear = before.at < edge && before.at >= addTicks(edge, -half);
      if (!isNear || before.host !== after.host || before.workspace !== after.workspace) continue;
      if (accounts === 2 && before.account === after.account) continue;
      const start = minuteOf(addTicks(edge, -half));
      const id = `${idOf(plan, after, start)}.split`;
      const both = [...(found.get(id)?.rows ?? []), before, after];
      const results = distinct(both.map(({ account, note }) => `${account} ${note}`));
      const beside = [before, after].map((row) => idOf(plan, row, binTextOf(row, plan.minutes)));
      found.set(id, { bin: start, rows: both, content: textOf({ results, rows: both }), beside });
    }
  }
  return found;
}

/** Those for which no incident of the rule stands: id -> content. */
export function unlessBeside(parted: PartedTruth, stands: (id: string) => boolean): ReadonlyMap<string, string> {
  return new Map([...parted].flatMap(([id, { content, beside }]) => (beside.some(stands) ? [] : [[id, content] as const])));
}

function minuteOf(at: Instant): string {
  return formatInstant(at).slice(0, 16);
}
