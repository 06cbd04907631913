import type { Bin } from '../../../src/hunt/bins';
import { Lane } from '../../../src/hunt/lane';
import type { LaneState } from '../../../src/hunt/lane-report';
import { Tally } from '../../../src/hunt/tally';
import { addTicks, TICKS_PER_DAY, TICKS_PER_HOUR } from '../../../src/value/instant';
import type { History } from '../history';
import { forgetting, hasCondition, hasFault, instead, type Defect } from './defect';

/** Each lane says something else of itself at the end of a cycle. */
function stating(change: (state: LaneState) => LaneState): () => () => void {
  return () =>
    instead(
      Lane.prototype,
      'state',
      (real) =>
        function (this: Lane) {
          return change(real.call(this));
        },
    );
}

/** Of which bins are due, and when a bin is done. */
export const scheduling: readonly Defect[] = [
  {
    name: 'is done with a bin 24 hours after its close',
    shows: /was passed over/,
    patches: {
      dueBins: (real, question) =>
        real(question).filter((bin) => (question.recorded(bin)?.evaluatedAt ?? 0n) < addTicks(bin.end, 24n * TICKS_PER_HOUR)),
    },
  },
  {
    name: 'ignores what comes after the first evaluation of a closed bin',
    shows: /was passed over/,
    patches: { dueBins: (real, question) => real(question).filter((bin) => (question.recorded(bin)?.evaluatedAt ?? 0n) < bin.end) },
  },
  {
    name: 'skips the bins of a lost tick',
    shows: /was passed over/,
    patches: {
      dueBins: (real, question) => {
        const isRecent = (bin: Bin): boolean => addTicks(bin.end, question.grid.width) >= question.now;
        return real(question).filter((bin) => isRecent(bin) || question.recorded(bin) !== undefined);
      },
    },
  },
  {
    name: 'asks again for what is up to date',
    shows: /was pulled though no pass had come/,
    patches: {
      dueBins: (real, question) => {
        const withoutEvaluation = (bin: Bin): ReturnType<typeof question.recorded> => {
          const record = question.recorded(bin);
          return record && { ...record, evaluatedAt: undefined };
        };
        return real({ ...question, recorded: withoutEvaluation });
      },
    },
  },
  {
    name: 'takes each failure of a bin for the first',
    shows: /does not count its failures/,
    patch: forgetting({ failure: undefined }),
  },
  {
    name: 'takes a bin for failing that another instance evaluated for its pass',
    shows: /is failing, and was evaluated for its pass/,
    patches: {
      recordFailure: (real, context, ...rest) =>
        real({ ...context, asDue: (_, record) => ({ ...record, evaluatedAt: undefined }) }, ...rest),
    },
  },
  {
    name: 'says that bins are left though it had time for them',
    shows: /bins are left, though there was time/,
    patch: stating((state) => ({ ...state, left: state.left + 1 })),
  },
  {
    name: 'counts each answer of the row source twice',
    shows: /counts \d+ as requests/,
    patch: () =>
      instead(
        Tally.prototype,
        'answer',
        (real) =>
          function (this: Tally, answer) {
            real.call(this, answer);
            real.call(this, answer);
          },
      ),
  },
  {
    name: 'does not say how long a bin has waited',
    shows: /minutes are not covered, and \d+ are/,
    patch: stating((state) => ({ ...state, coverage: undefined })),
  },
  {
    name: 'does the backlog before the open bin',
    shows: /in another order/,
    patches: { dueBins: (real, question) => [...real(question)].sort((left, right) => Number(left.start - right.start)) },
  },
  {
    name: 'does not come to the bins after one that fails',
    shows: /was passed over/,
    patches: {
      dueBins: (real, question) => {
        const due = real(question);
        const failing = due.findIndex((bin) => question.recorded(bin)?.failure !== undefined);
        return failing === -1 ? due : due.slice(0, failing + 1);
      },
    },
  },
  {
    name: 'gives a bin up that failed three times',
    shows: /was passed over/,
    where: hasCondition('poison', 'outage'),
    patches: { dueBins: (real, question) => real(question).filter((bin) => (question.recorded(bin)?.failure?.count ?? 0) < 3) },
  },
  {
    name: 'evaluates a rule that is not monotone before its bin is settled',
    shows: /came before its bin was settled|was pulled though no pass had come/,
    patches: { dueBins: (real, question) => real({ ...question, monotone: true }) },
  },
  {
    name: 'skips the audit',
    shows: /was passed over/,
    patches: {
      dueBins: (real, question) =>
        real(question).filter((bin) => (question.recorded(bin)?.evaluatedAt ?? 0n) < addTicks(bin.end, 49n * TICKS_PER_HOUR)),
    },
  },
  {
    name: 'settles bins that are final and not audited',
    shows: /settles bins that were not audited/,
    patches: {
      isAudited: (_, bin, record) => record?.evaluatedAt !== undefined && record.evaluatedAt >= addTicks(bin.end, 49n * TICKS_PER_HOUR),
    },
  },
  {
    name: 'settles a bin too far',
    shows: /settles bins that were not audited/,
    where: hasAuditTicks,
    patches: {
      isAudited: (_, { start }, record) => record?.evaluatedAt !== undefined && record.evaluatedAt >= addTicks(start, 7n * TICKS_PER_DAY),
    },
  },
  {
    name: 'says of an evaluation that it began when it ended',
    shows: /without all its rows/,
    where: hasFault('slow'),
    patches: { commitEvaluation: (real, context, bin, _, finding) => real(context, bin, context.clock.now(), finding) },
  },
  {
    name: 'counts as late what comes after the close of a bin',
    shows: /lateAfterFinal is/,
    patches: {
      nextPortion: (real, bin, record, ...rest) => ({
        ...real(bin, record, ...rest),
        lateAfterFinal: record.evaluatedAt !== undefined && record.evaluatedAt >= bin.end,
      }),
    },
  },
  {
    name: 'does not count what the audit finds',
    shows: /lateAfterFinal is 0/,
    where: ({ latency }) => latency === 0,
    patches: { nextPortion: (real, ...args) => ({ ...real(...args), lateAfterFinal: false }) },
  },
];

function hasAuditTicks({ end, ticks }: History): boolean {
  return ticks.some(({ at }) => at > addTicks(end, 3n * TICKS_PER_DAY));
}
