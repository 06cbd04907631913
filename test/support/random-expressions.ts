import { aggregationFunctions } from '../../src/functions/aggregates';
import type { Signature } from '../../src/functions/function';
import { resolveOverload } from '../../src/functions/overload';
import { scalarFunctions } from '../../src/functions/scalar';
import type { Column, ScalarType } from '../../src/value/types';
import type { Random } from '../simulation/random';
import { aggregateCalls, scalarCalls } from './calls';

/** An expression, and the type that it most likely has: what Microsoft's binder makes of it decides. */
export interface Typed {
  readonly text: string;
  readonly type: ScalarType;
}

const literals: Readonly<Record<ScalarType, readonly string[]>> = {
  bool: ['true', 'false'],
  int: ['int(1)', 'int(2)', 'int(null)'],
  long: ['1', '2', '443', '-1', '0', 'long(null)', '9223372036854775807'],
  real: ['0.5', '1.5', '2.0', 'real(null)', 'real(nan)', 'real(-inf)', '1e300'],
  decimal: ['decimal(1.5)'],
  string: ["'a'", "'x'", "'new'", "'k=new'", "'A'", "''", "'é\\n\"\\\\'"],
  datetime: ['datetime(2026-03-10T10:30:00Z)', 'datetime(2026-03-10T11:00:00Z)', 'datetime(null)'],
  timespan: ['1h', '30m', '-1s', '-1.5d', '1tick'],
  guid: ['guid(74be27de-1e4e-49d9-b579-fe0b331d3642)'],
  dynamic: ["dynamic([1, 'u'])", "dynamic({'k': 1})", 'dynamic(null)'],
};

function operand(random: Random, columns: readonly Column[], type: ScalarType): string {
  const own = columns.filter((column) => column.type === type);
  return own.length > 0 && random.chance(0.8) ? random.pick(own).name : random.pick(literals[type]);
}

/** The call with an operand of the same type in the place of each column c_type. */
function filled(random: Random, columns: readonly Column[], call: string): string {
  return call.replace(/\bc_(\w+)\b/g, (_, type: ScalarType) => operand(random, columns, type));
}

function resultOf(overloads: readonly Signature[], call: string): ScalarType {
  const types = [...call.matchAll(/\bc_(\w+)\b/g)].map(([, type]) => type as ScalarType);
  return (resolveOverload(overloads, types)?.overload ?? overloads[0])?.result ?? 'string';
}

interface Call extends Typed {
  readonly name: string;
}

/** Where every function is as likely as any other, whatever the number of its overloads. */
const scalars: readonly (readonly Call[])[] = scalarCalls.map(([name, calls]) =>
  calls.map((text) => ({ name, text, type: resultOf(scalarFunctions.get(name)?.overloads ?? [], text) })),
);
const predicates = scalars.map((calls) => calls.filter(({ type }) => type === 'bool')).filter((calls) => calls.length > 0);
const aggregates: readonly (readonly Call[])[] = aggregateCalls.map(([name, calls]) =>
  calls
    .filter((text) => !text.includes(' by '))
    .map((text) => ({ name, text, type: resultOf(aggregationFunctions.get(name)?.overloads ?? [], text) })),
);

/** A call of any scalar function or operator. */
export function scalar(random: Random, columns: readonly Column[]): Typed {
  const { text, type } = random.pick(random.pick(scalars));
  return { text: filled(random, columns, text), type };
}

/** A bool: the call of a function, or several joined by and, or, not. */
export function predicate(random: Random, columns: readonly Column[]): string {
  const one = (): string => filled(random, columns, random.pick(random.pick(predicates)).text);
  return random.weighted<() => string>(
    [5, one],
    [1, () => `not(${one()})`],
    [1, () => `${one()} and (${one()})`],
    [1, () => `${one()} or (${one()})`],
    [2, () => random.pick(["Host == 'a'", 'Level > 0', 'Pid != 2 or Level == 1', 'isnotempty(Host)', 'TimeGenerated > ago(2d)'])],
  )();
}

/** A call of any aggregation function; of several columns where `isSingle` is false. */
export function aggregate(random: Random, columns: readonly Column[]): Typed & { readonly isSingle: boolean } {
  const { text, type } = random.pick(random.pick(aggregates));
  const isSingle = !/^\(|^X = |\*|percentiles|^(?:take_any|any)\(.*,|^arg_m\w+\(.*,/.test(text);
  return { text: filled(random, columns, text), type, isSingle };
}
