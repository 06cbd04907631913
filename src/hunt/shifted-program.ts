import type { RuleProgram } from './rule-program';

/** The program over bins shifted by half the rule's own, with ledger records of its own; undefined where the rule finds no split pairs. */
export function shiftedProgram(program: RuleProgram): RuleProgram | undefined {
  const { splitPairs, ...rest } = program;
  if (splitPairs === undefined) return undefined;
  return {
    ...rest,
    grid: { ...program.grid, shift: splitPairs.shift },
    ledgerFolder: `${program.ledgerFolder}/split`,
    draft: (input) => splitPairs.draft(input),
  };
}
