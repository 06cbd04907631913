import { resolveOverload } from '../../functions/overload';
import { scalarFunctions } from '../../functions/scalar';
import type { CallExpression } from '../../kql/ast';
import { unsupported } from '../../kql/problem';
import type { Column } from '../../value/types';
import { bindExpression, type Scope } from '../bind-expression';
import { columnsOf } from '../columns';
import type { Expr, PlanNode } from '../plan';
import type { Attachments } from './attachments';
import { keep } from './binding';

/** Queries inside expressions. Of a query with several columns the first counts. */

const memberships: ReadonlySet<string> = new Set(['in', '!in', 'in~', '!in~', 'has_any']);

export const isMembership = (name: string): boolean => memberships.has(name);

function firstColumn(query: PlanNode): Column {
  const [column] = columnsOf(query);
  if (column === undefined) throw unsupported(query.span, 'A query without columns as a value');
  return column;
}

/** The query of the first use has told the type already; each further use has one of its own. */
function uses(make: () => PlanNode): { readonly column: Column; readonly next: () => PlanNode } {
  let unused: PlanNode | undefined = make();
  return {
    column: firstColumn(unused),
    next: () => {
      const query = unused ?? make();
      unused = undefined;
      return query;
    },
  };
}

/** toscalar(query). */
export function attachScalar(make: () => PlanNode, attachments: Attachments): Expr {
  const { column, next } = uses(make);
  const { type } = column;
  return attachments.add(type, [], (input, name) => {
    const query = next();
    return { kind: 'toscalar', input, query, name, type, span: query.span };
  });
}

/** `value in (query)`, and its kin. */
export function attachMembership(
  { name: fn, args, span }: CallExpression,
  scope: Scope,
  make: () => PlanNode,
  attachments: Attachments,
): Expr {
  const [subject] = args;
  if (subject === undefined) throw unsupported(span, `${fn} without a value`);
  const value = bindExpression(subject.value, scope);
  const { column, next } = uses(make);
  const overloads = scalarFunctions.get(fn)?.overloads ?? [];
  // Arrays stand for their elements; those that are not strings equal none.
  const isOfArrays = value.type === 'string' && column.type === 'dynamic';
  const isOfSame = value.type === column.type && column.type !== 'dynamic';
  if (!(isOfArrays || isOfSame) || resolveOverload(overloads, [value.type, column.type]) === undefined) {
    throw unsupported(
      span,
      `${fn} of a ${value.type} among values of type ${column.type}`,
      'Convert one of them, for example with tostring().',
    );
  }
  return attachments.add('bool', [value], (input, name) => {
    const query = next();
    const values: PlanNode = { kind: 'project', input: query, columns: [keep(column)], span: query.span };
    return { kind: 'in', input, query: values, name, fn, value, span };
  });
}
