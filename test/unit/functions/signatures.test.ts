import { scalarTypes } from '../../../src/value/types';
import { aggregateCalls, scalarCalls } from '../../support/calls';
import { compile, type Columns } from '../../support/run-query';

/**
 * compileQuery refuses a query whose columns differ in name or type from what Microsoft's binder infers, so a call of each overload that
 * compiles has Microsoft's result type and automatic name.
 */

/** A column of each type, with its type's name. */
const columns: Columns = Object.fromEntries(scalarTypes.map((type) => [`c_${type}`, type]));

it.each(scalarCalls)('%s has the result types and names of Microsoft’s binder', async (_, calls) => {
  for (const call of calls) await expect(compile(`T | project ${call}`, columns)).resolves.toBeDefined();
});

it.each(aggregateCalls)('%s has the result types and names of Microsoft’s binder', async (_, calls) => {
  for (const call of calls) await expect(compile(`T | summarize ${call}`, columns)).resolves.toBeDefined();
});
