import type { Instant } from '../value/instant';
import { binAt, binKey, type Bin, type Grid } from './bins';
import type { BinRows } from './evaluate-bin';
import type { TableRows } from './pull';
import type { RowPool } from './row-pool';

/** All rows of a shifted bin, as the rule's own bins under it had them. */
export interface ShelvedRows {
  readonly rows: BinRows;
  /** Start of the earlier evaluation of the two. */
  readonly startedAt: Instant;
}

/** The rows of one own bin that lie in one shifted bin. */
interface Half extends ShelvedRows {
  readonly giveBack: () => void;
}

/**
 * Rows of a rule's own bins that are kept for the shifted bins above them, so that these need no pull of their own. What is not taken is
 * dropped as soon as other work needs the room.
 */
export class RowShelf {
  private readonly pool: RowPool;
  private readonly shifted: Grid;
  /** By key of the shifted bin: its rows before the edge of the own bins, and those after it. */
  private readonly halves = new Map<string, (Half | undefined)[]>();

  constructor(pool: RowPool, shifted: Grid) {
    this.pool = pool;
    this.shifted = shifted;
  }

  /** Keeps the rows of an own bin for those shifted bins that `isWanted`. */
  put(own: Bin, rows: BinRows, startedAt: Instant, isWanted: (shifted: Bin) => boolean): void {
    const earlier = binAt(this.shifted, own.start);
    const later = binAt(this.shifted, earlier.end);
    // Of the earlier shifted bin these are the rows after the edge, of the later one those before it.
    for (const [shifted, part, side] of [[earlier, 0, 1] as const, [later, 1, 0] as const]) {
      if (isWanted(shifted)) this.keep(binKey(shifted), side, partOf(rows, part), startedAt);
    }
  }

  has(shifted: Bin): boolean {
    const halves = this.halves.get(binKey(shifted));
    return halves?.[0] !== undefined && halves[1] !== undefined;
  }

  /** Gives the rows of a shifted bin away; undefined where not all are here. */
  take(shifted: Bin): ShelvedRows | undefined {
    const key = binKey(shifted);
    const [before, after] = this.halves.get(key) ?? [];
    if (before === undefined || after === undefined) return undefined;
    this.halves.delete(key);
    before.giveBack();
    after.giveBack();
    const rows = new Map([...before.rows].map(([table, parts]) => [table, [...parts, ...(after.rows.get(table) ?? [])]]));
    return { rows, startedAt: before.startedAt < after.startedAt ? before.startedAt : after.startedAt };
  }

  clear(): void {
    for (const halves of this.halves.values()) halves.forEach((half) => half?.giveBack());
    this.halves.clear();
  }

  private keep(key: string, side: 0 | 1, rows: BinRows, startedAt: Instant): void {
    const halves = this.halves.get(key) ?? [undefined, undefined];
    halves[side]?.giveBack();
    const count = [...rows.values()].flat().reduce((sum, part) => sum + part.rows.length, 0);
    const giveBack = this.pool.keep(count, () => (halves[side] = undefined));
    halves[side] = giveBack && { rows, startedAt, giveBack };
    this.halves.set(key, halves);
  }
}

function partOf(rows: BinRows, part: 0 | 1): BinRows {
  return new Map([...rows].map(([table, parts]) => [table, parts.slice(part, part + 1) as readonly TableRows[]]));
}
