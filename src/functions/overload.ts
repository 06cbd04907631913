import type { ParameterType, Signature } from './function';
import type { ScalarType } from '../value/types';

/** Kusto widens an int to long or real, and a long to real, where a function asks for it. */
const widening: Readonly<Partial<Record<ScalarType, readonly ScalarType[]>>> = { int: ['long', 'real'], long: ['real'] };

/** The function that carries out a widening. */
export const wideningFunction = { long: 'tolong', real: 'toreal' } as const;

interface Fit {
  readonly type: ScalarType;
  readonly cost: number;
}

/** The type that an argument is to have for a parameter, and what that costs; undefined where it does not fit. */
function fit(from: ScalarType, to: ParameterType): Fit | undefined {
  if (to === 'any' || from === to) return { type: from, cost: 0 };
  const wanted = typeof to === 'string' ? [to] : to;
  if (wanted.includes(from)) return { type: from, cost: 0 };
  const steps = widening[from] ?? [];
  const index = steps.findIndex((step) => wanted.includes(step));
  const type = steps[index];
  return type === undefined ? undefined : { type, cost: index + 1 };
}

/** The parameters for a call with so many arguments; undefined where the overload takes another number. */
function parametersFor({ pairs, parameters, rest }: Signature, count: number): readonly ParameterType[] | undefined {
  const missing = count - parameters.length;
  if (missing < 0) return undefined;
  if (pairs !== undefined) {
    return missing % 2 === 0 ? [...Array.from({ length: missing / 2 }, () => pairs).flat(), ...parameters] : undefined;
  }
  if (missing > 0 && rest === undefined) return undefined;
  return [...parameters, ...Array.from({ length: missing }, () => rest ?? 'any')];
}

export interface Resolution<S extends Signature> {
  readonly overload: S;
  /** For each argument the type that it is to have, which differs from its own only by a widening. */
  readonly types: readonly ScalarType[];
}

/** The overload that takes these arguments with the least widening, the first of equals; undefined where none does. */
export function resolveOverload<S extends Signature>(overloads: readonly S[], types: readonly ScalarType[]): Resolution<S> | undefined {
  let best: { readonly resolution: Resolution<S>; readonly cost: number } | undefined;
  for (const overload of overloads) {
    const parameters = parametersFor(overload, types.length);
    if (parameters === undefined) continue;
    const fits = types.map((type, index) => fit(type, parameters[index] ?? type));
    if (!fits.every((each) => each !== undefined)) continue;
    const cost = fits.reduce((sum, each) => sum + each.cost, 0);
    if (best !== undefined && best.cost <= cost) continue;
    best = { resolution: { overload, types: fits.map(({ type }) => type) }, cost };
  }
  return best?.resolution;
}
