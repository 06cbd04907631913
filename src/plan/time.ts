import type { Span } from '../diagnostic';
import { TICKS_PER_DAY, TICKS_PER_HOUR } from '../value/instant';
import { formatTimespan } from '../value/timespan';
import { conjuncts, joinBy } from './columns';
import { literalValue } from './literal';
import type { Expr, PlanNode, SplitProof } from './plan';
import { usesNow } from './predicates';

/**
 * The proof that a rule splits by bin: each operator that looks at more than one row carries the same bin of the event time, down from every
 * scan. Then the result over all time is the union of the results of each bin, and no bin needs another's rows.
 */

/** What is known of a column: it is the event time of the row's source rows, or the start of the bin in which all of them lie. */
type Fact = { readonly kind: 'time' } | { readonly kind: 'bin'; readonly width: bigint };
type Facts = ReadonlyMap<string, Fact>;

class NotSplittable extends Error {
  override readonly name = 'NotSplittable';
  readonly span: Span;

  constructor(span: Span, message: string) {
    super(message);
    this.span = span;
  }
}

function factOf(expr: Expr, facts: Facts): Fact | undefined {
  if (expr.kind === 'column') return facts.get(expr.name);
  if (expr.kind !== 'call' || (expr.name !== 'bin' && expr.name !== 'floor')) return undefined;
  const [value, size] = expr.args;
  if (value === undefined || size?.kind !== 'literal') return undefined;
  const width = literalValue(size);
  const inner = factOf(value, facts);
  if (inner === undefined || typeof width !== 'bigint' || width <= 0n) return undefined;
  return inner.kind === 'time' || inner.width === width ? { kind: 'bin', width } : undefined;
}

function project(columns: readonly { readonly name: string; readonly expr: Expr }[], facts: Facts): Facts {
  return new Map(
    columns.flatMap(({ name, expr }) => {
      const fact = factOf(expr, facts);
      return fact === undefined ? [] : [[name, fact] as const];
    }),
  );
}

const sameFact = (left: Fact | undefined, right: Fact | undefined): boolean =>
  left !== undefined && left.kind === right?.kind && (left.kind === 'time' || (right.kind === 'bin' && left.width === right.width));

/** Walks the plan, notes each bin width that keeps rows apart, and throws NotSplittable where none does. */
function factsOf(node: PlanNode, eventTime: (table: string) => string | undefined, widths: Map<bigint, Span>): Facts {
  const below = (input: PlanNode): Facts => factsOf(input, eventTime, widths);
  const note = (fact: Fact, span: Span): void => {
    if (fact.kind === 'bin' && !widths.has(fact.width)) widths.set(fact.width, span);
  };
  const refuseNow = (exprs: readonly Expr[]): void => {
    if (exprs.some(usesNow)) throw new NotSplittable(node.span, 'now() and ago() may only bound the event time from below');
  };
  switch (node.kind) {
    case 'scan': {
      const column = eventTime(node.table);
      if (column === undefined) throw new NotSplittable(node.span, `${node.table} has neither TimeGenerated nor Timestamp`);
      return new Map([[column, { kind: 'time' }]]);
    }
    case 'where':
      refuseNow([node.predicate]);
      return below(node.input);
    case 'project':
      refuseNow(node.columns.map(({ expr }) => expr));
      return project(node.columns, below(node.input));
    case 'summarize': {
      refuseNow([...node.keys.map(({ expr }) => expr), ...node.aggregates.flatMap(({ args }) => args)]);
      const facts = project(node.keys, below(node.input));
      const [fact] = facts.values();
      if (fact === undefined) throw new NotSplittable(node.span, 'it puts rows of all time into one group: its keys lack a bin of the event time');
      facts.forEach((each) => {
        note(each, node.span);
      });
      return facts;
    }
    case 'join': {
      const [left, right] = [below(node.left), below(node.right)];
      const shared = node.keys.filter((key) => sameFact(left.get(key.left), right.get(key.right)));
      if (shared.length === 0) {
        throw new NotSplittable(node.span, 'it joins rows of all time: its keys lack the same bin of the event time on both sides');
      }
      shared.forEach((key) => {
        const fact = left.get(key.left);
        if (fact !== undefined) note(fact, node.span);
      });
      return new Map(
        node.columns.flatMap(({ side, from, name }) => {
          const fact = (side === 'left' ? left : right).get(from);
          return fact === undefined ? [] : [[name, fact] as const];
        }),
      );
    }
  }
}

