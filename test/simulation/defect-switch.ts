import type { Patches } from './patches';

/** What is in the place of the program's own functions at the moment: the module mocks of a test ask here at each call. */
export const inPlace: { patches: Patches } = { patches: {} };

/** A module of the program, each function of which asks at each call whether another is in its place. */
export function replaceable<M extends object>(module: M): M {
  const functions = Object.entries(module).filter(([, member]) => typeof member === 'function' && !/^class /.test(String(member)));
  const asking = functions.map(([name, real]: [string, (...args: unknown[]) => unknown]) => {
    const ask = (...args: unknown[]): unknown => {
      const patches: Readonly<Record<string, ((...args: unknown[]) => unknown) | undefined>> = inPlace.patches as never;
      const instead = patches[name];
      return instead === undefined ? real(...args) : instead(real, ...args);
    };
    return [name, ask] as const;
  });
  return { ...module, ...Object.fromEntries(asking) };
}
