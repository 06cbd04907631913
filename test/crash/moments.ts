import type { Random } from '../simulation/random';

/** Moments at which the program is killed, as the servers see its I/O. They come in this order, by and large, but for the head's. */
export const observed = [
  'the head is to be written',
  'the head is written',
  'a blob of the ledger is asked for',
  'rows are asked for',
  'half of the rows have come',
  'a bin is to be recorded',
  'a bin is recorded',
  'a bin is recorded with messages pending',
  'a batch has come to the hub',
  'a batch is stored in the hub',
  'what the hub has acknowledged is to be recorded',
] as const;

export type Observed = (typeof observed)[number];

/** Moments at which it is killed whatever it does. */
const timed = ['it starts', 'an invocation is over', 'any moment'] as const;

export type Moment = Observed | (typeof timed)[number];

export const moments: readonly Moment[] = [...observed, ...timed];

const ofHead: readonly Moment[] = ['the head is to be written', 'the head is written'];

const withMessages: readonly Moment[] = [
  'a bin is recorded with messages pending',
  'a batch has come to the hub',
  'a batch is stored in the hub',
  'what the hub has acknowledged is to be recorded',
];

/** How often a moment may come before the app is killed at it; the head is written once, and few cycles have messages. */
export function mostBefore(moment: Moment): number {
  if (ofHead.includes(moment)) return 0;
  return withMessages.includes(moment) ? 1 : 12;
}

/** So many: each moment once, those of the head first, for the first cycles write it; then whatever comes. */
export function momentsToHit(random: Random, kills: number): readonly Moment[] {
  const others = moments.filter((moment) => !ofHead.includes(moment));
  return [...ofHead, ...others, ...random.times(kills, () => random.pick(others))].slice(0, kills);
}
