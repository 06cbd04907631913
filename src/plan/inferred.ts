import type { Span } from '../diagnostic';
import { QueryRefused } from '../kql/problem';
import type { Column } from '../value/types';

const same = (left: readonly Column[], right: readonly Column[]): boolean =>
  left.length === right.length && left.every(({ name, type }, index) => name === right[index]?.name && type === right[index].type);

const listed = (columns: readonly Column[]): string => columns.map(({ name, type }) => `${name}: ${type}`).join(', ');

/**
 * Throws QueryRefused where the columns of a table are not those that Microsoft's binder has inferred for it, in name, order or type: then we
 * do not understand the query, and a name further on could mean another column.
 */
export function requireInferred(columns: readonly Column[], inferred: readonly Column[], span: Span): void {
  if (same(columns, inferred)) return;
  const message = `The columns here would be (${listed(columns)}), but (${listed(inferred)}) in Kusto.`;
  throw new QueryRefused('KQL005', span, message, 'Give the columns names of their own, for example with extend Name = ….');
}
