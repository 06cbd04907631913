import { formatTimespan } from '../value/timespan';
import { addedColumns, collectColumns } from './columns';
import { toLiteral } from './literal';
import { exprsOf } from './nodes';
import type { Expr, JoinNode, MonotoneProof, NamedExpr, PlanNode, SplitPairsProof, SplitProof } from './plan';
import { commonFacts, factOf, NO_FACTS, projectFacts, sameFact, type EventTime, type Facts } from './time-facts';

/**
 * The same plan over bins shifted by half their width, in which rows meet that an edge of the rule's own bins parts. Only the bin moves: the
 * event time stays as it is wherever else the rule uses it.
 */

class NoSplitPairs extends Error {
  override readonly name = 'NoSplitPairs';
}

function refuse(reason: string): never {
  throw new NoSplitPairs(reason);
}

/** A node over shifted bins, and what is known of its columns. */
interface Shifted {
  readonly node: PlanNode;
  readonly facts: Facts;
  /** Columns that can hold the start of a bin. */
  readonly starts: ReadonlySet<string>;
  /** Columns that are computed from the event time. */
  readonly computed: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

const namesIn = (expr: Expr): readonly string[] => [...collectColumns(expr, new Set())];

class Shift {
  /** Whether there is an inner join on the bin, with rows of tables on both sides. */
  joins = false;
  private readonly eventTime: EventTime;
  private readonly width: bigint;
  private readonly half: bigint;

  constructor(eventTime: EventTime, width: bigint) {
    this.eventTime = eventTime;
    this.width = width;
    this.half = width / 2n;
  }

  shift(node: PlanNode): Shifted {
    switch (node.kind) {
      case 'scan': {
        const column = this.eventTime(node.table);
        return { node, facts: new Map(column === undefined ? [] : [[column, { kind: 'time' }]]), starts: NONE, computed: NONE };
      }
      case 'values':
      case 'range':
        return { node, facts: NO_FACTS, starts: NONE, computed: NONE };
      case 'project':
      case 'summarize': {
        const input = this.shift(node.input);
        const named = node.kind === 'project' ? node.columns : node.keys;
        const columns = named.map(({ name, expr }) => ({ name, expr: this.expr(expr, input) }));
        const known = { facts: projectFacts(named, input.facts), ...this.marks(named, input) };
        return { node: { ...node, input: input.node, ...(node.kind === 'project' ? { columns } : { keys: columns }) }, ...known };
      }
      case 'join':
        return this.join(node);
      case 'union': {
        const inputs = node.inputs.map((input) => this.shift(input));
        return {
          node: { ...node, inputs: inputs.map((input) => input.node) },
          facts: commonFacts(inputs.map(({ facts }) => facts)),
          starts: new Set(inputs.flatMap(({ starts }) => [...starts])),
          computed: new Set(inputs.flatMap(({ computed }) => [...computed])),
        };
      }
      case 'in': {
        const input = this.shift(node.input);
        const value = this.expr(node.value, input);
        return { ...input, node: { ...node, input: input.node, query: this.shift(node.query).node, value } };
      }
      case 'toscalar': {
        const input = this.shift(node.input);
        return { ...input, node: { ...node, input: input.node, query: this.shift(node.query).node } };
      }
      case 'where':
      case 'sort':
      case 'take':
      case 'window':
      case 'mv-expand':
      case 'parse': {
        const input = this.shift(node.input);
        exprsOf(node).forEach((expr) => this.expr(expr, input));
        const added = node.kind === 'where' || node.kind === 'sort' || node.kind === 'take' ? [] : addedColumns(node);
        const fromTime = exprsOf(node).some((expr) => this.readsTime(expr, input));
        return {
          ...input,
          node: { ...node, input: input.node },
          computed: fromTime ? new Set([...input.computed, ...added.map(({ name }) => name)]) : input.computed,
        };
      }
    }
  }

