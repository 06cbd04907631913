import type { ColumnPattern, Expression, MvExpandColumn, Operator, Ordering, ParsePart } from './ast';
import { child, children, optionalChild, spanOf, type SyntaxNode } from './microsoft';
import { choice, declaredColumn, describe, parametersOf, typeOf, type QueryReader } from './query-reader';

/** Ascending puts nulls first and descending last, unless the query says otherwise; without a word it is descending. */
function ordering(reader: QueryReader, node: SyntaxNode): Ordering {
  const isOrdered = reader.parser.kindOf(node) === 'OrderedExpression';
  const clause = isOrdered ? optionalChild(node, 'Ordering') : undefined;
  const [direction, nulls] = ['AscOrDescKeyword', 'NullsClause'].map((name) => {
    const part = clause === undefined ? undefined : optionalChild(clause, name);
    return part === undefined ? '' : reader.textOf(part);
  });
  const descending = direction !== 'asc';
  return {
    value: reader.expression(isOrdered ? child(node, 'Expression') : node),
    descending,
    nullsFirst: nulls === '' ? !descending : nulls?.endsWith('first') === true,
    span: spanOf(node),
  };
}

function patterns(reader: QueryReader, node: SyntaxNode): readonly ColumnPattern[] {
  return children(node, 'Expressions').map((item): ColumnPattern => {
    const isOrdered = reader.parser.kindOf(item) === 'OrderedExpression';
    const name = isOrdered ? child(item, 'Expression') : item;
    if (reader.parser.kindOf(name) !== 'NameReference') throw reader.unsupported(name, 'This form of a column name');
    const words = ['asc', 'desc', 'granny-asc', 'granny-desc'] as const;
    const written = isOrdered ? reader.textOf(child(item, 'Ordering')) : undefined;
    const found = words.find((word) => word === written);
    if (written !== undefined && found === undefined) throw reader.unsupported(item, `The ordering ${written}`);
    return { pattern: reader.nameOf(name), ordering: found, span: spanOf(item) };
  });
}

function distinct(reader: QueryReader, node: SyntaxNode): Operator {
  parametersOf(reader, node, []);
  const items = children(node, 'Expressions');
  const isStar = items.some((item) => reader.parser.kindOf(item) === 'StarExpression');
  if (isStar && items.length > 1) throw reader.unsupported(node, 'distinct of * and more');
  return { kind: 'distinct', columns: isStar ? undefined : reader.projections(node, 'Expressions'), span: spanOf(node) };
}

function summarize(reader: QueryReader, node: SyntaxNode): Operator {
  parametersOf(reader, node, []);
  const by = optionalChild(node, 'ByClause');
  const binClause = by === undefined ? undefined : optionalChild(by, 'BinClause');
  if (binClause !== undefined) throw reader.unsupported(binClause, 'A bin clause');
  return {
    kind: 'summarize',
    aggregates: reader.projections(node, 'Aggregates'),
    by: by === undefined ? [] : reader.projections(by, 'Expressions'),
    span: spanOf(node),
  };
}

function join(reader: QueryReader, node: SyntaxNode, kind: 'join' | 'lookup'): Operator {
  const condition = optionalChild(node, kind === 'join' ? 'ConditionClause' : 'LookupClause');
  if (condition === undefined || reader.parser.kindOf(condition) !== 'JoinOnClause')
    throw reader.unsupported(node, `A ${kind} without \`on\``);
  return {
    kind,
    joinKind: parametersOf(reader, node, ['kind']).get('kind'),
    right: reader.expression(child(node, 'Expression')),
    on: children(condition, 'Expressions').map((item) => reader.expression(item)),
    span: spanOf(node),
  };
}

/** That of the old form mvexpand, where none is written. https://learn.microsoft.com/kusto/query/mv-expand-operator */
const OLD_ROW_LIMIT = 128;

/** The arrays of mv-expand and mv-apply. */
function expandedColumns(reader: QueryReader, node: SyntaxNode): readonly MvExpandColumn[] {
  return children(node, 'Expressions').map((item): MvExpandColumn => {
    const toType = optionalChild(item, 'ToTypeOf');
    const types = toType === undefined ? [] : children(child(toType, 'TypeOf'), 'Types');
    return { ...reader.projection(child(item, 'Expression')), toType: types[0] === undefined ? undefined : typeOf(reader, types[0]) };
  });
}

function mvExpand(reader: QueryReader, node: SyntaxNode): Operator {
  const parameters = parametersOf(reader, node, ['kind', 'bagexpansion', 'with_itemindex']);
  const limit = optionalChild(node, 'RowLimitClause');
  const defaultLimit: Expression | undefined = reader.textOf(node).startsWith('mvexpand')
    ? { kind: 'literal', type: 'long', text: String(OLD_ROW_LIMIT), span: spanOf(node) }
    : undefined;
  return {
    kind: 'mv-expand',
    columns: expandedColumns(reader, node),
    bagExpansion: choice(reader, node, 'bagexpansion', parameters.get('bagexpansion') ?? parameters.get('kind'), ['bag', 'array']),
    indexColumn: parameters.get('with_itemindex'),
    limit: limit === undefined ? defaultLimit : reader.expression(child(limit, 'RowLimit')),
    span: spanOf(node),
  };
}

