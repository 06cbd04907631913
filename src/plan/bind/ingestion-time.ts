import type { CallExpression } from '../../kql/ast';
import { unsupported } from '../../kql/problem';
import type { Column } from '../../value/types';
import { columnsOf } from '../columns';
import type { Expr, PlanNode } from '../plan';
import type { Attachments } from './attachments';
import { columnRef, keep } from './binding';

/**
 * When a row arrived, as a column that every table has beside those of its schema and that no `*` stands for. Local rows carry it as a member
 * of this name, which is the one Kusto gives to an ingestion_time() without a name.
 */
export const ingestionTime: Column = { name: '$IngestionTime', type: 'datetime' };

const hasIt = (node: PlanNode): boolean => columnsOf(node).some(({ name }) => name === ingestionTime.name);

/** The same rows with the column; undefined where a row is not one of a table any more. */
function carrying(node: PlanNode): PlanNode | undefined {
  switch (node.kind) {
    case 'scan':
      return hasIt(node) ? node : { ...node, columns: [...node.columns, ingestionTime] };
    case 'project': {
      const input = carrying(node.input);
      return hasIt(node) ? node : input && { ...node, input, columns: [...node.columns, keep(ingestionTime)] };
    }
    case 'where':
    case 'sort':
    case 'mv-expand':
    case 'parse':
    case 'toscalar':
    case 'in': {
      const input = carrying(node.input);
      return input && { ...node, input };
    }
    default:
      return undefined;
  }
}

/** ingestion_time(), which has a meaning for the rows of one table alone. */
export function attachIngestionTime({ span }: CallExpression, attachments: Attachments): Expr {
  return attachments.add(ingestionTime.type, [], (input, name) => {
    const carried = carrying(input);
    if (carried === undefined) {
      throw unsupported(
        span,
        'ingestion_time() of rows that several rows or tables were made into',
        'Put `| extend Arrived = ingestion_time()` directly behind the table.',
      );
    }
    return { kind: 'project', input: carried, columns: [...columnsOf(input).map(keep), { name, expr: columnRef(ingestionTime) }], span };
  });
}
