import * as fc from 'fast-check';
import { canonicalOrder } from '../../src/engine/canonical-order';
import { keyOf } from '../../src/engine/keys';
import { compareValues } from '../../src/functions/compare';
import type { Argument } from '../../src/functions/function';
import { binInteger } from '../../src/functions/math';
import { resolveOverload } from '../../src/functions/overload';
import { scalarFunctions } from '../../src/functions/scalar';
import { instantFromTicks } from '../../src/value/instant';
import { decodeDynamic } from '../../src/value/decode';
import { formatDynamicLiteral, parseDynamicLiteral } from '../../src/value/dynamic-literal';
import type { ScalarType, Value } from '../../src/value/types';

const SEED = 20260310;
const check = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => boolean): void => {
  fc.assert(fc.property(arbitrary, holds), { seed: SEED, numRuns: 500 });
};

/** A function of the table over values that are not known beforehand. */
function call(name: string, types: readonly ScalarType[], values: readonly Value[]): Value {
  const overload = resolveOverload(scalarFunctions.get(name)?.overloads ?? [], types)?.overload;
  const now = instantFromTicks(0n);
  if (overload === undefined || now === undefined) throw new Error(`no ${name} over ${types.join()}`);
  const args = values.map((_, index): Argument => ({
    type: types[index] ?? 'string',
    constant: undefined,
    at: (row) => row[index] ?? null,
  }));
  return overload.prepare(args, { now })(values);
}

const long = fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n });
const positive = fc.bigInt({ min: 1n, max: 2n ** 20n });

it('bin gives the greatest multiple that is not above the value', () => {
  check(fc.tuple(long, positive), ([value, size]) => {
    const start = binInteger(value, size);
    return start !== null && start % size === 0n && start <= value && value < start + size;
  });
});

it('a % b lies between 0 and |b|, and differs from a by a multiple of b', () => {
  check(
    fc.tuple(
      long,
      fc.oneof(
        positive,
        positive.map((size) => -size),
      ),
    ),
    ([left, right]) => {
      const rest = call('%', ['long', 'long'], [left, right]) as bigint;
      return rest >= 0n && rest < (right < 0n ? -right : right) && (left - rest) % right === 0n;
    },
  );
});

const words = fc.array(fc.constantFrom('a', 'B', '7', '-', '_', ' ', '.', 'é', '😀'), { maxLength: 8 }).map((parts) => parts.join(''));
const terms = fc.array(fc.constantFrom('a', 'B', '7', '-', 'é'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));

/** By the definition: an occurrence, ignoring case, with no letter or digit beside an edge that is one itself. */
function naiveHas(text: string, needle: string): boolean {
  const [characters, wanted] = [Array.from(text.toLowerCase()), Array.from(needle.toLowerCase())];
  const alphanumeric = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);
  return characters.some((_, at) => {
    if (!wanted.every((character, index) => characters[at + index] === character)) return false;
    const clash = (edge: string | undefined, neighbour: string | undefined): boolean => alphanumeric(edge) && alphanumeric(neighbour);
    return !clash(wanted[0], characters[at - 1]) && !clash(wanted.at(-1), characters[at + wanted.length]);
  });
}

it('has agrees with its definition', () => {
  check(fc.tuple(words, terms), ([text, needle]) => call('has', ['string', 'string'], [text, needle]) === naiveHas(text, needle));
});

it('!has is the opposite of has, and has_any that of some of its list', () => {
  check(fc.tuple(words, terms, terms), ([text, one, other]) => {
    const [first, second] = [call('has', ['string', 'string'], [text, one]), call('has', ['string', 'string'], [text, other])];
    return (
      call('!has', ['string', 'string'], [text, one]) === !first &&
      call('has_any', ['string', 'string', 'string'], [text, one, other]) === (first === true || second === true) &&
      call('has_all', ['string', 'string', 'string'], [text, one, other]) === (first === true && second === true)
    );
  });
});

it('the operators that ignore case do so on both sides', () => {
  check(fc.tuple(words, terms), ([text, needle]) =>
    ['has', 'hasprefix', 'hassuffix', 'contains', 'startswith', 'endswith', '=~'].every(
      (name) =>
        call(name, ['string', 'string'], [text, needle]) === call(name, ['string', 'string'], [text.toUpperCase(), needle.toLowerCase()]),
    ),
  );
});

it('the comparisons of two longs agree with one another', () => {
  check(fc.tuple(long, long), ([a, b]) => {
    const holds = (name: string): Value => call(name, ['long', 'long'], [a, b]);
    return (
      holds('<') === !holds('>=') && holds('>') === !holds('<=') && holds('==') === !holds('!=') && holds('<') === compareValues(a, b) < 0
    );
  });
});

const cells = fc.tuple(fc.oneof(fc.constant(null), long), fc.string(), fc.boolean());
const types: readonly ScalarType[] = ['long', 'string', 'bool'];

it('keys are equal exactly where all values are', () => {
  check(
    fc.tuple(cells, cells),
    ([a, b]) => (keyOf(types, a, 'group') === keyOf(types, b, 'group')) === a.every((value, index) => value === b[index]),
  );
});

it('the canonical order is total', () => {
  const order = canonicalOrder(types.map((type, index) => ({ name: `c${index}`, type })));
  check(fc.tuple(cells, cells, cells), ([a, b, c]) => {
    const transitive = !(order(a, b) <= 0 && order(b, c) <= 0) || order(a, c) <= 0;
    return (
      transitive &&
      Math.sign(order(a, b)) === -Math.sign(order(b, a)) &&
      (order(a, b) === 0) === a.every((value, index) => value === b[index])
    );
  });
});

it('a dynamic literal is read as it was written', () => {
  check(fc.jsonValue(), (json) => {
    const value = decodeDynamic(json) ?? null;
    const read = parseDynamicLiteral(formatDynamicLiteral(value));
    return read !== undefined && formatDynamicLiteral(read) === formatDynamicLiteral(value);
  });
});