/** Whether a condition bounds the event time from below by an instant that depends on now(), as `TimeGenerated > ago(1d)` does. */
function isLowerBound(expr: Expr, facts: Facts): boolean {
  if (expr.kind !== 'call') return false;
  const [left, right] = expr.args;
  const isTime = (side: Expr | undefined): boolean => side !== undefined && factOf(side, facts)?.kind === 'time';
  const dependsOnNowAlone = (side: Expr | undefined): boolean => side !== undefined && usesNow(side) && isInstantOfNow(side);
  if (expr.name === '>' || expr.name === '>=') return isTime(left) && dependsOnNowAlone(right);
  return (expr.name === '<' || expr.name === '<=') && dependsOnNowAlone(left) && isTime(right);
}

function isInstantOfNow(expr: Expr): boolean {
  return expr.kind === 'literal' || (expr.kind === 'call' && expr.args.every(isInstantOfNow));
}

/**
 * The plan without its lower bounds by now(): the bin's range takes their place when it is evaluated bin by bin.
 * Nothing is known of columns above summarize and join, so bounds there stay, and are refused.
 */
function withoutLowerBounds(node: PlanNode, eventTime: (table: string) => string | undefined): { readonly node: PlanNode; readonly facts: Facts } {
  switch (node.kind) {
    case 'scan': {
      const column = eventTime(node.table);
      return { node, facts: new Map(column === undefined ? [] : [[column, { kind: 'time' }]]) };
    }
    case 'where': {
      const { node: input, facts } = withoutLowerBounds(node.input, eventTime);
      const kept = conjuncts(node.predicate).filter((each) => !isLowerBound(each, facts));
      const predicate = joinBy('and', kept);
      return { node: predicate === undefined ? input : { ...node, input, predicate }, facts };
    }
    case 'project': {
      const { node: input, facts } = withoutLowerBounds(node.input, eventTime);
      return { node: { ...node, input }, facts: project(node.columns, facts) };
    }
    case 'summarize':
      return { node: { ...node, input: withoutLowerBounds(node.input, eventTime).node }, facts: new Map() };
    case 'join': {
      const [left, right] = [withoutLowerBounds(node.left, eventTime).node, withoutLowerBounds(node.right, eventTime).node];
      return { node: { ...node, left, right }, facts: new Map() };
    }
  }
}

export interface SplitPlan {
  readonly proof: SplitProof;
  /** The plan to evaluate bin by bin; the plan as it was where it does not split. */
  readonly node: PlanNode;
}

/** Tries the proof. `eventTime` names the event time column of a table. */
export function splitByBin(root: PlanNode, eventTime: (table: string) => string | undefined): SplitPlan {
  const { node } = withoutLowerBounds(root, eventTime);
  const widths = new Map<bigint, Span>();
  const refuse = (span: Span, reason: string): SplitPlan => ({ proof: { splits: false, reason, span }, node: root });
  try {
    factsOf(node, eventTime, widths);
  } catch (error) {
    if (error instanceof NotSplittable) return refuse(error.span, error.message);
    throw error;
  }
  const [first, second] = [...widths];
  if (first === undefined) {
    const hour = String(TICKS_PER_HOUR);
    return { node, proof: { splits: true, binWidth: hour, unitWidth: hour, reason: 'every operator looks at one row at a time, so it splits at any width' } };
  }
  const [width, span] = first;
  if (second !== undefined) {
    return refuse(second[1], `it bins the event time by ${formatTimespan(width)} and by ${formatTimespan(second[0])}; only one width can be the unit of work`);
  }
  const dividesHour = width <= TICKS_PER_HOUR && TICKS_PER_HOUR % width === 0n;
  if (!dividesHour && width < TICKS_PER_HOUR) return refuse(span, `its bin of ${formatTimespan(width)} does not divide an hour`);
  if (width > TICKS_PER_DAY) return refuse(span, `its bin of ${formatTimespan(width)} is longer than a day`);
  return {
    node,
    proof: {
      splits: true,
      binWidth: String(width),
      unitWidth: String(dividesHour ? TICKS_PER_HOUR : width),
      reason: `every operator that looks at more than one row carries the same bin of ${formatTimespan(width)} of the event time`,
    },
  };
}
