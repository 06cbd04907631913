import type { RuleProgram, SplitPairs } from './rule-program';

/** How the rule finds pairs that an edge parts; undefined where it does not, or they are not asked for. */
export function pairsOf({ splitPairs }: RuleProgram): SplitPairs | undefined {
  return splitPairs === 'off' ? undefined : splitPairs;
}

/** The program over bins shifted by half the rule's own, with ledger records of its own; undefined where the rule finds no split pairs. */
export function shiftedProgram(program: RuleProgram): RuleProgram | undefined {
  const pairs = pairsOf(program);
  return pairs && shifted(program, pairs.shift, (input) => pairs.draft(input));
}

/**
 * The same where the rule has no split pairs, for the records that an earlier plan of it may have left: it finds nothing. Undefined where split
 * pairs are found, or not asked for.
 */
export function formerlyShiftedProgram(program: RuleProgram): RuleProgram | undefined {
  return program.splitPairs === undefined ? shifted(program, program.grid.width / 2n, () => []) : undefined;
}

function shifted(program: RuleProgram, shift: bigint, draft: RuleProgram['draft']): RuleProgram {
  const { splitPairs: _, ...rest } = program;
  return { ...rest, grid: { ...program.grid, shift }, ledgerFolder: `${program.ledgerFolder}/split`, draft };
}
