import type { Patches } from './defects';

/** What is in the place of the program's own functions at the moment: the module mocks of a test ask here at each call. */
export const inPlace: { patches: Patches } = { patches: {} };
