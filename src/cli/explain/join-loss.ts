import { keyOf } from '../../engine/keys';
import type { ResultRow } from '../../engine/rows';
import { columnsOf } from '../../plan/columns';
import { kqlName } from '../../plan/kql-text';
import type { JoinNode } from '../../plan/plan';
import type { Instant } from '../../value/instant';
import type { ScalarType, Value } from '../../value/types';
import { durationText, shortInstant } from '../time-text';
import type { NodeRows } from './counts';
import { eventTimes } from './event-times';
import type { Example } from './explanation';
import { valueText } from './row-text';

/** Why rows found no partner in a join: the nearest rows on its other side, and the keys that differ. */

const MAX_EXAMPLES = 3;

interface Keyed {
  readonly row: ResultRow;
  /** In the order of the join's keys. */
  readonly keys: readonly Value[];
  readonly times: readonly Instant[];
}

interface Candidate {
  readonly other: Keyed;
  /** Indices of the keys that differ. */
  readonly differing: readonly number[];
  /** Ticks between the nearest two source rows. */
  readonly apart: bigint;
  readonly nearest: readonly [Instant, Instant] | undefined;
}

function nearestTimes(left: readonly Instant[], right: readonly Instant[]): readonly [Instant, Instant] | undefined {
  let best: readonly [Instant, Instant] | undefined;
  const apart = ([a, b]: readonly [Instant, Instant]): bigint => (a < b ? b - a : a - b);
  for (const a of left) {
    for (const b of right) if (best === undefined || apart([a, b]) < apart(best)) best = [a, b];
  }
  return best;
}

const FAR = 1n << 62n;

function candidate(from: Keyed, other: Keyed, types: readonly ScalarType[]): Candidate {
  const differs = (index: number): boolean => {
    const type = types.slice(index, index + 1);
    const [left, right] = [from, other].map(({ keys }) => keyOf(type, [keys[index] ?? null], 'none'));
    return left === undefined || left !== right;
  };
  const nearest = nearestTimes(from.times, other.times);
  const apart = nearest === undefined ? FAR : nearest[0] < nearest[1] ? nearest[1] - nearest[0] : nearest[0] - nearest[1];
  return { other, differing: types.map((_, index) => index).filter(differs), apart, nearest };
}

const nearer = (a: Candidate, b: Candidate): Candidate => (b.apart < a.apart ? b : a);

export class JoinLoss {
  private readonly side: 'left' | 'right';
  private readonly others: readonly Keyed[];
  private readonly types: readonly ScalarType[];
  private readonly names: readonly string[];
  private readonly keyed: (row: ResultRow, side: 'left' | 'right') => Keyed;

  /** `side` is the one whose rows were lost. */
  constructor(node: JoinNode, side: 'left' | 'right', rows: NodeRows) {
    this.side = side;
    const timesOf = eventTimes(rows.plan);
    const positions = { left: columnsOf(node.left), right: columnsOf(node.right) };
    const indices = (of: 'left' | 'right'): readonly number[] =>
      node.keys.map((key) => positions[of].findIndex(({ name }) => name === key[of]));
    const indexOf = { left: indices('left'), right: indices('right') };
    this.keyed = (row, of) => ({ row, keys: indexOf[of].map((index) => row.values[index] ?? null), times: timesOf(row) });
    this.types = indexOf[side].map((index) => positions[side][index]?.type ?? 'string');
    this.names = node.keys.map((key) => kqlName(key[side]));
    const other = this.otherSide;
    this.others = rows.of(node[other]).map((row) => this.keyed(row, other));
  }

  private get otherSide(): 'left' | 'right' {
    return this.side === 'left' ? 'right' : 'left';
  }

  private keysText(keys: readonly Value[]): string {
    return keys.map((value, index) => `${this.names[index] ?? ''} ${valueText(this.types[index] ?? 'string', value)}`).join(', ');
  }

  /** The first few different keys of the lost rows. */
  examples(lost: readonly ResultRow[]): readonly Example[] {
    const byKeys = new Map(lost.map((row) => this.keyed(row, this.side)).map((each) => [this.keysText(each.keys), each]));
    const shown = [...byKeys].slice(0, MAX_EXAMPLES).map(([row, keyed]) => ({ row, nearest: this.nearest(keyed) }));
    const more = byKeys.size - MAX_EXAMPLES;
    return more > 0 ? [...shown, { row: `and ${more} more with other keys`, nearest: [] }] : shown;
  }

  private nearest(from: Keyed): readonly string[] {
    if (this.others.length === 0) return [`there is no row on the ${this.otherSide} side`];
    const all = this.others.map((other) => candidate(from, other, this.types));
    const fewest = Math.min(...new Set(all.map(({ differing }) => differing.length)));
    if (fewest === 0) return [`a row on the ${this.otherSide} side has the same keys`];
    const best = all.filter(({ differing }) => differing.length === fewest);
    // Another bin, or another name: where both come as near, both are worth telling.
    const inOtherBin = best.filter((each) => this.timeKey(each) !== undefined);
    const inSameBin = best.filter((each) => this.timeKey(each) === undefined);
    return [inOtherBin, inSameBin].flatMap((kind) => (kind.length === 0 ? [] : [this.sentence(from, kind.reduce(nearer))]));
  }

  /** The first key of type datetime among those that differ. */
  private timeKey({ differing }: Candidate): number | undefined {
    return differing.find((index) => this.types[index] === 'datetime');
  }

  private sentence(from: Keyed, found: Candidate): string {
    const differences = found.differing.map(
      (index) => `${this.names[index] ?? ''} is ${valueText(this.types[index] ?? 'string', found.other.keys[index] ?? null)} there`,
    );
    const time = found.nearest === undefined ? '' : `, ${shortInstant(found.nearest[1])}`;
    return `nearest on the ${this.otherSide} side${time}: ${[...differences, ...this.missedBy(from, found)].join(', ')}`;
  }

  /** How far apart the rows are, and how far the later one is behind the edge between their bins. */
  private missedBy(from: Keyed, found: Candidate): readonly string[] {
    const key = this.timeKey(found);
    if (key === undefined || found.nearest === undefined) return [];
    const apart = `${durationText(found.apart)} apart`;
    const [here, there] = [from.keys[key], found.other.keys[key]];
    if (typeof here !== 'bigint' || typeof there !== 'bigint') return [apart];
    const edge = here > there ? here : there;
    const later = found.nearest[0] > found.nearest[1] ? found.nearest[0] : found.nearest[1];
    return later < edge ? [apart] : [apart, `the later one ${durationText(later - edge)} behind the edge`];
  }
}
