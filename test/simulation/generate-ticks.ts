import { addTicks, binStart, TICKS_PER_HOUR, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import type { Family } from './generate';
import { faultKinds, type Fate, type Fault, type Operation, type Run, type Tick } from './history';
import type { Random } from './random';

export interface TicksOptions {
  readonly first: Instant;
  readonly last: Instant;
  readonly family: Family;
}

/** For an hour or two every five minutes, as deployed; else, so that 72 hours are quick to play, some minutes or hours apart. */
export function generateTicks(random: Random, { first, last, family }: TicksOptions): readonly Tick[] {
  const dense = random.chance(0.25) ? addTicks(first, BigInt(random.int(0, 70)) * TICKS_PER_HOUR) : last;
  const sparse = addTicks(dense, BigInt(random.int(60, 120)) * TICKS_PER_MINUTE);
  const ticks: Tick[] = [];
  for (let at = first; at < last; at = addTicks(at, at >= dense && at < sparse ? EVERY : gap(random))) ticks.push(tick(random, at, family));
  return ticks;
}

/**
 * Some while bins are audited, with little time each: so not all is audited at once, and things go wrong then too. No instance has a
 * plan from before, which could have the last word.
 */
export function generateAuditTicks(random: Random, { first, last, family }: TicksOptions): readonly Tick[] {
  if (family === 'late' || !random.chance(0.3)) return [];
  const minutes = Number((last - first) / TICKS_PER_MINUTE);
  return random.times(random.int(1, 3), () => {
    const made = tick(random, addTicks(first, BigInt(random.int(0, minutes)) * TICKS_PER_MINUTE), family);
    const runs = made.runs.map(({ hold: _, ...run }) => ({ ...run, budget: random.int(4, 45) }));
    return { ...made, at: made.at < last ? made.at : last, fate: made.fate === 'held' ? 'on time' : made.fate, runs };
  });
}

/** The default schedule. */
const EVERY = 5n * TICKS_PER_MINUTE;

function gap(random: Random): bigint {
  const minutes = random.weighted<number>([35, random.int(5, 60)], [25, random.int(60, 300)], [40, random.int(300, 1_500)]);
  return BigInt(minutes) * TICKS_PER_MINUTE;
}

function tick(random: Random, at: Instant, family: Family): Tick {
  const fate = random.weighted<Fate>([45, 'on time'], [8, 'late'], [12, 'lost'], [8, 'doubled'], [22, 'overlapping'], [5, 'held']);
  // Now and then at a full hour, as passes are.
  if (random.chance(0.1)) at = binStart(at, TICKS_PER_HOUR);
  const late = fate === 'late' ? addTicks(at, BigInt(random.int(1, 240)) * TICKS_PER_MINUTE) : at;
  const count = fate === 'lost' ? 0 : fate === 'doubled' || fate === 'overlapping' ? 2 : 1;
  // A held instance may have a plan from before rows were gone.
  const isHeld = fate === 'held' && family !== 'retention';
  return {
    at: late,
    fate: fate === 'held' && !isHeld ? 'on time' : fate,
    seed: random.int(0, 2 ** 31),
    runs: random.times(count, () => run(random, isHeld, family)),
  };
}

export function run(random: Random, isHeld: boolean, family: Family): Run {
  const isFaulty = random.chance(0.6);
  const ends = random.chance(0.22);
  return {
    ...(random.chance(0.85) ? { budget: random.int(4, 45) } : {}),
    faults: isFaulty ? random.times(random.int(1, 3), () => faults(random, family)).flat() : [],
    ...(ends ? { death: death(random) } : {}),
    ...(isHeld ? { hold: { call: random.int(1, 40), minutes: random.int(5, 600) } } : {}),
    ...(random.chance(0.04) ? { abort: random.int(8, 60) } : {}),
  };
}

function death(random: Random): NonNullable<Run['death']> {
  const side = random.pick(['before', 'after'] as const);
  const on = random.weighted<Operation | undefined>(
    [4, undefined],
    [4, 'publish'],
    [4, 'dead-letter'],
    [1, 'probe'],
    [2, 'write'],
    [2, 'pull'],
  );
  if (on === undefined) return { call: random.int(1, 60), side };
  return { on, call: on === 'write' || on === 'pull' ? random.int(1, 15) : random.weighted([3, 1], [on === 'probe' ? 0 : 1, 2]), side };
}

/** One, or the same at several calls after another, as when tries are repeated. */
function faults(random: Random, family: Family): readonly Fault[] {
  const on = random.weighted<Operation>([2, 'probe'], [6, 'publish'], [8, 'pull'], [3, 'read'], [8, 'write'], [2, 'dead-letter']);
  const kinds = faultKinds[on].filter((kind) => isFitting(kind, family));
  const kind = random.pick(kinds);
  const call = on === 'probe' || on === 'dead-letter' ? 1 : on === 'publish' ? random.int(1, 4) : random.int(1, 25);
  const times = on === 'pull' ? random.int(1, 8) : on === 'write' || on === 'read' ? random.int(1, 4) : 1;
  // The kinds are those of the operation.
  return Array.from({ length: times }, (_, index) => ({ on, kind, call: call + index }) as Fault);
}

/** In the family `thin` an answer must not depend on halving; in `late` no time passes in a cycle. */
function isFitting(kind: Fault['kind'], family: Family): boolean {
  if (family === 'thin') return !['result set too large', 'runaway query', 'too many rows', 'gateway timeout'].includes(kind);
  return family !== 'late' || kind !== 'slow';
}
