import type { BinState, StatedBin } from '../../hunt/bin-states';
import type { Instant } from '../../value/instant';

/** Bins one after the other that stand alike. */
export interface Run {
  readonly start: Instant;
  readonly end: Instant;
  readonly state: BinState;
  /** Of a failing run. */
  readonly code: string | undefined;
  readonly bins: readonly StatedBin[];
}

/** The same bins, in order, in as few runs as can be. */
export function runsOf(bins: readonly StatedBin[]): readonly Run[] {
  const groups: StatedBin[][] = [];
  for (const stated of bins) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && isAlike(last, stated)) groups.at(-1)?.push(stated);
    else groups.push([stated]);
  }
  return groups.flatMap((group) => {
    const [first, last] = [group.at(0), group.at(-1)];
    if (first === undefined || last === undefined) return [];
    return { start: first.bin.start, end: last.bin.end, state: first.state, code: first.failure?.code, bins: group };
  });
}

function isAlike(left: StatedBin, right: StatedBin): boolean {
  return left.state === right.state && left.failure?.code === right.failure?.code && left.bin.end === right.bin.start;
}
