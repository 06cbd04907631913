import type { Span } from '../../diagnostic';
import { withoutComments } from '../../kql/query-text';
import { addedColumns, conjuncts, inputsOf } from '../../plan/columns';
import { kqlExpression, kqlName } from '../../plan/kql-text';
import type { JoinKind, PlanNode } from '../../plan/plan';
import type { RuleDocument } from '../../rule/rule-document';
import { counted } from '../../value/counted';
import { nodesOf } from '../plan-nodes';
import { cutMiddle } from './cut-middle';
import type { Step } from './explanation';

const MAX_TEXT = 120;

const names = (columns: readonly { readonly name: string }[]): string => columns.map(({ name }) => kqlName(name)).join(', ');

const isSame = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end;

/** Columns that a query can name: the compiler's own begin with $. */
const named = <C extends { readonly name: string }>(columns: readonly C[]): readonly C[] =>
  columns.filter(({ name }) => !name.startsWith('$'));

function withNames(columns: readonly { readonly name: string }[]): string {
  const own = named(columns);
  return own.length === 0 ? '' : `, with ${names(own)}`;
}

/** The operator's own text on one line; the right side of a join, which has steps of its own, as (…). */
function textOf(node: PlanNode, query: string): string {
  const { start, end } = node.span;
  const [, second] = inputsOf(node);
  const behind = second === undefined ? [] : nodesOf(second).map(({ span }) => span);
  const inner = behind.filter((span) => !isSame(span, node.span));
  const [from, to] = [Math.min(...inner.map((span) => span.start)), Math.max(...inner.map((span) => span.end))];
  const text =
    inner.length > 0 && from > start && to < end ? `${query.slice(start, from)}…${query.slice(to, end)}` : query.slice(start, end);
  return cutMiddle(withoutComments(text).replace(/\s+/g, ' ').trim(), MAX_TEXT);
}

/** What comes out of a join, by what its rows share. */
const joined: Readonly<Record<JoinKind, (same: string) => string>> = {
  inner: (same) => `pairs with ${same}`,
  innerunique: (same) => `pairs with ${same}, of the left side one row for each`,
  leftouter: (same) => `pairs with ${same}, and left rows that have no partner`,
  rightouter: (same) => `pairs with ${same}, and right rows that have no partner`,
  fullouter: (same) => `pairs with ${same}, and rows of both sides that have no partner`,
  leftsemi: (same) => `left rows that have a partner with ${same}`,
  rightsemi: (same) => `right rows that have a partner with ${same}`,
  leftanti: (same) => `left rows that have no partner with ${same}`,
  rightanti: (same) => `right rows that have no partner with ${same}`,
};

/** What comes out of an operator, for people. */
function keeps(node: PlanNode): string {
  switch (node.kind) {
    case 'scan':
      return `rows of ${node.table}: ${names(node.columns)}`;
    case 'where':
      return 'rows for which it is true';
    case 'project':
      return `each row, as ${names(named(node.columns))}`;
    case 'summarize': {
      const aggregates = node.aggregates.map(({ name, fn, args }) => `${kqlName(name)} = ${fn}(${args.map(kqlExpression).join(', ')})`);
      const group = node.keys.length === 0 ? 'one row' : `one row for each ${names(node.keys)}`;
      return aggregates.length === 0 ? group : `${group}, with ${aggregates.join(', ')}`;
    }
    case 'join': {
      const keys = node.keys.map(({ left, right }) => (left === right ? kqlName(left) : `${kqlName(left)} and ${kqlName(right)}`));
      return joined[node.joinKind](`the same ${keys.join(', ')}`);
    }
    case 'union':
      return 'the rows of all its tables';
    case 'values':
      return `${counted(node.rows.length, 'row')} written in the query: ${names(node.columns)}`;
    case 'range':
      return `rows that are computed: ${names([node.column])}`;
    case 'sort':
      return 'the same rows, in order';
    case 'take':
      return `the first ${counted(node.count, 'row')}`;
    case 'mv-expand':
      return `each row once for each element${withNames(addedColumns(node))}`;
    case 'parse':
      return `each row${node.matchedOnly ? ' that matches' : ''}${withNames(addedColumns(node))}`;
    case 'window':
      return `each row${withNames(addedColumns(node))} from the rows around it`;
    case 'toscalar':
      return 'each row, with the first value of a query';
    case 'in':
      return 'each row, with whether a value is among those of a query';
  }
}

/** Whether the compiler made this node beside the operator's own, to give columns back their places: people need not see it. */
function isAuxiliary(node: PlanNode, nodes: readonly PlanNode[]): boolean {
  if (node.kind !== 'project') return false;
  if (node.input.kind === 'project' && isSame(node.span, node.input.span)) return true;
  return nodes.some(({ kind, span }) => kind !== 'project' && isSame(span, node.span));
}

export interface Outline {
  readonly steps: readonly Step[];
  /** The node of each step. */
  readonly nodes: readonly PlanNode[];
  /** The number of a node's step, from 1. */
  readonly numberOf: (node: PlanNode) => number;
}

/** The plan's operators as steps, in the order in which rows flow. */
export function outline(root: PlanNode, document: RuleDocument): Outline {
  const all = nodesOf(root);
  const nodes = all.filter((node) => !isAuxiliary(node, all));
  const numbers = new Map(nodes.map((node, index) => [node, index + 1]));
  const numberOf = (node: PlanNode): number => {
    const [input] = inputsOf(node);
    return numbers.get(node) ?? (input === undefined ? 0 : numberOf(input));
  };
  const steps = nodes.map((node): Step => {
    const inputs = inputsOf(node).map(numberOf);
    const parts = node.kind === 'where' ? conjuncts(node.predicate) : [];
    return {
      line: document.queryPosition(node.span.start).line,
      text: textOf(node, document.query),
      keeps: keeps(node),
      reads: inputs.length > 1 ? inputs : [],
      ...(parts.length > 1 ? { conjuncts: parts.map((part) => ({ text: kqlExpression(part) })) } : {}),
    };
  });
  return { steps, nodes, numberOf };
}
