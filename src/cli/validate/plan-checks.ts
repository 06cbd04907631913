import { trimsAlike } from '../../functions/regex';
import { columnsOf } from '../../plan/columns';
import { exprsOf } from '../../plan/nodes';
import { originsOf } from '../../plan/origins';
import type { Expr } from '../../plan/plan';
import { TICKS_PER_MINUTE } from '../../value/instant';
import { nodesOf } from '../plan-nodes';
import { durationText } from '../time-text';
import type { Check } from './finding';

/** The chance that an edge parts two rows, at some distances that fit into the bin. */
function chances(width: bigint): string {
  return [1n, 5n, 30n]
    .map((minutes) => ({ minutes, share: Number(minutes * TICKS_PER_MINUTE) / Number(width) }))
    .filter(({ share }) => share <= 0.5)
    .map(({ minutes, share }) => `${minutes} min apart: ${(share * 100).toFixed(1)} %`)
    .join(', ');
}

/** The first join on a bin of the event time. A join on the event time itself has no edges, and an anti join finds no pairs. */
export const splitPairs: Check = ({ rule: { plan, split, splitPairs: found } }) => {
  if (!split.splits) return [];
  const width = BigInt(split.binWidth);
  const join = nodesOf(plan.root).find(
    (node) =>
      node.kind === 'join' &&
      !node.joinKind.endsWith('anti') &&
      node.keys.some(
        ({ left }) =>
          columnsOf(node.left).some(({ name, type }) => name === left && type === 'datetime') && originsOf(node.left, left).length === 0,
      ),
  );
  if (join === undefined) return [];
  const odds = chances(width);
  const chance = `with the chance d / ${durationText(width)}${odds === '' ? '' : ` (${odds})`}`;
  const then = found.finds
    ? `then it is not a match, and is reported on its own, always where d is up to ${durationText(width / 2n)}`
    : `then it is missed, and not reported on its own either: ${found.reason}`;
  const message = `rows join only within one bin of ${durationText(width)}: a pair d apart is parted by an edge ${chance}; ${then}`;
  return [{ code: 'WISE007', message, at: join.span }];
};

/** Sources: https://learn.microsoft.com/kusto/query/dcount-aggregation-function, …/percentiles-aggregation-function */
const ESTIMATED = /^(dcount|percentile|hll|tdigest)/;

export const estimates: Check = ({ rule: { plan } }) =>
  nodesOf(plan.root).flatMap((node) => {
    if (node.kind !== 'summarize') return [];
    const names = [...new Set(node.aggregates.map(({ fn }) => fn).filter((fn) => ESTIMATED.test(fn)))];
    return names.map((fn) => ({
      code: 'WISE008' as const,
      message: `${fn}() is exact here and an estimate in the service, so results can differ by a few per cent`,
      at: node.span,
    }));
  });

/** The patterns of the calls of trim() in an expression for which it matters whether one match or all are removed. */
function openTrims(expr: Expr): readonly string[] {
  if (expr.kind !== 'call') return [];
  const [pattern] = expr.args;
  const own =
    expr.name === 'trim' && pattern?.kind === 'literal' && pattern.text !== null && !trimsAlike(pattern.text) ? [pattern.text] : [];
  return [...own, ...expr.args.flatMap(openTrims)];
}

/** Source: https://learn.microsoft.com/kusto/query/trim-function, which speaks of all matches where those of trim_start and trim_end speak of one */
export const undocumented: Check = ({ rule: { plan } }) =>
  nodesOf(plan.root).flatMap((node) =>
    [...new Set(exprsOf(node).flatMap(openTrims))].map((pattern) => ({
      code: 'WISE011' as const,
      message: `trim() of ${pattern} removes one match at each end here, and perhaps more in the service: a run of characters, such as [" ]+, is the same in both`,
      at: node.span,
    })),
  );

/** Source: https://learn.microsoft.com/azure/sentinel/scheduled-rules-overview */
const MAX_QUERY_LENGTH = 10_000;

export const longQuery: Check = ({ document: { query, queryPlace } }) =>
  query.length <= MAX_QUERY_LENGTH
    ? []
    : [{ code: 'WISE009', message: `the query has ${query.length} characters; Sentinel takes ${MAX_QUERY_LENGTH}`, at: queryPlace }];

/** One finding for each table, at its first mention. */
export const readsEveryRow: Check = ({ rule: { plan } }) =>
  plan.tables
    .filter(({ predicate }) => predicate === undefined)
    .flatMap(({ name }) => {
      const scan = nodesOf(plan.root).find((node) => node.kind === 'scan' && node.table === name);
      if (scan === undefined) return [];
      const message = `no predicate can be sent to the workspace, so every row of ${name} is read`;
      return [{ code: 'WISE010' as const, message, at: scan.span }];
    });
