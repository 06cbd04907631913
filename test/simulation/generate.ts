import {
  addTicks,
  binStart,
  instant,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
  type Instant,
} from '../../src/value/instant';
import { withCommands } from './generate-commands';
import { generateParted } from './generate-parted';
import { generateRows } from './generate-rows';
import { generateAuditTicks, generateTicks } from './generate-ticks';
import { withSkews } from './generate-skews';
import { SERVICES, type Condition, type Deployment, type History } from './history';
import { Random } from './random';

/**
 * What a history is about, beside faults, crashes and late rows within the promise, which all have.
 * - late: rows later than the promise too.
 * - thin: a row source that at times gives fewer rows than it did.
 * - retention: rows that are gone once they were seen.
 */
export type Family = 'usual' | 'late' | 'thin' | 'retention';

/** No row comes later after its event time, but in the family `late`. */
export const PROMISE = 48n * TICKS_PER_HOUR + 45n * TICKS_PER_MINUTE;

/** The widest bin: how long after the end of a history the last bin that has its rows may close. */
const WIDEST = 6n * TICKS_PER_HOUR;

const FINAL = 49n * TICKS_PER_HOUR;
const AUDIT = 7n * TICKS_PER_DAY;

/** When, after the end, every bin of the history can be evaluated for good, be audited, and be settled; and some time after. */
export interface QuietTicks {
  readonly final: Instant;
  readonly audit: Instant;
  readonly settled: Instant;
  readonly after: Instant;
}

export function quietTicks({ end }: Pick<History, 'end'>): QuietTicks {
  const audit = addTicks(end, WIDEST + AUDIT + TICKS_PER_MINUTE);
  const hoursAfter = (hours: bigint): Instant => addTicks(audit, hours * TICKS_PER_HOUR);
  return { final: addTicks(end, WIDEST + FINAL + TICKS_PER_HOUR), audit, settled: hoursAfter(2n), after: hoursAfter(4n) };
}

/** Whether the bins of a history are audited at the time, and not all yet. */
export function isBetweenAudits(history: Pick<History, 'start' | 'end'>, at: Instant): boolean {
  return at >= addTicks(history.start, AUDIT) && at < quietTicks(history).audit;
}

/** When, before a deployment between audits, all that can be is audited with the plan that was there before; then nothing runs until it comes. */
export function lullBefore({ at }: Deployment): Instant {
  return addTicks(at, -2n * TICKS_PER_HOUR);
}

/** The edge that parts a shifted bin which is audited before the lull from the rest of the rule's own bin, which is audited later. */
export function edgeBetweenAudits(deployment: Deployment): Instant {
  return binStart(addTicks(lullBefore(deployment), -AUDIT - 2n * TICKS_PER_HOUR), 4n * TICKS_PER_HOUR);
}

/** The history of a seed. */
export function generate(seed: number): History {
  const random = new Random(seed);
  const family = random.weighted<Family>([70, 'usual'], [10, 'late'], [10, 'thin'], [10, 'retention']);
  const start = addTicks(instant('2026-03-10T00:00Z'), BigInt(random.int(0, 48 * 60)) * TICKS_PER_MINUTE);
  const end = addTicks(start, BigInt(random.int(72 * 60, 76 * 60)) * TICKS_PER_MINUTE);
  const isDated = random.chance(0.75);
  const startsAfter = isDated ? random.int(-90, 46 * 60) : random.int(40 * 60, 60 * 60);
  const firstTick = addTicks(start, BigInt(isDated ? Math.max(0, startsAfter) + random.int(0, 5 * 60) : startsAfter) * TICKS_PER_MINUTE);
  const workspaces = random.chance(0.06) ? ['w1', 'w2'] : ['w1'];
  const quiet = quietTicks({ end });
  const inRows = { start, end, isLate: family === 'late', latest: quiet.settled };
  const history: History = {
    start,
    end,
    startAt: isDated ? addTicks(start, BigInt(startsAfter) * TICKS_PER_MINUTE) : undefined,
    latency: family === 'late' ? 0 : 2,
    rows: workspaces.flatMap((workspace) => generateRows(random, { workspace, ...inRows })),
    ticks: [
      ...generateTicks(random, { first: firstTick, last: addTicks(end, BigInt(random.int(1, 16)) * TICKS_PER_HOUR), family }),
      ...generateAuditTicks(random, { first: addTicks(start, AUDIT), last: addTicks(quiet.audit, -TICKS_PER_HOUR), family }),
    ],
    conditions: conditions(random, family, start, end, quiet.final),
    deployments: deployments(random, family, start, end, quiet),
    commands: [],
  };
  const isInLull = (at: Instant): boolean =>
    history.deployments.some(
      (each) => isBetweenAudits(history, each.at) && at > addTicks(lullBefore(each), -TICKS_PER_HOUR) && at <= each.at,
    );
  const ticks = history.ticks.filter(({ at }) => !isInLull(at));
  const parted = workspaces.flatMap((workspace) => generateParted(random, { workspace, ...inRows, deployments: history.deployments }));
  const whole = withCommands(random, family, { ...history, ticks, rows: [...history.rows, ...parted] });
  return family === 'usual' ? withSkews(new Random(seed + 1_000_000_007), whole) : whole;
}

