import type { ParameterType, ScalarFunction, Signature } from '../../src/functions/function';
import { aggregationFunctions } from '../../src/functions/aggregates';
import { scalarFunctions } from '../../src/functions/scalar';
import { scalarTypes, type ScalarType } from '../../src/value/types';

/** Calls of every function that the engine has, over one column of each type: c_string, c_long, … */

/** Calls of functions that ask for constants, or that only Microsoft's binder restricts further. */
const written: Readonly<Record<string, readonly string[]>> = {
  indexof: [
    "indexof(c_string, 'a')",
    "indexof(c_long, 'a', c_long)",
    "indexof(c_string, 'a', c_long, c_long)",
    "indexof(c_string, 'a', 0, -1, 2)",
  ],
  split: ["split(c_string, ',')", "split(c_dynamic, ',', 1)"],
  'matches regex': ["c_string matches regex 'a'", "c_dynamic matches regex 'a'"],
  extract: ["extract('(a)', 1, c_string)", "extract('(a)', 1, c_string, typeof(long))"],
  extract_all: ["extract_all('(a)', c_string)"],
  replace_regex: ["replace_regex(c_string, 'a', 'b')"],
  replace: ["replace('a', 'b', c_string)"],
  array_iff: ['array_iff(c_dynamic, c_string, c_dynamic)'],
  array_iif: ['array_iif(c_dynamic, c_long, c_datetime)'],
  countof: ["countof(c_string, 'a')", "countof(c_string, 'a', 'regex')"],
  trim: ["trim('a+', c_string)"],
  trim_start: ["trim_start('a+', c_string)"],
  trim_end: ["trim_end('a+', c_string)"],
  round: ['round(c_long)', 'round(c_real)', 'round(c_real, 2)'],
  datetime_add: ["datetime_add('day', c_long, c_datetime)"],
  datetime_diff: ["datetime_diff('day', c_datetime, c_datetime)"],
  datetime_part: ["datetime_part('day', c_datetime)"],
  format_datetime: ["format_datetime(c_datetime, 'yyyy')"],
  format_timespan: ["format_timespan(c_timespan, 'd')"],
  bag_has_key: ["bag_has_key(c_dynamic, 'a')"],
  extract_json: ["extract_json('$.a', c_string)"],
  extractjson: ["extractjson('$.a', c_string)", "extractjson('$.a', c_string, typeof(long))"],
  ipv4_is_in_range: ["ipv4_is_in_range(c_string, '10.0.0.0/8')"],
  ipv4_is_in_any_range: ["ipv4_is_in_any_range(c_string, '10.0.0.0/8')", "ipv4_is_in_any_range(c_string, dynamic(['10.0.0.0/8']))"],
  range: ['range(c_long, c_long)', 'range(c_datetime, c_datetime, 1d)', 'range(c_timespan, c_timespan)'],
  repeat: ['repeat(c_string, 2)', 'repeat(c_bool, 2)'],
  parse_command_line: ["parse_command_line(c_string, 'windows')"],
  toguid: ['toguid(c_string)', 'toguid(c_dynamic)'],
  pack_array: ['pack_array(c_string)', 'pack_array(c_string, c_int)'],
};

const writtenAggregates: Readonly<Record<string, readonly string[]>> = {
  percentile: [
    'percentile(c_int, 95)',
    'percentile(c_real, 50.5)',
    'percentile(c_datetime, 5)',
    'percentiles(c_long, 5, 50, 95)',
    'X = percentiles(c_long, 5, 50)',
  ],
  row_any: ['take_any(c_string, c_long)', 'take_any(*)', 'any(c_string, c_long)', 'any(*)'],
  take_any: ['take_any(c_string)', 'take_any(tolower(c_string))', 'strcat(take_any(c_string), "x")'],
  arg_max: [
    'arg_max(c_long, *)',
    'arg_max(c_long)',
    'arg_max(c_long, c_string, c_real)',
    'arg_max(c_long + 1, tolower(c_string))',
    'X = arg_max(c_long, c_string)',
    '(X, Y) = arg_max(c_long, c_string, c_real)',
    'arg_max(c_long, c_string, c_guid) by c_guid',
    'arg_max(c_datetime, *) by c_guid, c_string',
    'arg_max(c_long, c_real), arg_min(c_long, c_real)',
  ],
};
const sizes = ['make_list', 'make_set', 'makelist', 'makeset'].map(
  (name) => [name, [`${name}(c_string, 10)`, `${name}(c_dynamic)`, `${name}(c_int)`]] as const,
);
const sizesIf = ['make_list_if', 'make_set_if'].map(
  (name) => [name, [`${name}(c_string, c_bool, 10)`, `${name}(c_dynamic, c_bool)`]] as const,
);
const writtenOrSized: Readonly<Record<string, readonly string[]>> = { ...writtenAggregates, ...Object.fromEntries([...sizes, ...sizesIf]) };

const choices = (parameter: ParameterType): readonly ScalarType[] =>
  parameter === 'any' ? scalarTypes : typeof parameter === 'string' ? [parameter] : parameter;

/** Argument lists that together have each choice of each parameter at least once. */
function argumentLists({ pairs, parameters, rest }: Signature): readonly (readonly string[])[] {
  const options = parameters.map(choices);
  const count = Math.max(1, ...options.map(({ length }) => length));
  const at = (types: readonly ScalarType[], index: number): string => `c_${types[index % types.length] ?? 'string'}`;
  const lists = Array.from({ length: count }, (_, index) => options.map((types) => at(types, index)));
  const [first = []] = lists;
  return [
    ...lists,
    ...(rest === undefined ? [] : [[...first, at(choices(rest), 0)]]),
    ...(pairs === undefined ? [] : [[...pairs.map((pair) => at(choices(pair), 0)), ...first]]),
  ];
}

function write({ name, notation }: ScalarFunction, [first = '', ...rest]: readonly string[]): string {
  switch (notation) {
    case 'infix':
      return [first, ...rest].join(` ${name} `);
    case 'list':
      return `${first} ${name} (${rest.join(', ')})`;
    case 'range':
      return `${first} ${name} (${rest.join(' .. ')})`;
    case 'prefix':
      return `-${first}`;
    case 'index':
      return `${first}[${rest.join()}]`;
    case 'call':
      return `${name}(${[first, ...rest].filter((arg) => arg !== '').join(', ')})`;
  }
}

/** The calls of each scalar function and operator, by its name. */
export const scalarCalls: readonly (readonly [name: string, calls: readonly string[]])[] = [...scalarFunctions.values()].map((entry) => [
  entry.name,
  written[entry.name] ?? entry.overloads.flatMap((overload) => argumentLists(overload).map((args) => write(entry, args))),
]);

/** The calls of each aggregation function, by its name. */
export const aggregateCalls: readonly (readonly [name: string, calls: readonly string[]])[] = [...aggregationFunctions.values()].map(
  ({ name, overloads }) => [
    name,
    writtenOrSized[name] ?? overloads.flatMap((overload) => argumentLists(overload).map((args) => `${name}(${args.join(', ')})`)),
  ],
);
