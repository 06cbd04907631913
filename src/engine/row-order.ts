import { dynamicKey } from '../functions/dynamic-value';
import type { Column } from '../value/types';
import { canonicalOrder } from './canonical-order';
import { flatten, type Lineage } from './lineage';
import type { Row } from './run';

const texts = new WeakMap<Lineage, string>();

/** Equal for lineages of source rows with the same content. */
function lineageText(lineage: Lineage): string {
  const known = texts.get(lineage);
  if (known !== undefined) return known;
  const parts = flatten(lineage).map(({ scan, row }) => `${scan} ${row.values.map(dynamicKey).join()} ${JSON.stringify(row.evidence)}`);
  const text = parts.sort().join('\n');
  texts.set(lineage, text);
  return text;
}

/**
 * The canonical order of rows on their way through the plan. Rows that are equal in every value stand in the order of the source rows behind
 * them, so that not even the evidence of a result depends on the order in which rows came.
 */
export function rowOrder(columns: readonly Column[]): (left: Row, right: Row) => number {
  const byValues = canonicalOrder(columns);
  return (left, right) => {
    const order = byValues(left.values, right.values);
    if (order !== 0 || left.lineage === right.lineage) return order;
    const [a, b] = [lineageText(left.lineage), lineageText(right.lineage)];
    return a < b ? -1 : Number(a > b);
  };
}

/** The least row; undefined of none. */
export function leastRow(rows: readonly Row[], columns: readonly Column[]): Row | undefined {
  const order = rowOrder(columns);
  return rows.reduce<Row | undefined>((least, row) => (least === undefined || order(row, least) < 0 ? row : least), undefined);
}
