import type { ColumnPattern, Projection } from '../../kql/ast';
import { unsupported } from '../../kql/problem';
import type { Column } from '../../value/types';
import { bindExpression } from '../bind-expression';
import { columnsOf } from '../columns';
import type { NamedExpr } from '../plan';
import { bindProjections, extended, keep, type BindOperator } from './binding';

export const bindWhere: BindOperator<'where'> = ({ predicate, span }, input, binding) => ({
  kind: 'where',
  input,
  predicate: bindExpression(predicate, binding.scope(columnsOf(input))),
  span,
});

/** project, extend and project-rename. */
export const bindProject: BindOperator<'project' | 'extend' | 'project-rename'> = (
  { kind, columns: projections, span },
  input,
  binding,
) => {
  const columns = columnsOf(input);
  const scope = binding.scope(columns);
  const named = {
    project: () => bindProjections(projections, scope, new Set()),
    extend: () => extended(columns, bindProjections(projections, scope, new Set(columns.map(({ name }) => name)))),
    'project-rename': () => renamed(columns, projections),
  }[kind]();
  return { kind: 'project', input, columns: named, span };
};

/** project-away, project-keep and project-reorder. */
export const bindPatterns: BindOperator<'project-away' | 'project-keep' | 'project-reorder'> = ({ kind, patterns, span }, input) => {
  const columns = columnsOf(input);
  const matched = matching(columns, patterns);
  const chosen = {
    'project-away': () => columns.filter((column) => !matched.includes(column)),
    'project-keep': () => columns.filter((column) => matched.includes(column)),
    'project-reorder': () => [...matched, ...columns.filter((column) => !matched.includes(column))],
  }[kind]();
  return { kind: 'project', input, columns: chosen.map(keep), span };
};

function renamed(columns: readonly Column[], renames: readonly Projection[]): readonly NamedExpr[] {
  const newNames = new Map(
    renames.map(({ name, value, span }) => {
      if (name === undefined || value.kind !== 'name') throw unsupported(span, 'project-rename of anything but Name = Column');
      return [value.name, name];
    }),
  );
  return columns.map((column) => ({ ...keep(column), name: newNames.get(column.name) ?? column.name }));
}

/** The columns that the patterns name, in the order of the patterns, each once. */
function matching(columns: readonly Column[], patterns: readonly ColumnPattern[]): readonly Column[] {
  const matched = patterns.flatMap(({ pattern, ordering }) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const regex = new RegExp(`^${parts.join('.*')}$`, 's');
    const found = columns.filter(({ name }) => regex.test(name));
    if (ordering === undefined) return found;
    const sign = ordering.endsWith('desc') ? -1 : 1;
    const compare = ordering.startsWith('granny') ? compareNumbered : compareNames;
    return [...found].sort((a, b) => sign * compare(a.name, b.name));
  });
  return [...new Set(matched)];
}

/** Ignoring case, by upper case as Microsoft's binder does, so that _ stands behind letters. */
function compareNames(left: string, right: string): number {
  const [a, b] = [left.toUpperCase(), right.toUpperCase()];
  return a < b ? -1 : Number(a > b);
}

/** With runs of digits compared as numbers: a9 before a10. */
function compareNumbered(left: string, right: string): number {
  const [a, b] = [left, right].map((name) => name.match(/\d+|\D+/g) ?? []);
  for (let index = 0; a?.[index] !== undefined || b?.[index] !== undefined; index += 1) {
    const [x = '', y = ''] = [a?.[index], b?.[index]];
    const areNumbers = /^\d/.test(x) && /^\d/.test(y);
    const difference = areNumbers ? Number(x) - Number(y) : compareNames(x, y);
    if (difference !== 0) return difference;
  }
  return 0;
}
