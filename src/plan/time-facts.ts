import { literalValue } from './literal';
import type { Expr } from './plan';

/** What is known of a column: it is the event time of the row's source rows, or the start of the bin in which all of them lie. */
export type Fact = { readonly kind: 'time' } | { readonly kind: 'bin'; readonly width: bigint };
export type Facts = ReadonlyMap<string, Fact>;

/** The name of a table's event time column; undefined where it has none. */
export type EventTime = (table: string) => string | undefined;

export const NO_FACTS: Facts = new Map();

export function factOf(expr: Expr, facts: Facts): Fact | undefined {
  if (expr.kind === 'column') return facts.get(expr.name);
  if (expr.kind !== 'call' || (expr.name !== 'bin' && expr.name !== 'floor')) return undefined;
  const [value, size] = expr.args;
  if (value === undefined || size?.kind !== 'literal') return undefined;
  const width = literalValue(size);
  const inner = factOf(value, facts);
  if (inner === undefined || typeof width !== 'bigint' || width <= 0n) return undefined;
  return inner.kind === 'time' || inner.width === width ? { kind: 'bin', width } : undefined;
}

export function projectFacts(columns: readonly { readonly name: string; readonly expr: Expr }[], facts: Facts): Facts {
  return new Map(
    columns.flatMap(({ name, expr }) => {
      const fact = factOf(expr, facts);
      return fact === undefined ? [] : [[name, fact] as const];
    }),
  );
}

export const sameFact = (left: Fact | undefined, right: Fact | undefined): boolean =>
  left !== undefined && left.kind === right?.kind && (left.kind === 'time' || (right.kind === 'bin' && left.width === right.width));

/** What is known of a column in each of several inputs alike. */
export function commonFacts([first = NO_FACTS, ...others]: readonly Facts[]): Facts {
  return new Map([...first].filter(([name, fact]) => others.every((facts) => sameFact(fact, facts.get(name)))));
}
