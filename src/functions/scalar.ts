import { comparisonFunctions } from './compare';
import { conversionFunctions } from './convert';
import type { Overload, ParameterType, ScalarFunction } from './function';
import { logicFunctions } from './logic';
import { stringFunctions } from './strings';
import { timeFunctions } from './time';
import type { ScalarType } from '../value/types';

/** Every scalar function and operator that we run, by its Kusto name. Whatever is not here is refused when a rule is compiled. */
export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  [...comparisonFunctions, ...stringFunctions, ...logicFunctions, ...timeFunctions, ...conversionFunctions].map((entry) => [entry.name, entry]),
);

/** Kusto widens an int to long or real, and a long to real, where a function asks for it. */
const widening: Readonly<Partial<Record<ScalarType, readonly ScalarType[]>>> = { int: ['long', 'real'], long: ['real'] };

/** The function that carries out a widening. */
export const wideningFunction = { long: 'tolong', real: 'toreal' } as const;

function cost(from: ScalarType, to: ParameterType): number | undefined {
  if (from === to || to === 'any') return 0;
  const steps = widening[from]?.indexOf(to) ?? -1;
  return steps === -1 ? undefined : steps + 1;
}

export interface Resolution {
  readonly overload: Overload;
  /** For each argument the type that it is to have, which differs from its own only by a widening. */
  readonly types: readonly ScalarType[];
}

/** The overload that takes these arguments with the least widening, the first of equals; undefined where none does. */
export function resolveOverload(entry: ScalarFunction, types: readonly ScalarType[]): Resolution | undefined {
  let best: { readonly resolution: Resolution; readonly cost: number } | undefined;
  for (const overload of entry.overloads) {
    const { parameters, rest } = overload;
    if (types.length < parameters.length || (types.length > parameters.length && rest === undefined)) continue;
    const wanted = types.map((type, index) => parameters[index] ?? rest ?? type);
    const costs = types.map((type, index) => cost(type, wanted[index] ?? type));
    if (costs.some((each) => each === undefined)) continue;
    const total = costs.reduce<number>((sum, each) => sum + (each ?? 0), 0);
    if (best !== undefined && best.cost <= total) continue;
    const resolved = wanted.map((parameter, index) => (parameter === 'any' ? (types[index] ?? 'dynamic') : parameter));
    best = { resolution: { overload, types: resolved }, cost: total };
  }
  return best?.resolution;
}
