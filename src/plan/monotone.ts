import { collectColumns, columnsOf } from './columns';
import { exprsOf } from './nodes';
import type { Expr, JoinKind, MonotoneProof, PlanNode } from './plan';

/** A further row can take a row of these away: one that had no partner gets one, or another row is kept of those with its key. */
const growing: ReadonlySet<JoinKind> = new Set(['inner', 'leftsemi', 'rightsemi']);

class NotMonotone extends Error {
  override readonly name = 'NotMonotone';
}

function refuse(reason: string): never {
  throw new NotMonotone(reason);
}

/** Whether a predicate can only become true by one of the columns' becoming true. */
function onlyGrows(predicate: Expr, columns: ReadonlySet<string>): boolean {
  if (predicate.kind === 'call' && (predicate.name === 'and' || predicate.name === 'or'))
    return predicate.args.every((arg) => onlyGrows(arg, columns));
  return predicate.kind === 'column' || !reads(predicate, columns);
}

const reads = (expr: Expr, columns: ReadonlySet<string>): boolean => [...collectColumns(expr, new Set())].some((name) => columns.has(name));

/** Whether a node reads any table. */
function isConstant(node: PlanNode): boolean {
  if (node.kind === 'scan') return false;
  if (node.kind === 'join') return isConstant(node.left) && isConstant(node.right);
  if (node.kind === 'union') return node.inputs.every(isConstant);
  return !('input' in node) || (isConstant(node.input) && (!('query' in node) || isConstant(node.query)));
}

const CHANGES = 'a further row can change the value of an `in (query)`';

const NONE: ReadonlySet<string> = new Set();

/**
 * The bool columns of a node that further rows can turn from false to true, as `x in (query)` does; all other values of a row never change.
 * Throws NotMonotone where further rows can take a row away.
 */
function grown(node: PlanNode): ReadonlySet<string> {
  if (isConstant(node)) return NONE;
  const refuseReads = (columns: ReadonlySet<string>): ReadonlySet<string> => {
    if (exprsOf(node).some((expr) => reads(expr, columns))) refuse(CHANGES);
    return columns;
  };
  switch (node.kind) {
    case 'scan':
    case 'values':
    case 'range':
      return NONE;
    case 'where': {
      const columns = grown(node.input);
      return onlyGrows(node.predicate, columns)
        ? columns
        : refuse('a further row can change an `in (query)` that is not asked for by itself');
    }
    case 'project': {
      const columns = grown(node.input);
      const isCarried = ({ kind }: Expr): boolean => kind === 'column';
      if (node.columns.some(({ expr }) => !isCarried(expr) && reads(expr, columns))) refuse(CHANGES);
      return new Set(node.columns.flatMap(({ name, expr }) => (reads(expr, columns) ? [name] : [])));
    }
    case 'summarize':
      if (node.aggregates.length > 0) refuse(`a further row can change ${node.aggregates.map(({ fn }) => `${fn}()`).join(', ')}`);
      refuseReads(grown(node.input));
      return NONE;
    case 'join': {
      const [left, right] = [grown(node.left), grown(node.right)];
      if (!growing.has(node.joinKind)) refuse(`a further row can take one away from a join of kind ${node.joinKind}`);
      if (node.keys.some((key) => left.has(key.left) || right.has(key.right))) refuse('a further row can change a key');
      return new Set(node.columns.flatMap(({ side, from, name }) => ((side === 'left' ? left : right).has(from) ? [name] : [])));
    }
    case 'union':
      return new Set(node.inputs.flatMap((input) => [...grown(input)]));
    case 'sort':
    case 'mv-expand':
    case 'parse':
      return refuseReads(grown(node.input));
    case 'take':
      return refuse('a further row can take the place of another');
    case 'window':
      return refuse(`a further row can change ${node.columns.map(({ fn }) => `${fn}()`).join(', ')}`);
    case 'toscalar': {
      const columns = grown(node.input);
      return isConstant(node.query) ? columns : refuse('a further row can change a toscalar()');
    }
    case 'in': {
      const columns = refuseReads(grown(node.input));
      if (isConstant(node.query)) return columns;
      if (node.fn.startsWith('!')) refuse(`a further row can turn ${node.fn} (query) false`);
      if (grown(node.query).size > 0) refuse(CHANGES);
      return new Set([...columns, node.name]);
    }
  }
}

/**
 * Whether more rows can only add result rows: true of row-wise operators, distinct, union, inner and semi joins, and `in (query)` that is asked
 * for by itself; an aggregate's value changes with each row.
 */
export function monotone(root: PlanNode): MonotoneProof {
  try {
    const columns = grown(root);
    if (columnsOf(root).some(({ name }) => columns.has(name))) refuse(CHANGES);
  } catch (error) {
    if (error instanceof NotMonotone) return { monotone: false, reason: error.message };
    throw error;
  }
  return { monotone: true, reason: 'each operator only adds result rows when rows are added' };
}
