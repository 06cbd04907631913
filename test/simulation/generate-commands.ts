import { addTicks, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import { isBetweenAudits, quietTicks, type Family } from './generate';
import { run } from './generate-ticks';
import type { Command, Deployment, History, Run, Tick } from './history';
import type { Random } from './random';

/** Now and then an operator backfills, or a blob of the ledger is damaged and brought back. Never both, so that each can be judged alone. */
export function withCommands(random: Random, family: Family, history: History): History {
  if (family === 'usual' && random.chance(0.1)) return withDamage(random, history);
  if ((family === 'usual' || family === 'late') && random.chance(0.12)) return withBackfill(random, family, history);
  return history;
}

/** Of hours that begin before the coverage or in it; the same again where it was stopped. */
function withBackfill(random: Random, family: Family, history: History): History {
  const { start, end } = history;
  const minutes = Number((end - start) / TICKS_PER_MINUTE);
  const backfills = random.times(random.int(1, 2), (): Command => {
    const at = addTicks(start, BigInt(random.int(60, minutes + 12 * 60)) * TICKS_PER_MINUTE);
    const from = addTicks(start, BigInt(random.int(-120, Math.floor(minutes / 2))) * TICKS_PER_MINUTE);
    const to = addTicks(from, BigInt(random.int(30, 40 * 60)) * TICKS_PER_MINUTE);
    return { kind: 'backfill', at, from, to, ...runs(random, family) };
  });
  // A range that was asked for is of the bins that the rule had then.
  const deployments = history.deployments.filter((each) => !('plan' in each) || each.plan !== 'many-3');
  const startAt =
    history.startAt === undefined ? undefined : later(history.startAt, addTicks(start, BigInt(random.int(0, 40)) * TICKS_PER_HOUR));
  return { ...history, startAt, deployments, commands: backfills };
}

/**
 * Some hours later it is noticed. An exclusion may be decided anew for what is not known any more: so there are none. And no plan has bins of
 * another width: a head that is brought back covers the bins of the old one that reach over its beginning.
 */
function withDamage(random: Random, history: History): History {
  const { start, end } = history;
  const quiet = quietTicks(history);
  const late = random.chance(0.25);
  const [first, last] = late
    ? [addTicks(start, 8n * TICKS_PER_DAY + 12n * TICKS_PER_HOUR), addTicks(quiet.audit, -6n * TICKS_PER_HOUR)]
    : [addTicks(start, 5n * TICKS_PER_HOUR), end];
  const damages = random.times(random.int(1, 3), () => {
    const at = addTicks(first, BigInt(random.int(0, Number((last - first) / TICKS_PER_MINUTE))) * TICKS_PER_MINUTE);
    return { kind: 'damage', at, which: random.next() } as const;
  });
  const restores = damages.map(({ at }): Command => {
    const noticed = addTicks(at, BigInt(random.int(0, late ? 120 : 20 * 60)) * TICKS_PER_MINUTE);
    const forgotten = random.weighted<number>([30, 0], [25, random.int(1, 4)], [45, random.int(5, 150)]);
    return { kind: 'restore', at: noticed, forgotten, ...runs(random, 'usual') };
  });
  // By then the first day or two are settled.
  const settling = (late ? [3n, 6n] : []).map((hours): Tick => {
    return { at: addTicks(start, 8n * TICKS_PER_DAY + hours * TICKS_PER_HOUR), fate: 'on time', seed: 1, runs: [{ faults: [] }] };
  });
  const isSteady = (deployment: Deployment): boolean =>
    'splitPairs' in deployment || (deployment.plan !== 'many-3' && !isBetweenAudits(history, deployment.at));
  return {
    ...history,
    conditions: history.conditions.filter(({ kind }) => kind !== 'exclusion'),
    deployments: history.deployments.filter(isSteady),
    ticks: [...history.ticks, ...settling],
    commands: [...damages, ...restores],
  };
}

function runs(random: Random, family: Family): { readonly run: Run; readonly beside: readonly Run[] } {
  const one = (): Run => (random.chance(0.4) ? run(random, false, family) : { faults: [] });
  return { run: one(), beside: random.chance(0.4) ? [one()] : [] };
}

function later(left: Instant, right: Instant): Instant {
  return left > right ? left : right;
}
