import * as fc from 'fast-check';
import type { Evaluation } from '../../src/engine/rows';
import { dynamicKey } from '../../src/functions/dynamic-value';
import { formatValue } from '../../src/value/text';
import { processTable, schemasOf, table, type JsonRow } from './compile';

/** Two small tables whose rows meet often: few values a column, some missing, times on both sides of the edges of three hours. */

export const networkTable = table('Net', { TimeGenerated: 'datetime', Host: 'string', Port: 'long', Account: 'string' });
export const twoTables = schemasOf(processTable, networkTable);

const time = fc
  .constantFrom('10:00:00', '10:29:59.9999999', '10:30:00', '10:59:59.9999999', '11:00:00', '11:45:00.1234567', '12:00:00')
  .map((clock) => `2026-03-10T${clock}Z`);
const host = fc.constantFrom('a', 'b', 'B', '');
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 4 });

export const processRows: fc.Arbitrary<readonly JsonRow[]> = fc.array(
  fc.record({
    TimeGenerated: time,
    Host: host,
    Account: fc.constantFrom('x', 'y', ''),
    Command: fc.constantFrom('new', 'remove', 'k=new;rest', ''),
    Pid: some(fc.integer({ min: 1, max: 3 })),
    Level: some(fc.integer({ min: 0, max: 2 })),
    Score: some(fc.constantFrom(0.5, 1.5)),
    Bag: some(fc.constantFrom<unknown>([1, 'u'], ['u'], [], { k: 1 }, 's')),
    Domain: fc.constantFrom('d', 'e'),
  }),
  { maxLength: 12 },
);

export const networkRows: fc.Arbitrary<readonly JsonRow[]> = fc.array(
  fc.record({ TimeGenerated: time, Host: host, Port: some(fc.constantFrom(1, 443)), Account: fc.constantFrom('x', 'y', '') }),
  { maxLength: 8 },
);

export interface Tables {
  readonly Proc: readonly JsonRow[];
  readonly Net: readonly JsonRow[];
}

export const tables: fc.Arbitrary<Tables> = fc.record({ Proc: processRows, Net: networkRows });

/** The rows of a result as sorted texts; with the content of the source rows behind them, unless only the values matter. */
export function contentOf(
  { columns, rows }: Pick<Evaluation, 'columns' | 'rows'>,
  what: 'values' | 'evidence' = 'evidence',
): readonly string[] {
  return rows
    .map(({ values, lineage }) => {
      const texts = values.map((value, index) => (value === null ? null : formatValue(columns[index]?.type ?? 'string', value)));
      const sources = lineage.map(({ scan, row }) => `${scan} ${row.table} ${row.values.map(dynamicKey).join()} ${row.evidence.join()}`);
      return JSON.stringify(what === 'values' ? texts : [texts, sources.sort()]);
    })
    .sort();
}
