/** Kusto's scalar types. */
export const scalarTypes = ['bool', 'int', 'long', 'real', 'decimal', 'string', 'datetime', 'timespan', 'guid', 'dynamic'] as const;

export type ScalarType = (typeof scalarTypes)[number];

/**
 * A value of one cell. Its Kusto type is the column's; the JavaScript form is
 *
 * | type | form |
 * | --- | --- |
 * | bool | boolean |
 * | int, real | number |
 * | long | bigint |
 * | decimal | Tagged |
 * | string | string, never null: a missing string is '' |
 * | datetime | bigint, 100 ns ticks since 0001-01-01T00:00:00Z |
 * | timespan | bigint, 100 ns ticks |
 * | guid | string, lower case with hyphens |
 * | dynamic | Dynamic |
 *
 * null stands for Kusto's null in every type but string.
 */
export type Value = Dynamic;

/** What stands in a cell that nothing fills. */
export const noValue = (type: ScalarType): Value => (type === 'string' ? '' : null);

/**
 * A value inside `dynamic`. A bigint is a long, a number a real; scalars that JSON lacks are tagged.
 * A property bag is a Map, so that its order is kept and no key is special.
 */
export type Dynamic = null | boolean | number | bigint | string | Tagged | DynamicArray | DynamicBag;
export type DynamicArray = readonly Dynamic[];
export type DynamicBag = ReadonlyMap<string, Dynamic>;

/** A scalar that carries its own type: a decimal cell, or a typed scalar inside `dynamic`. */
export type Tagged =
  | { readonly type: 'datetime' | 'timespan'; readonly value: bigint }
  | { readonly type: 'guid'; readonly value: string }
  | { readonly type: 'decimal'; readonly value: string };

export interface Column {
  readonly name: string;
  readonly type: ScalarType;
}
