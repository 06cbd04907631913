import { toDatetime } from './arithmetic';
import { strict, type ScalarFunction } from './function';

export const timeFunctions: readonly ScalarFunction[] = [
  {
    name: 'now',
    notation: 'call',
    meaning: 'one instant throughout an evaluation; an offset may be given.',
    usesNow: true,
    overloads: [
      {
        parameters: [],
        result: 'datetime',
        prepare:
          (_args, { now }) =>
          () =>
            now,
      },
      {
        parameters: ['timespan'],
        result: 'datetime',
        prepare: (args, { now }) => strict((offset) => toDatetime(now + (offset as bigint)))(args, { now }),
      },
    ],
  },
  {
    name: 'ago',
    notation: 'call',
    meaning: 'now() less a timespan.',
    usesNow: true,
    overloads: [
      {
        parameters: ['timespan'],
        result: 'datetime',
        prepare: (args, { now }) => strict((span) => toDatetime(now - (span as bigint)))(args, { now }),
      },
    ],
  },
  {
    name: 'ingestion_time',
    notation: 'call',
    meaning:
      'when the row arrived in its table: of local rows their member `$IngestionTime`, null without one. Only behind a table and operators that look at one row at a time. A rule that uses it is not scheduled: the service gives it only approximately, and not behind a parser.',
    overloads: [{ parameters: [], result: 'datetime', prepare: () => () => null }],
  },
];
