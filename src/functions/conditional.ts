import { compareValues } from './compare';
import { callable, type Argument, type Evaluator, type Overload, type ScalarFunction } from './function';
import { scalarTypes, type ScalarType, type Value } from '../value/types';

/** Functions that choose one of their arguments. All choices have one type; an int or a long beside a real is widened. */

const last = <T>(items: readonly T[]): T | undefined => items[items.length - 1];

/** Predicate, value, predicate, value, …, otherwise. */
function choose(args: readonly Argument[]): Evaluator {
  const otherwise = last(args);
  if (otherwise === undefined) throw new TypeError('a choice without arguments');
  const branches = Array.from({ length: (args.length - 1) / 2 }, (_, index) => [args[2 * index], args[2 * index + 1]] as const);
  return (row) => {
    for (const [predicate, value] of branches) {
      if (predicate?.at(row) === true && value !== undefined) return value.at(row);
    }
    return otherwise.at(row);
  };
}

const iff = (name: string): ScalarFunction =>
  callable(
    name,
    'the second argument where the first is true, else the third, also for null.',
    scalarTypes.map((type): Overload => ({ parameters: ['bool', type, type], result: type, prepare: choose })),
  );

/** null, or '' of a string. */
const isMissing = (value: Value): boolean => value === null || value === '';

const coalesce = (type: ScalarType): Overload => ({
  parameters: [type, type],
  rest: type,
  result: type,
  prepare: (args) => (row) => {
    let value: Value = null;
    for (const arg of args) {
      value = arg.at(row);
      if (!isMissing(value)) return value;
    }
    return value;
  },
});

const extreme = (name: string, meaning: string, wins: (order: number) => boolean): ScalarFunction =>
  callable(
    name,
    meaning,
    (['int', 'long', 'real', 'datetime', 'timespan'] as const).map((type): Overload => ({
      parameters: [type, type],
      rest: type,
      result: type,
      prepare: (args) => (row) => {
        let best: Value = null;
        for (const arg of args) {
          const value = arg.at(row);
          if (value !== null && (best === null || wins(compareValues(value, best)))) best = value;
        }
        return best;
      },
    })),
  );

export const conditionalFunctions: readonly ScalarFunction[] = [
  iff('iff'),
  iff('iif'),
  callable(
    'case',
    'the value after the first predicate that is true, else the last argument.',
    scalarTypes.map((type): Overload => ({ pairs: ['bool', type], parameters: ['bool', type, type], result: type, prepare: choose })),
  ),
  callable(
    'coalesce',
    "the first argument that is not null, nor '' among strings; else the last.",
    scalarTypes.filter((type) => type !== 'dynamic').map(coalesce),
  ),
  extreme('max_of', 'the greatest argument; nulls are passed over.', (order) => order > 0),
  extreme('min_of', 'the least argument; nulls are passed over.', (order) => order < 0),
];
