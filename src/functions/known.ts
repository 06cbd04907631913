import { aggregationFunctions } from './aggregates';
import { oldNames } from './old-names';
import { scalarFunctions } from './scalar';
import { windowFunctions } from './window';

/** Functions of which the binder makes something else, by what is known of the query where they stand. */
const boundFunctions: ReadonlySet<string> = new Set([
  'column_ifexists',
  'ingestion_time',
  'pack_all',
  'percentiles',
  'materialize',
  'toscalar',
]);

/** Whether a function of this name runs, old names too; with which arguments is another question. */
export function isKnownFunction(name: string): boolean {
  const current = oldNames.get(name) ?? name;
  return [scalarFunctions, aggregationFunctions, windowFunctions, boundFunctions].some((known) => known.has(current));
}
