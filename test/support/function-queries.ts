import { aggregateCalls, scalarCalls } from './calls';

/** Queries that together call every scalar and every aggregation function, over columns that differ from row to row. */

const typed = [
  'c_string = Command',
  'c_long = Pid',
  'c_int = Level',
  'c_real = Score',
  'c_dynamic = Bag',
  'c_datetime = TimeGenerated',
  'c_timespan = TimeGenerated - bin(TimeGenerated, 1h)',
  'c_bool = Level > 0',
  'c_decimal = todecimal(Pid)',
  "c_guid = toguid(strcat('74be27de-1e4e-49d9-b579-fe0b331d364', tostring(Pid)))",
].join(', ');

const CALLS = 12;

function batches(calls: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(calls.length / CALLS) }, (_, index) => calls.slice(index * CALLS, (index + 1) * CALLS));
}

const named = (calls: readonly string[]): string => calls.map((call, index) => `X${index} = ${call}`).join(', ');

const firstOf = (calls: readonly (readonly [name: string, calls: readonly string[]])[]): readonly string[] =>
  calls.flatMap(([, [first]]) => first ?? []);

/** What gives several columns keeps their names. */
const several = aggregateCalls.filter(([name]) => name === 'row_any' || name.startsWith('arg_'));
const single = aggregateCalls.filter((call) => !several.includes(call));

export const functionQueries: readonly string[] = [
  ...batches(firstOf(scalarCalls)).map((calls) => `Proc | extend ${typed} | project ${named(calls)}`),
  ...batches(firstOf(single)).map((calls) => `Proc | extend ${typed} | summarize ${named(calls)} by t = bin(TimeGenerated, 1h)`),
  ...firstOf(several).map((call) => `Proc | extend ${typed} | summarize ${call} by t = bin(TimeGenerated, 1h)`),
];