  private join(node: JoinNode): Shifted {
    const [left, right] = [this.shift(node.left), this.shift(node.right)];
    const isOnBin = node.keys.some((key) => {
      const fact = left.facts.get(key.left);
      return fact?.kind === 'bin' && sameFact(fact, right.facts.get(key.right));
    });
    if (isOnBin && node.keys.some((key) => left.computed.has(key.left) || right.computed.has(key.right))) {
      refuse('a key of its join is computed from the event time, and an edge between bins may part it too');
    }
    this.joins ||= isOnBin && node.joinKind === 'inner';
    const of = (from: (side: Shifted) => ReadonlySet<string>): ReadonlySet<string> =>
      new Set(node.columns.flatMap((column) => (from(column.side === 'left' ? left : right).has(column.from) ? [column.name] : [])));
    const facts = node.columns.flatMap(({ side, from, name }) => {
      const fact = (side === 'left' ? left : right).facts.get(from);
      return fact === undefined ? [] : [[name, fact] as const];
    });
    return {
      node: { ...node, left: left.node, right: right.node },
      facts: new Map(facts),
      starts: of(({ starts }) => starts),
      computed: of(({ computed }) => computed),
    };
  }

  /** The expression over shifted bins: a bin that is carried as it is, or nothing of one. */
  private expr(expr: Expr, input: Shifted): Expr {
    if (expr.kind !== 'call') return expr;
    const [value, size] = expr.args;
    if (value !== undefined && size !== undefined && this.isBin(expr, input)) {
      const from = toLiteral('datetime', this.half);
      return { ...expr, name: 'bin_at', args: [this.expr(value, input), size, from] };
    }
    const usesStart = expr.args.some((arg) => this.isBin(arg, input) || (arg.kind === 'column' && input.starts.has(arg.name)));
    if (usesStart) refuse('it computes with the start of its bin, which is another where bins are shifted');
    return { ...expr, args: expr.args.map((arg) => this.expr(arg, input)) };
  }

  private isBin(expr: Expr, { facts }: Shifted): boolean {
    const fact = expr.kind === 'call' ? factOf(expr, facts) : undefined;
    return fact?.kind === 'bin' && fact.width === this.width;
  }

  private readsTime(expr: Expr, { facts, starts, computed }: Shifted): boolean {
    return namesIn(expr).some((name) => facts.has(name) || starts.has(name) || computed.has(name));
  }

  private marks(columns: readonly NamedExpr[], input: Shifted): Pick<Shifted, 'starts' | 'computed'> {
    const isStart = (expr: Expr): boolean => (expr.kind === 'column' ? input.starts.has(expr.name) : this.isBin(expr, input));
    const isComputed = (expr: Expr): boolean => {
      if (expr.kind === 'column') return input.computed.has(expr.name);
      return factOf(expr, input.facts) === undefined && this.readsTime(expr, input);
    };
    const where = (holds: (expr: Expr) => boolean): ReadonlySet<string> =>
      new Set(columns.flatMap(({ name, expr }) => (holds(expr) ? [name] : [])));
    return { starts: where(isStart), computed: where(isComputed) };
  }
}

export interface SplitPairsQuestion {
  readonly root: PlanNode;
  readonly eventTime: EventTime;
  readonly split: SplitProof;
  readonly monotone: MonotoneProof;
  /** Result columns that entities are mapped to. */
  readonly mapped: readonly string[];
}

/** Whether pairs that an edge parts can be found, and why; the plan over shifted bins where they can. */
export function splitPairsOf({ root, eventTime, split, monotone, mapped }: SplitPairsQuestion): SplitPairsProof {
  try {
    if (!split.splits) refuse('it does not split by bin');
    if (!monotone.monotone) refuse(`it is not monotone, so rows of one bin may be missed in the other: ${monotone.reason}`);
    const width = BigInt(split.binWidth);
    if (width % 2n !== 0n) refuse(`its bin of ${width} ticks has no half`);
    const shift = new Shift(eventTime, width);
    const shifted = shift.shift(root);
    if (!shift.joins) refuse('it has no inner join on the bin, so an edge parts no pair');
    if (mapped.some((column) => shifted.starts.has(column))) refuse('it maps an entity to the start of its bin');
    return {
      finds: true,
      root: shifted.node,
      reason: `it is monotone and has an inner join on the bin: it is evaluated over bins of ${formatTimespan(width)} shifted by ${formatTimespan(width / 2n)} too`,
    };
  } catch (error) {
    if (error instanceof NoSplitPairs) return { finds: false, reason: error.message };
    throw error;
  }
}
