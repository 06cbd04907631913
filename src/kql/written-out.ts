import type { FunctionExpression, LetStatement, Query } from './ast';

/** More nodes than any query has once its `let`s stand where they are named. `let`s that use one another twice double at each step. */
const MAX_NODES = 200_000;

class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** What a name stands for: so many nodes, or a function, whose size depends on its arguments. */
type Meaning = number | { readonly function: FunctionExpression; readonly names: Names };
type Names = ReadonlyMap<string, Meaning>;

class Sizer {
  private visited = 0;

  /** The number of nodes. Throws TooLarge, as soon as that is certain. */
  of(value: unknown, names: Names): number {
    if (typeof value !== 'object' || value === null) return 0;
    if (Array.isArray(value)) return this.sum(value, names);
    this.visited += 1;
    if (this.visited > MAX_NODES) throw new TooLarge();
    const node = value as { readonly kind?: unknown; readonly name?: unknown; readonly args?: unknown };
    const isUse = node.kind === 'name' || node.kind === 'call';
    const meaning = isUse && typeof node.name === 'string' ? names.get(node.name) : undefined;
    if (meaning === undefined || (typeof meaning === 'number' && node.kind === 'call')) return 1 + this.sum(Object.values(node), names);
    return typeof meaning === 'number' ? this.bounded(meaning) : this.ofCall(meaning, Array.isArray(node.args) ? node.args : [], names);
  }

  /** Each argument as large as the largest, which is enough to see what doubles. */
  private ofCall({ function: called, names: outside }: Exclude<Meaning, number>, args: readonly unknown[], names: Names): number {
    const largest = args.reduce<number>((most, arg) => Math.max(most, this.of(arg, names)), 1);
    const inside = new Map([...outside, ...called.parameters.map(({ name }) => [name, largest] as const)]);
    return this.bounded(largest + this.of(called.body, this.afterLets(called.lets, inside)));
  }

  afterLets(lets: readonly LetStatement[], outer: Names): Names {
    const names = new Map(outer);
    for (const { name, value } of lets) {
      names.set(name, value.kind === 'function' ? { function: value, names: new Map(names) } : this.of(value, names));
    }
    return names;
  }

  private sum(values: readonly unknown[], names: Names): number {
    return values.reduce<number>((total, value) => this.bounded(total + this.of(value, names)), 0);
  }

  private bounded(size: number): number {
    if (size > MAX_NODES) throw new TooLarge();
    return size;
  }
}

/** Whether the query is too large to be worked on with its `let`s written out where they are named. */
export function isTooLargeWrittenOut({ lets, body }: Query): boolean {
  const sizer = new Sizer();
  try {
    sizer.of(body, sizer.afterLets(lets, new Map()));
    return false;
  } catch (error) {
    if (error instanceof TooLarge) return true;
    throw error;
  }
}
