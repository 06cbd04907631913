import type { PlanNode } from '../../plan/plan';
import { addTicks, binStart, instant, TICKS_PER_SECOND } from '../../value/instant';
import { nodesOf } from '../plan-nodes';
import { durationText, shortInstant as time } from '../time-text';
import type { Check, CheckSubject } from './finding';

const EXAMPLE = instant('2026-03-10T10:00:00Z');

const ONE_ROW_AT_A_TIME: readonly PlanNode['kind'][] = [
  'scan',
  'values',
  'range',
  'where',
  'project',
  'union',
  'sort',
  'mv-expand',
  'parse',
];

/** Whether a result row can hang on two source rows, as behind a join or an aggregate. A row of distinct values hangs on one. */
function correlates(node: PlanNode): boolean {
  if (node.kind === 'summarize') return node.aggregates.length > 0;
  return !ONE_ROW_AT_A_TIME.includes(node.kind);
}

/** The width in which rows must be seen together: the rule's bin, or 0 where each row stands for itself. Undefined where it is not known. */
function neededWidth({ rule }: CheckSubject): bigint | undefined {
  if (!nodesOf(rule.plan.root).some(correlates)) return 0n;
  return rule.split.splits ? BigInt(rule.split.binWidth) : undefined;
}

/**
 * Two rows of one bin that no run sees together, or one that no run sees: runs look at [T − period, T) for each T a frequency apart. The first
 * row is before the look-back of a run, the second behind the run before it.
 */
function miss(frequency: bigint, period: bigint, width: bigint): string {
  const overlap = period - frequency;
  const bin = width === 0n ? EXAMPLE : binStart(EXAMPLE, width);
  if (overlap < 0n) {
    const [first, second] = [addTicks(bin, period), addTicks(bin, period + frequency)];
    const seen = addTicks(first, -overlap / 2n);
    return `a row of ${time(seen)} is seen neither by the run at ${time(first)} nor by that at ${time(second)}, which looks back to ${time(addTicks(second, -period))}`;
  }
  const slack = width - overlap;
  const step = slack > 4n * TICKS_PER_SECOND ? TICKS_PER_SECOND : slack / 4n;
  const lookBack = addTicks(bin, slack / 2n);
  const run = addTicks(lookBack, overlap);
  const [left, right] = [addTicks(lookBack, -step), addTicks(run, step)];
  const next = addTicks(lookBack, period);
  return `rows of ${time(left)} and ${time(right)} are in one bin, but the run at ${time(run)} comes before the second, and that at ${time(next)} looks back to ${time(lookBack)}, behind the first`;
}

/** An analytics rule whose runs in Sentinel do not overlap by what its query correlates. */
export const lookBack: Check = (subject) => {
  const { queryFrequency: frequency, queryPeriod: period } = subject.document;
  const width = neededWidth(subject);
  if (frequency === undefined || period === undefined || (width === undefined && period >= frequency)) return [];
  const needed = frequency + (width ?? 0n);
  if (period >= needed) return [];
  const terms =
    width === undefined || width === 0n ? '' : ` (queryFrequency ${durationText(frequency)} and a bin of ${durationText(width)})`;
  const message = `queryPeriod is ${durationText(period)} and would have to be ${durationText(needed)}${terms}: in Sentinel, ${miss(frequency, period, width ?? 0n)}`;
  return [{ code: 'WISE006', message, at: subject.document.queryPeriodPlace ?? subject.document.queryPlace }];
};
