import type { UnionExpression } from '../../kql/ast';
import { unsupported } from '../../kql/problem';
import { noValue, type Column } from '../../value/types';
import { columnsOf } from '../columns';
import { toLiteral } from '../literal';
import type { NamedExpr, PlanNode } from '../plan';
import { columnRef } from './binding';

interface UnionColumn extends Column {
  /** Its name in the inputs that have it. */
  readonly from: string;
}

const same =
  (left: Column) =>
  (right: Column): boolean =>
    left.name === right.name && left.type === right.type;

/**
 * The columns of all inputs, each name in the place of its first mention; a name of several types gives a column for each type, named with it.
 * Source: https://learn.microsoft.com/kusto/query/union-operator
 */
function unionColumns({ span, unionKind }: UnionExpression, inputs: readonly (readonly Column[])[]): readonly UnionColumn[] {
  const all = inputs.flat();
  const distinct = all.filter((column, index) => all.findIndex(same(column)) === index);
  // Microsoft's own parser does not know what inner leaves out.
  if (unionKind === 'inner' && inputs.some((columns) => columns.length < distinct.length)) {
    throw unsupported(
      span,
      'union kind=inner of tables with different columns',
      'Project the common columns of each table, then the kind does not matter.',
    );
  }
  const names = [...new Set(distinct.map(({ name }) => name))];
  return names.flatMap((name): readonly UnionColumn[] => {
    const columns = distinct.filter((column) => column.name === name);
    if (columns.length === 1) return columns.map((column) => ({ ...column, from: name }));
    return columns.map(({ type }) => {
      const own = `${name}_${type}`;
      if (names.includes(own))
        throw unsupported(span, `A union in which ${name} has several types, beside a column ${own},`, 'Rename one of them before.');
      return { name: own, type, from: name };
    });
  });
}

/** `sources` are the names for the column of withsource, one an input. */
export function bindUnion(union: UnionExpression, inputs: readonly PlanNode[], sources: readonly string[]): PlanNode {
  const { sourceColumn, span } = union;
  const columns = unionColumns(union, inputs.map(columnsOf));
  if (sourceColumn !== undefined && columns.some(({ name }) => name === sourceColumn)) {
    throw unsupported(span, `A union whose source column is named as another, ${sourceColumn},`, 'Give it a name of its own.');
  }
  const aligned = inputs.map((input, index): PlanNode => {
    const has = columnsOf(input);
    const projected = columns.map(({ name, type, from }): NamedExpr => ({
      name,
      expr: has.some(same({ name: from, type })) ? columnRef({ name: from, type }) : missing(type),
    }));
    const source: readonly NamedExpr[] =
      sourceColumn === undefined ? [] : [{ name: sourceColumn, expr: toLiteral('string', sources[index] ?? '') }];
    return { kind: 'project', input, columns: [...source, ...projected], span };
  });
  return { kind: 'union', inputs: aligned, span };
}

const missing = (type: Column['type']) => toLiteral(type, noValue(type));
