import { Adjoining } from '../../../src/hunt/adjoining';
import { Coverage } from '../../../src/hunt/coverage';
import { Lane } from '../../../src/hunt/lane';
import { RowShelf } from '../../../src/hunt/row-shelf';
import { isBetweenAudits } from '../generate';
import { hasPlan, instead, type Defect } from './defect';

/** Of pairs that an edge parts, and of the bins in which they are found. */
export const splitting: readonly Defect[] = [
  {
    name: 'leaves a pair active for which an incident of the rule stands',
    shows: /is active beside an incident of the rule/,
    patches: { supersedeBin: async () => true },
  },
  {
    name: 'sends a pair for which an incident of the rule stands, and takes it back',
    shows: /was sent beside an incident of the rule|messages were sent after all was audited/,
    patch: () => instead(Adjoining.prototype, 'part', () => (drafts) => ({ drafts, superseded: {} })),
  },
  {
    name: 'looks for a pair while it is not recorded what the bins beside it came to',
    shows: /was sent beside an incident of the rule/,
    patch: () => instead(Lane.prototype, 'isBesideWork', () => () => false),
  },
  {
    name: 'evaluates a shifted bin by the rows before its edge alone',
    shows: /split\/.* was marked evaluated at .* without all its rows/,
    patch: () =>
      instead(
        RowShelf.prototype,
        'take',
        (real) =>
          function (this: RowShelf, bin) {
            const shelved = real.call(this, bin);
            const rows = [...(shelved?.rows ?? [])].map(([table, parts]) => [table, parts.slice(0, 1)] as const);
            return shelved && { ...shelved, rows: new Map(rows) };
          },
      ),
  },
  {
    name: 'leaves pairs active under a plan that finds none',
    shows: /is active under a plan that finds no pairs|is active and not true|split is not settled/,
    where: hasPlan(/^many-[45]$/),
    plan: (plan) => (plan.program.splitPairs === undefined ? { ...plan, program: { ...plan.program, splitPairs: 'off' } } : plan),
  },
  {
    name: 'takes pairs back that are not asked for any more',
    shows: /an instance that asks for no pairs touched/,
    where: ({ deployments }) => deployments.some((each) => 'splitPairs' in each),
    plan: ({ program: { splitPairs, ...program }, ...plan }) => ({
      ...plan,
      program: splitPairs === undefined || splitPairs === 'off' ? program : { ...program, splitPairs },
    }),
  },
  {
    name: 'gives no pair back that was left to an incident which is gone',
    shows: /\.split is missed/,
    where: (history) => history.deployments.some(({ at }) => isBetweenAudits(history, at)),
    patch: () => instead(Adjoining.prototype, 'hasLetGo', () => () => false),
  },
  {
    name: 'does not settle shifted bins',
    shows: /split is not settled to the end/,
    patch: () =>
      instead(
        Coverage.prototype,
        'settle',
        (real) =>
          async function (this: Coverage, now, ...rest) {
            if (this['grid'].shift === 0n) await real.call(this, now, ...rest);
          },
      ),
  },
];
