import { aggregationFunctions } from '../functions/aggregates';
import { columnsOf, columnsRead } from './columns';
import { exprsOf } from './nodes';
import type { JoinNode, PlanNode } from './plan';

/** The same plan over fewer columns: each node gives only what the nodes above it use. Rows and their multiplicity stay as they are. */
export function prune(root: PlanNode): PlanNode {
  return pruneTo(root, new Set(columnsOf(root).map(({ name }) => name)));
}

/** Where Kusto leaves a choice of rows, the earliest counts: the datetimes of the input are used then, too. */
function datetimes(input: PlanNode): readonly string[] {
  return columnsOf(input).flatMap(({ name, type }) => (type === 'datetime' ? [name] : []));
}

function pruneTo(node: PlanNode, needed: ReadonlySet<string>): PlanNode {
  const union = (...more: readonly Iterable<string>[]): Set<string> => new Set([...needed, ...more.flatMap((each) => [...each])]);
  const read = columnsRead(exprsOf(node));
  switch (node.kind) {
    case 'scan':
      return { ...node, columns: node.columns.filter(({ name }) => needed.has(name)) };
    case 'values': {
      const kept = node.columns.map(({ name }) => needed.has(name));
      return {
        ...node,
        columns: node.columns.filter((_, index) => kept[index]),
        rows: node.rows.map((row) => row.filter((_, index) => kept[index])),
      };
    }
    case 'range':
      return node;
    case 'where':
      return { ...node, input: pruneTo(node.input, union(read)) };
    case 'sort':
      return { ...node, input: pruneTo(node.input, node.keys.length === 0 ? union(datetimes(node.input)) : union(read)) };
    case 'take':
      return { ...node, input: pruneTo(node.input, union(datetimes(node.input))) };
    case 'project': {
      const columns = node.columns.filter(({ name }) => needed.has(name));
      return { ...node, columns, input: pruneTo(node.input, columnsRead(columns.map(({ expr }) => expr))) };
    }
    case 'summarize': {
      const aggregates = node.aggregates.filter(({ name }) => needed.has(name));
      const used = columnsRead([...node.keys.map(({ expr }) => expr), ...aggregates.flatMap(({ args }) => args)]);
      const isChoice = aggregates.some(({ fn }) => aggregationFunctions.get(fn)?.ordered === true);
      return { ...node, aggregates, input: pruneTo(node.input, new Set([...used, ...(isChoice ? datetimes(node.input) : [])])) };
    }
    case 'join':
      return pruneJoin(node, needed);
    case 'union':
      return { ...node, inputs: node.inputs.map((input) => pruneTo(input, needed)) };
    case 'window':
      if (node.columns.every(({ name }) => !needed.has(name))) return pruneTo(node.input, needed);
      return { ...node, input: pruneTo(node.input, union(read, datetimes(node.input))) };
    case 'mv-expand':
    case 'parse':
      return { ...node, input: pruneTo(node.input, union(read)) };
    case 'toscalar': {
      if (!needed.has(node.name)) return pruneTo(node.input, needed);
      const [first] = columnsOf(node.query);
      return {
        ...node,
        input: pruneTo(node.input, needed),
        query: pruneTo(node.query, new Set([...(first === undefined ? [] : [first.name]), ...datetimes(node.query)])),
      };
    }
    case 'in':
      if (!needed.has(node.name)) return pruneTo(node.input, needed);
      return { ...node, input: pruneTo(node.input, union(read)), query: prune(node.query) };
  }
}

function pruneJoin(node: JoinNode, needed: ReadonlySet<string>): JoinNode {
  const columns = node.columns.filter(({ name }) => needed.has(name));
  const of = (side: 'left' | 'right'): Set<string> =>
    new Set([...columns.filter((column) => column.side === side).map(({ from }) => from), ...node.keys.map((key) => key[side])]);
  const left = new Set([...of('left'), ...(node.joinKind === 'innerunique' ? datetimes(node.left) : [])]);
  return { ...node, columns, left: pruneTo(node.left, left), right: pruneTo(node.right, of('right')) };
}
