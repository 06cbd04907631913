import type { MvApplyOperator } from '../../kql/ast';
import { unsupported } from '../../kql/problem';
import type { Column } from '../../value/types';
import { addedColumns, columnsOf } from '../columns';
import type { NamedExpr, PlanNode, ProjectNode } from '../plan';
import { columnRef, keep, type BindOperator } from './binding';
import { bindMvExpand } from './mv-expand';

/** A column of the source row, kept under a name of the plan's own beside what the subquery makes of it. */
interface OwnColumn extends Column {
  readonly source: string;
}

const OWN = '$row';

const copied = (name: string, column: Column): NamedExpr => ({ name, expr: columnRef(column) });

/** The nodes of the subquery from the last down to its rows. */
function stepsOf(node: PlanNode, rows: PlanNode): readonly PlanNode[] {
  return node === rows ? [] : [node, ...('input' in node ? stepsOf(node.input, rows) : [])];
}

/** Nodes that look at one row alone: only for these does it make no difference that all rows are computed together. */
const rowWise: ReadonlySet<PlanNode['kind']> = new Set(['where', 'project', 'mv-expand', 'parse', 'toscalar', 'in']);

const words: Readonly<Record<string, string>> = {
  summarize: 'summarize, distinct or count',
  take: 'top or take',
  window: 'a function of the rows beside',
};

/** The subquery's nodes, each projection of which hands the source row's own columns on. */
function handOn(node: PlanNode, rows: ProjectNode, own: readonly OwnColumn[]): PlanNode {
  if (node === rows)
    return { ...rows, columns: [...rows.columns, ...own.map(({ name, type, source }) => copied(name, { name: source, type }))] };
  if (!('input' in node)) return node;
  const below = { ...node, input: handOn(node.input, rows, own) };
  return below.kind === 'project' ? { ...below, columns: [...below.columns, ...own.map(keep)] } : below;
}

/** Whether a column comes through the nodes, the last first, as it was. */
function isUnchanged(name: string, [step, ...below]: readonly PlanNode[]): boolean {
  if (step === undefined) return true;
  if (step.kind === 'project') {
    const expr = step.columns.find((column) => column.name === name)?.expr;
    return expr?.kind === 'column' && expr.name === name && isUnchanged(name, below);
  }
  const adds = step.kind === 'mv-expand' || step.kind === 'parse' || step.kind === 'toscalar' || step.kind === 'in';
  return !(adds && addedColumns(step).some((column) => column.name === name)) && isUnchanged(name, below);
}

/** The arrays, each under a name that no other column has: what comes out where one has is not documented. */
function expand(operator: MvApplyOperator, input: PlanNode, binding: Parameters<typeof bindMvExpand>[2]) {
  const columns = columnsOf(input);
  const bare = operator.columns.flatMap(({ name, value }) => (name === undefined && value.kind === 'name' ? [value.name] : []));
  const expanded = bindMvExpand({ ...operator, kind: 'mv-expand', bagExpansion: 'bag' }, input, binding);
  const left = columns.filter(({ name }) => !bare.includes(name));
  const taken = operator.columns.find(({ name, autoName, value }) => {
    const given = name ?? (value.kind === 'name' ? undefined : autoName);
    return given !== undefined && columns.some((column) => column.name === given);
  });
  if (taken !== undefined) throw unsupported(taken.span, 'mv-apply with a name that a column has', 'Give the element a name of its own.');
  return { left, made: columnsOf(expanded).filter(({ name }) => !left.some((column) => column.name === name)), expanded };
}

/**
 * mv-expand, then the operators of the subquery over all rows at once. Each row of the source comes out with its own columns as they were,
 * and behind them those that the subquery gives.
 */
export const bindMvApply: BindOperator<'mv-apply'> = (operator, input, binding) => {
  const { span } = operator;
  const { left, made, expanded } = expand(operator, input, binding);
  const own = left.map(({ name, type }, index): OwnColumn => ({ name: `${OWN}${index}`, type, source: name }));
  const rows: ProjectNode = { kind: 'project', input: expanded, columns: [...left, ...made].map(keep), span };
  const applied = operator.operators.reduce<PlanNode>((node, each) => binding.operator(each, node), rows);
  const steps = stepsOf(applied, rows);
  const other = operator.operators.find(({ kind }) => kind === 'mv-apply')?.kind ?? steps.find(({ kind }) => !rowWise.has(kind))?.kind;
  if (other !== undefined)
    throw unsupported(span, `mv-apply on a query with ${words[other] ?? other}`, 'Use mv-expand, and summarize by a key of the row.');
  const changed = left.find(({ name }) => columnsOf(applied).some((column) => column.name === name) && !isUnchanged(name, steps));
  if (changed !== undefined) {
    throw unsupported(span, `mv-apply on a query that gives the column ${changed.name} another value`, 'Give the value a name of its own.');
  }
  const added = columnsOf(applied).filter(({ name }) => !left.some((column) => column.name === name));
  return {
    kind: 'project',
    input: handOn(applied, rows, own),
    columns: [...own.map((column) => copied(column.source, column)), ...added.map(keep)],
    span,
  };
};