function conditions(random: Random, family: Family, start: Instant, end: Instant, final: Instant): readonly Condition[] {
  const window = (leastHours: number, mostHours: number): { readonly from: Instant; readonly to: Instant } => {
    const from = addTicks(start, BigInt(random.int(0, Number((end - start) / TICKS_PER_MINUTE))) * TICKS_PER_MINUTE);
    return { from, to: addTicks(from, BigInt(random.int(leastHours * 60, mostHours * 60)) * TICKS_PER_MINUTE) };
  };
  const found: Condition[] = [];
  for (const service of SERVICES) if (random.chance(0.2)) found.push({ kind: 'outage', service, ...window(1, 10) });
  if (random.chance(0.05)) found.push({ kind: 'outage', service: 'row source', workspace: 'w1', ...window(2, 20) });
  if (random.chance(0.12)) {
    const at = addTicks(start, BigInt(random.int(0, Number((end - start) / TICKS_PER_MINUTE))) * TICKS_PER_MINUTE);
    found.push({
      kind: 'poison',
      table: random.pick(['Exports', 'Removals']),
      at,
      from: addTicks(at, -TICKS_PER_DAY),
      to: window(2, 30).to,
    });
  }
  if (random.chance(0.15)) found.push({ kind: 'exclusion', host: random.pick(['ex02', 'ex03']), ...window(5, 60) });
  if (random.chance(0.06)) {
    const to = addTicks(start, BigInt(random.int(1, 30)) * TICKS_PER_HOUR);
    found.push({ kind: 'no-source', table: random.pick(['Exports', 'Removals']), from: addTicks(start, -TICKS_PER_DAY), to });
  }
  // In both, what a pull gives for a bin must not depend on how often it is halved.
  if (family === 'thin') found.push({ kind: 'thin', ...window(3, 20) }, { kind: 'thin', ...window(3, 20) });
  else if (random.chance(0.3)) found.push({ kind: 'limit', rows: random.int(4, 8), ...window(10, 80) });
  if (family === 'retention') {
    const inHistory = random.chance(0.5);
    const after = inHistory ? random.int(20, 80) * 60 : Number((final - start) / TICKS_PER_MINUTE) + 1;
    found.push({ kind: 'retention', from: addTicks(start, BigInt(after) * TICKS_PER_MINUTE) });
  }
  return found;
}

function deployments(random: Random, family: Family, start: Instant, end: Instant, quiet: QuietTicks): readonly Deployment[] {
  const within = (): Instant => addTicks(start, BigInt(random.int(60, Number((end - start) / TICKS_PER_MINUTE))) * TICKS_PER_MINUTE);
  const plan = (): string =>
    random.pick(['pair-2', 'few-2', 'many-2', 'many-3', 'many-4', 'many-5', 'many-6', 'pair-1', 'few-1', 'many-1']);
  // A plan that comes after the rows are gone finds what the rest of them says.
  if (family === 'retention') return random.chance(0.3) ? [{ at: addTicks(start, 5n * TICKS_PER_HOUR), plan: plan() }] : [];
  if (family === 'usual' && random.chance(0.08)) return betweenAudits(random, start, end);
  const changes = planDeployments(random, family, within, plan, end, quiet);
  return random.chance(0.12) ? [...changes, ...turns(random, within, end)] : changes;
}

/** Split pairs are turned off, and most times on again. */
function turns(random: Random, within: () => Instant, end: Instant): readonly Deployment[] {
  const off = within();
  const on = addTicks(off, BigInt(random.int(30, 50 * 60)) * TICKS_PER_MINUTE);
  return [{ at: off, splitPairs: 'off' }, ...(random.chance(0.8) ? [{ at: on < end ? on : end, splitPairs: 'on' } as const] : [])];
}

/** With the later plan of `many` incidents are taken back for which pairs had been left; the bins of these pairs are audited already. */
function betweenAudits(random: Random, start: Instant, end: Instant): readonly Deployment[] {
  const edge = binStart(
    addTicks(start, BigInt(random.int(5 * 60, Number((end - start) / TICKS_PER_MINUTE) - 60)) * TICKS_PER_MINUTE),
    4n * TICKS_PER_HOUR,
  );
  const lull = addTicks(edge, AUDIT + 2n * TICKS_PER_HOUR + BigInt(random.int(1, 119)) * TICKS_PER_MINUTE);
  const at = addTicks(lull, 2n * TICKS_PER_HOUR);
  return [{ at, plan: random.weighted([70, 'many-6'], [10, 'many-2'], [10, 'pair-2'], [10, 'few-2']) }];
}

function planDeployments(
  random: Random,
  family: Family,
  within: () => Instant,
  plan: () => string,
  end: Instant,
  quiet: QuietTicks,
): readonly Deployment[] {
  const found: (Deployment & { readonly plan: string })[] = random.chance(0.35) ? [{ at: within(), plan: plan() }] : [];
  // Some hours later back to the first plan, or another rule too.
  const [first] = found;
  if (first !== undefined && random.chance(0.5)) {
    const at = addTicks(first.at, BigInt(random.int(60, 40 * 60)) * TICKS_PER_MINUTE);
    found.push({ at: at < end ? at : end, plan: random.chance(0.6) ? first.plan.replace(/\d$/, '1') : plan() });
  }
  if (family === 'usual' && random.chance(0.06)) found.push({ at: addTicks(quiet.final, TICKS_PER_SECOND), plan: plan() });
  if (family === 'usual' && random.chance(0.06)) found.push({ at: addTicks(quiet.settled, TICKS_PER_HOUR), plan: plan() });
  return found;
}
