import type { ResultRow } from '../engine/rows';
import type { SplitProof } from '../plan/plan';
import { addTicks, binStart, formatInstant, type Instant, type TimeRange } from '../value/instant';
import type { SourceTable } from './source-table';

/**
 * The rule's own bin of a result row, from the event times of the source rows behind it.
 * Throws where they are in several bins or in none: the proof that the rule splits says that this cannot be.
 */
export function binOf(row: ResultRow, split: SplitProof, tables: (name: string) => SourceTable): TimeRange {
  return binOn(0n, row, split, tables);
}

/** As binOf, over bins shifted by half their width; undefined where all source rows lie on one side of the edge in the bin's middle. */
export function partedBinOf(row: ResultRow, split: SplitProof, tables: (name: string) => SourceTable): TimeRange | undefined {
  const half = widthOf(split) / 2n;
  const bin = binOn(half, row, split, tables);
  const edge = addTicks(bin.start, half);
  const sides = new Set(row.lineage.map(({ row: source }) => timeOf(source, tables) < edge));
  return sides.size === 2 ? bin : undefined;
}

function widthOf(split: SplitProof): bigint {
  if (!split.splits) throw new Error(`the rule does not split by bin (${split.reason}): its incidents need the range that was evaluated`);
  return BigInt(split.binWidth);
}

function binOn(shift: bigint, row: ResultRow, split: SplitProof, tables: (name: string) => SourceTable): TimeRange {
  const width = widthOf(split);
  const [first, ...others] = row.lineage.map(({ row: source }) => timeOf(source, tables));
  if (first === undefined) throw new Error('no source row is behind a result row, so it belongs to no bin');
  const start = addTicks(binStart(addTicks(first, -shift), width), shift);
  const bin = { start, end: addTicks(start, width) };
  const outside = others.find((time) => time < bin.start || time >= bin.end);
  if (outside !== undefined) {
    throw new Error(
      `rows of ${formatInstant(first)} and ${formatInstant(outside)} are behind one result row, in two bins of a rule that splits`,
    );
  }
  return bin;
}

function timeOf(source: ResultRow['lineage'][number]['row'], tables: (name: string) => SourceTable): Instant {
  const time = tables(source.table).eventTime(source);
  if (time === null) throw new Error(`a row of ${source.table} without an event time is behind a result row, so it belongs to no bin`);
  return time;
}