/** The operators of a query that begins with one, because its table goes without saying. */
function operatorsOf(reader: QueryReader, node: SyntaxNode): readonly Operator[] {
  if (reader.parser.kindOf(node) !== 'PipeExpression') return [readOperator(reader, node)];
  return [...operatorsOf(reader, child(node, 'Expression')), readOperator(reader, child(node, 'Operator'))];
}

function mvApply(reader: QueryReader, node: SyntaxNode): Operator {
  const limit = optionalChild(node, 'RowLimitClause');
  return {
    kind: 'mv-apply',
    columns: expandedColumns(reader, node),
    indexColumn: parametersOf(reader, node, ['with_itemindex']).get('with_itemindex'),
    limit: limit === undefined ? undefined : reader.expression(child(limit, 'RowLimit')),
    operators: operatorsOf(reader, child(child(node, 'Subquery'), 'Expression')),
    span: spanOf(node),
  };
}

function parse(reader: QueryReader, node: SyntaxNode, kind: 'parse' | 'parse-where'): Operator {
  const parameters = parametersOf(reader, node, ['kind', 'flags']);
  const parts = children(node, 'Patterns').map((part): ParsePart => {
    const partKind = reader.parser.kindOf(part);
    if (partKind === 'StarExpression') return { kind: 'skip' };
    if (partKind === 'NameDeclaration' || partKind === 'NameAndTypeDeclaration') return { kind: 'column', ...declaredColumn(reader, part) };
    const text = reader.expression(part);
    if (text.kind !== 'literal' || text.type !== 'string' || text.text === null) throw reader.unsupported(part, 'This part of a pattern');
    return { kind: 'text', text: text.text };
  });
  return {
    kind,
    parseKind: choice(reader, node, `${kind} kind`, parameters.get('kind'), ['simple', 'relaxed', 'regex']),
    flags: parameters.get('flags') ?? '',
    subject: reader.expression(child(node, 'Expression')),
    parts,
    span: spanOf(node),
  };
}

type Read = (reader: QueryReader, node: SyntaxNode) => Operator;

const columnsOnly =
  (kind: 'extend' | 'project' | 'project-rename' | 'serialize'): Read =>
  (reader, node) => ({ kind, columns: reader.projections(node, 'Expressions'), span: spanOf(node) });

const patternsOnly =
  (kind: 'project-away' | 'project-keep' | 'project-reorder'): Read =>
  (reader, node) => ({ kind, patterns: patterns(reader, node), span: spanOf(node) });

/** The operators that stand after a pipe, by Microsoft's names of their syntax. `union`, which stands at the beginning as well, is an expression. */
const readers: ReadonlyMap<string, Read> = new Map<string, Read>(
  Object.entries({
    FilterOperator: (reader, node) => {
      parametersOf(reader, node, []);
      return { kind: 'where', predicate: reader.expression(child(node, 'Condition')), span: spanOf(node) };
    },
    ExtendOperator: columnsOnly('extend'),
    ProjectOperator: columnsOnly('project'),
    ProjectRenameOperator: columnsOnly('project-rename'),
    SerializeOperator: columnsOnly('serialize'),
    ProjectAwayOperator: patternsOnly('project-away'),
    ProjectKeepOperator: patternsOnly('project-keep'),
    ProjectReorderOperator: patternsOnly('project-reorder'),
    DistinctOperator: distinct,
    SummarizeOperator: summarize,
    CountOperator: (_, node) => ({ kind: 'count', span: spanOf(node) }),
    JoinOperator: (reader, node) => join(reader, node, 'join'),
    LookupOperator: (reader, node) => join(reader, node, 'lookup'),
    SortOperator: (reader, node) => {
      parametersOf(reader, node, []);
      return { kind: 'sort', by: children(node, 'Expressions').map((item) => ordering(reader, item)), span: spanOf(node) };
    },
    TopOperator: (reader, node) => {
      parametersOf(reader, node, []);
      const [count, by] = [reader.expression(child(node, 'Expression')), ordering(reader, child(node, 'ByExpression'))];
      return { kind: 'top', count, by, span: spanOf(node) };
    },
    TakeOperator: (reader, node) => {
      parametersOf(reader, node, []);
      return { kind: 'take', count: reader.expression(child(node, 'Expression')), span: spanOf(node) };
    },
    MvExpandOperator: mvExpand,
    MvApplyOperator: mvApply,
    ParseOperator: (reader, node) => parse(reader, node, 'parse'),
    ParseWhereOperator: (reader, node) => parse(reader, node, 'parse-where'),
  } satisfies Record<string, Read>),
);

/** Throws QueryRefused for an operator, or a form of one, that we do not run. */
export function readOperator(reader: QueryReader, node: SyntaxNode): Operator {
  const read = readers.get(reader.parser.kindOf(node));
  if (read === undefined) throw reader.unsupported(node, describe(reader, node));
  return read(reader, node);
}

/** Microsoft's names of the operators after a pipe that are read. */
export const operatorSyntax: readonly string[] = [...readers.keys()];
