import { questionOf } from '../world';
import { answering, firstRows, hasCondition, hasFault, isFailure, type Defect } from './defect';

/** Of what the row source answers. */
export const pulling: readonly Defect[] = [
  {
    name: 'takes the rows that come with a partial error for all rows',
    shows: /without all its rows/,
    where: hasFault('partial error'),
    ports: (ports, world) =>
      answering(ports, (answer, request) => (isFailure(answer, 'partial-error') ? firstRows(world, request, 1) : answer)),
  },
  {
    name: 'takes an empty body for no rows',
    shows: /without all its rows/,
    where: hasFault('empty body'),
    ports: (ports, world) =>
      answering(ports, (answer, request) => (isFailure(answer, 'empty-body') ? firstRows(world, request, 0) : answer)),
  },
  {
    name: 'takes the rows up to the limit for all rows',
    shows: /without all its rows/,
    where: hasCondition('limit'),
    ports: (ports, world) => answering(ports, (answer, request) => (answer.kind === 'too-large' ? firstRows(world, request, 4) : answer)),
  },
  {
    name: 'takes the first half of a range that is too large for the whole',
    shows: /without all its rows/,
    where: hasCondition('limit'),
    ports: (ports, world) => {
      let left: bigint | undefined;
      return answering(ports, (answer, request) => {
        const { range } = questionOf(request.workspaceId, request.query);
        const isSecondHalf = left === range.start;
        left = answer.kind === 'whole' ? range.end : undefined;
        return isSecondHalf && answer.kind === 'whole' && range.start % 9_000_000_000n !== 0n ? firstRows(world, request, 0) : answer;
      });
    },
  },
  {
    name: 'takes a table that is not there for one without rows',
    shows: /without all its rows/,
    where: hasCondition('no-source'),
    ports: (ports, world) => answering(ports, (answer, request) => (answer.kind === 'no-source' ? firstRows(world, request, 0) : answer)),
  },
  {
    name: 'marks a bin done that failed',
    shows: /without all its rows/,
    patches: {
      evaluateBin: async (real, ...args) => {
        const outcome = await real(...args);
        return outcome.kind === 'failed' ? { kind: 'whole', drafts: [], tables: {} } : outcome;
      },
    },
  },
  {
    name: 'takes fewer rows for the truth',
    shows: /is missed|lost content|is withdrawn: no-longer-matches|says other than the rows/,
    patches: { reconcile: (real, record, ...rest) => real({ ...record, tables: {} }, ...rest) },
  },
];
