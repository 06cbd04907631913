import type { Span } from '../diagnostic';
import { TICKS_PER_DAY, TICKS_PER_HOUR } from '../value/instant';
import { formatTimespan } from '../value/timespan';
import { conjuncts, joinBy } from './columns';
import { ingestionTime } from './bind/ingestion-time';
import { exprsOf, mapInputs } from './nodes';
import type { Expr, JoinKind, JoinNode, MembershipNode, PlanNode, SplitProof, SummarizeNode, UnionNode } from './plan';
import { usesNow } from './predicates';
import { commonFacts, factOf, NO_FACTS, projectFacts, sameFact, type EventTime, type Fact, type Facts } from './time-facts';

/**
 * The proof that a rule splits by bin: each operator that looks at more than one row carries the same bin of the event time, down from every
 * scan. Then the result over all time is the union of the results of each bin, and no bin needs another's rows.
 */

class NotSplittable extends Error {
  override readonly name = 'NotSplittable';
  readonly span: Span;

  constructor(span: Span, message: string) {
    super(message);
    this.span = span;
  }
}

/** What is known of a node's rows: whether they come from tables, or are the same in every bin; and of their columns. */
interface Known {
  readonly isTimed: boolean;
  readonly facts: Facts;
}

/** The proof under way: walks the plan, notes each bin width that keeps rows apart, and throws NotSplittable where none does. */
class Proof {
  readonly widths = new Map<bigint, Span>();
  private readonly eventTime: EventTime;

  constructor(eventTime: EventTime) {
    this.eventTime = eventTime;
  }

  private note(fact: Fact | undefined, span: Span): void {
    if (fact?.kind === 'bin' && !this.widths.has(fact.width)) this.widths.set(fact.width, span);
  }

  known(node: PlanNode): Known {
    if (exprsOf(node).some(usesNow)) throw new NotSplittable(node.span, 'now() and ago() may only bound the event time from below');
    switch (node.kind) {
      case 'scan': {
        if (node.columns.some(({ name }) => name === ingestionTime.name))
          throw new NotSplittable(
            node.span,
            'ingestion_time() is approximate in the service and unknown behind a parser, so no bin could be repeated',
          );
        const column = this.eventTime(node.table);
        if (column === undefined) throw new NotSplittable(node.span, `${node.table} has neither TimeGenerated nor Timestamp`);
        return { isTimed: true, facts: new Map([[column, { kind: 'time' }]]) };
      }
      case 'values':
      case 'range':
        return { isTimed: false, facts: NO_FACTS };
      case 'where':
      case 'sort':
      case 'mv-expand':
      case 'parse':
        return this.known(node.input);
      case 'project': {
        const { isTimed, facts } = this.known(node.input);
        return { isTimed, facts: projectFacts(node.columns, facts) };
      }
      case 'summarize':
        return this.summarize(node);
      case 'take':
      case 'window': {
        const known = this.known(node.input);
        if (!known.isTimed) return known;
        throw new NotSplittable(
          node.span,
          `it looks at rows of all time: ${node.kind === 'take' ? 'which come first' : 'which stand side by side'}`,
        );
      }
      case 'join':
        return this.join(node);
      case 'union':
        return this.union(node);
      case 'toscalar': {
        const known = this.known(node.input);
        if (this.known(node.query).isTimed) throw new NotSplittable(node.span, 'its toscalar() looks at rows of all time');
        return known;
      }
      case 'in':
        return this.membership(node);
    }
  }

  private summarize(node: SummarizeNode): Known {
    const { isTimed, facts: below } = this.known(node.input);
    const facts = projectFacts(node.keys, below);
    if (isTimed && facts.size === 0) {
      throw new NotSplittable(node.span, 'it puts rows of all time into one group: its keys lack a bin of the event time');
    }
    facts.forEach((fact) => {
      this.note(fact, node.span);
    });
    return { isTimed, facts };
  }

  private join(node: JoinNode): Known {
    const [left, right] = [this.known(node.left), this.known(node.right)];
    const refuse = (reason: string): never => {
      throw new NotSplittable(node.span, reason);
    };
    if (left.isTimed && right.isTimed) {
      const shared = node.keys.filter((key) => sameFact(left.facts.get(key.left), right.facts.get(key.right)));
      if (shared.length === 0) refuse('it joins rows of all time: its keys lack the same bin of the event time on both sides');
      for (const key of shared) this.note(left.facts.get(key.left), node.span);
    } else if (left.isTimed || right.isTimed) {
      // The rows of the constant side are there in every bin.
      const side = left.isTimed ? 'left' : 'right';
      const alone = new Set<JoinKind>(
        side === 'left' ? ['rightouter', 'rightsemi', 'rightanti', 'fullouter'] : ['leftouter', 'leftsemi', 'leftanti', 'fullouter'],
      );
      if (alone.has(node.joinKind))
        refuse(`a join of kind ${node.joinKind} would give rows of the ${side === 'left' ? 'right' : 'left'} side in every bin`);
      if (node.joinKind === 'innerunique' && side === 'left') {
        const fact = node.keys.map((key) => left.facts.get(key.left)).find((each) => each !== undefined);
        if (fact === undefined) refuse('its join keeps one of the left rows of all time: its keys lack a bin of the event time');
        this.note(fact, node.span);
      }
    }
    // Where the other side has no partner, a column is null, and tells nothing of the row's bin.
    const nullable = { left: ['rightouter', 'fullouter'], right: ['leftouter', 'fullouter'] } as const;
    const facts = node.columns.flatMap(({ side, from, name }) => {
      const fact = (side === 'left' ? left : right).facts.get(from);
      return fact === undefined || nullable[side].some((kind) => kind === node.joinKind) ? [] : [[name, fact] as const];
    });
    return { isTimed: left.isTimed || right.isTimed, facts: new Map(facts) };
  }

