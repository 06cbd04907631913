import { addTicks, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND, type Instant } from '../../src/value/instant';
import { PROMISE } from './generate';
import type { HistoryRow } from './history';
import type { Random } from './random';
import { EXCLUDED_HOST, LONG_NOTE } from './rules';

export interface RowsOptions {
  readonly workspace: string;
  readonly start: Instant;
  readonly end: Instant;
  /** Whether some rows are later than the promise. */
  readonly isLate: boolean;
  /** No row arrives after it. */
  readonly latest: Instant;
}

const hosts = ['ex01', 'ex01', 'ex02', 'ex03', EXCLUDED_HOST];
const accounts = ['alice', 'bob', 'carol'];

/** Episodes of a few minutes, so that rows meet in a bin, or just miss each other at its edge. */
export function generateRows(random: Random, options: RowsOptions): readonly HistoryRow[] {
  const episodes = random.times(random.int(6, 20), () => episode(random, options)).flat();
  const rows = episodes.flatMap((row) => [row, ...copiesOf(random, row, options)]);
  return rows.sort((left, right) => Number(left.arrives - right.arrives));
}

function episode(random: Random, options: RowsOptions): readonly HistoryRow[] {
  const { workspace, start, end } = options;
  const host = random.pick(hosts);
  const account = random.pick(accounts);
  const minutes = Number((end - start) / TICKS_PER_MINUTE);
  const around = addTicks(start, BigInt(random.int(0, minutes)) * TICKS_PER_MINUTE);
  const one = (table: HistoryRow['table']): HistoryRow => {
    const at = eventTime(random, around, options);
    const note = random.chance(0.05) ? `${LONG_NOTE}${random.int(1, 9)}` : `n${random.int(1, 9)}`;
    return {
      workspace,
      table,
      at,
      arrives: arrival(random, at, options),
      host,
      account: random.chance(0.3) ? random.pick(accounts) : account,
      note,
    };
  };
  return [...random.times(random.int(0, 3), () => one('Exports')), ...random.times(random.int(0, 3), () => one('Removals'))];
}

/** Within some minutes, and now and then on the edge of an hour or a tick before it. */
function eventTime(random: Random, around: Instant, { start, end }: RowsOptions): Instant {
  const somewhere = addTicks(around, BigInt(random.int(0, 1_200)) * TICKS_PER_SECOND + BigInt(random.int(0, 9_999_999)));
  const edge = addTicks(somewhere, -(somewhere % TICKS_PER_HOUR) - (random.chance(0.5) ? 1n : 0n));
  const at = random.chance(0.1) ? edge : somewhere;
  if (at < start) return start;
  return at < end ? at : addTicks(end, -1n);
}

export function arrival(random: Random, at: Instant, { isLate, latest }: RowsOptions): Instant {
  const lateness = isLate && random.chance(0.2) ? beyondPromise(random) : withinPromise(random);
  const arrives = addTicks(at, lateness);
  return arrives < latest ? arrives : latest;
}

function withinPromise(random: Random): bigint {
  const seconds = random.weighted<number>(
    [40, random.int(1, 60)],
    [20, random.int(60, 15 * 60)],
    [20, random.int(900, 5 * 3_600)],
    [15, random.int(5 * 3_600, 48 * 3_600)],
  );
  return random.chance(0.05) ? PROMISE : BigInt(seconds) * TICKS_PER_SECOND;
}

function beyondPromise(random: Random): bigint {
  return PROMISE + BigInt(random.int(1, 8 * 24 * 60)) * TICKS_PER_MINUTE - (random.chance(0.1) ? TICKS_PER_DAY / 24n : 0n);
}

function copiesOf(random: Random, row: HistoryRow, options: RowsOptions): readonly HistoryRow[] {
  if (!random.chance(0.15)) return [];
  return random.times(random.int(1, 2), () => ({ ...row, arrives: arrival(random, row.at, options) }));
}
