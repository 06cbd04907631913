import { nullable, strict, type Overload, type ScalarFunction } from './function';
import { decodeCell } from '../value/decode';
import type { ScalarType, Tagged, Value } from '../value/types';

/** A cell of a typed column as it stands inside `dynamic`: scalars that JSON lacks keep their type. */
function toDynamic(type: ScalarType, value: Value): Value {
  if (value === null || type === 'string' || type === 'bool' || type === 'long' || type === 'real' || type === 'dynamic') return value;
  if (type === 'int') return BigInt(value as number);
  if (type === 'datetime' || type === 'timespan') return { type, value: value as bigint };
  return type === 'guid' ? { type, value: value as string } : (value as Tagged);
}

const parsed = (type: ScalarType): Overload => ({
  parameters: ['string'],
  result: type,
  prepare: strict((text) => decodeCell(type, (text as string).trim()) ?? null),
});

const widened = (from: ScalarType, to: ScalarType, compute: (value: NonNullable<Value>) => Value): Overload => ({
  parameters: [from],
  result: to,
  prepare: strict(compute),
});

const same = (type: ScalarType): Overload => ({ parameters: [type], result: type, prepare: nullable((value) => value ?? null) });

export const conversionFunctions: readonly ScalarFunction[] = [
  {
    name: 'tolong',
    notation: 'call',
    meaning: 'null where the text is no whole number within 64 bits.',
    overloads: [same('long'), widened('int', 'long', (value) => BigInt(value as number)), parsed('long')],
  },
  {
    name: 'toreal',
    notation: 'call',
    meaning: 'a long beyond 2^53 is rounded.',
    overloads: [same('real'), widened('int', 'real', (value) => value), widened('long', 'real', (value) => Number(value))],
  },
  {
    name: 'todatetime',
    notation: 'call',
    meaning: 'reads ISO 8601; null for any other text.',
    overloads: [same('datetime'), parsed('datetime')],
  },
  {
    name: 'pack_array',
    notation: 'call',
    meaning: 'a dynamic array; each element keeps its type, null stays null.',
    overloads: [
      {
        parameters: [],
        rest: 'any',
        result: 'dynamic',
        prepare: (args) => (row) => args.map((arg) => toDynamic(arg.type, arg.at(row))),
      },
    ],
  },
];