  private union(node: UnionNode): Known {
    const [first, ...others] = node.inputs.map((input) => this.known(input));
    if (first === undefined) return { isTimed: false, facts: NO_FACTS };
    if (others.some(({ isTimed }) => isTimed !== first.isTimed)) {
      throw new NotSplittable(node.span, 'its union would give the rows that the query makes itself in every bin');
    }
    return { isTimed: first.isTimed, facts: commonFacts([first.facts, ...others.map(({ facts }) => facts)]) };
  }

  private membership(node: MembershipNode): Known {
    const [known, query] = [this.known(node.input), this.known(node.query)];
    if (!query.isTimed) return known;
    const [wanted, [given]] = [factOf(node.value, known.facts), query.facts.values()];
    if (!known.isTimed || !sameFact(wanted, given)) throw new NotSplittable(node.span, `its ${node.fn} (query) looks at rows of all time`);
    this.note(wanted, node.span);
    return known;
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

interface Unbounded {
  readonly node: PlanNode;
  readonly facts: Facts;
}

/**
 * The plan without its lower bounds by now(): the bin's range takes their place when it is evaluated bin by bin.
 * Nothing is known of columns above operators that look at more than one row, so bounds there stay, and are refused.
 */
function withoutLowerBounds(node: PlanNode, eventTime: EventTime): Unbounded {
  const below = (input: PlanNode): Unbounded => withoutLowerBounds(input, eventTime);
  switch (node.kind) {
    case 'scan': {
      const column = eventTime(node.table);
      return { node, facts: new Map(column === undefined ? [] : [[column, { kind: 'time' }]]) };
    }
    case 'where': {
      const { node: input, facts } = below(node.input);
      const kept = conjuncts(node.predicate).filter((each) => !isLowerBound(each, facts));
      const predicate = joinBy('and', kept);
      return { node: predicate === undefined ? input : { ...node, input, predicate }, facts };
    }
    case 'project': {
      const { node: input, facts } = below(node.input);
      return { node: { ...node, input }, facts: projectFacts(node.columns, facts) };
    }
    case 'union': {
      const inputs = node.inputs.map(below);
      return { node: { ...node, inputs: inputs.map((input) => input.node) }, facts: commonFacts(inputs.map(({ facts }) => facts)) };
    }
    case 'sort':
    case 'mv-expand':
    case 'parse':
    case 'toscalar':
    case 'in': {
      const { node: input, facts } = below(node.input);
      return { node: 'query' in node ? { ...node, input, query: below(node.query).node } : { ...node, input }, facts };
    }
    default:
      return { node: mapInputs(node, (input) => below(input).node), facts: NO_FACTS };
  }
}

export interface SplitPlan {
  readonly proof: SplitProof;
  /** The plan to evaluate bin by bin; the plan as it was where it does not split. */
  readonly node: PlanNode;
}

/** Tries the proof. */
export function splitByBin(root: PlanNode, eventTime: EventTime): SplitPlan {
  const { node } = withoutLowerBounds(root, eventTime);
  const proof = new Proof(eventTime);
  const { widths } = proof;
  const refuse = (span: Span, reason: string): SplitPlan => ({ proof: { splits: false, reason, span }, node: root });
  try {
    if (!proof.known(node).isTimed) return refuse(root.span, 'it reads no table');
  } catch (error) {
    if (error instanceof NotSplittable) return refuse(error.span, error.message);
    throw error;
  }
  const [first, second] = [...widths];
  if (first === undefined) {
    const hour = String(TICKS_PER_HOUR);
    return {
      node,
      proof: {
        splits: true,
        binWidth: hour,
        unitWidth: hour,
        reason: 'every operator looks at one row at a time, so it splits at any width',
      },
    };
  }
  const [width, span] = first;
  if (second !== undefined) {
    return refuse(
      second[1],
      `it bins the event time by ${formatTimespan(width)} and by ${formatTimespan(second[0])}; only one width can be the unit of work`,
    );
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
