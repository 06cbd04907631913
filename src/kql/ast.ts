import type { Span } from '../diagnostic';
import type { ScalarType } from '../value/types';

/** A query as it is written: Kusto's own names, a half-open span of the query text on every node. Nothing is resolved here. */

interface Node {
  readonly span: Span;
}

/** `text` is tostring() of the value (dynamic: its JSON); null for Kusto's null. */
export interface LiteralExpression extends Node {
  readonly kind: 'literal';
  readonly type: ScalarType;
  readonly text: string | null;
}

export interface NameExpression extends Node {
  readonly kind: 'name';
  readonly name: string;
}

/** A function call, or an operator under its own name: `a has b` is a call of `has`, `x in (a, b)` of `in` with three arguments. */
export interface CallExpression extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Argument[];
}

export interface Argument {
  /** Where it is written `name = value`. */
  readonly name?: string;
  readonly value: Expression;
}

/** `*` as the argument of an aggregation function. */
export interface StarExpression extends Node {
  readonly kind: 'star';
}

/** `$left.Column`, `$right.Column`, or a member of a dynamic value; `a['b']` and `a[0]` are calls of `element`. */
export interface PathExpression extends Node {
  readonly kind: 'path';
  readonly target: Expression;
  readonly member: string;
}

export interface PipeExpression extends Node {
  readonly kind: 'pipe';
  /** What comes out, as Microsoft's binder infers it; undefined in a function, where that depends on the call. */
  readonly columns: readonly DeclaredColumn[] | undefined;
  readonly input: Expression;
  readonly operator: Operator;
}

export interface DeclaredColumn {
  readonly name: string;
  readonly type: ScalarType;
}

/** `datatable (a: string, b: long) ['x', 1]`: the values of all rows, one after another. */
export interface DatatableExpression extends Node {
  readonly kind: 'datatable';
  readonly columns: readonly DeclaredColumn[];
  readonly values: readonly Expression[];
}

/** `range x from a to b step c`. */
export interface RangeExpression extends Node {
  readonly kind: 'range';
  readonly name: string;
  readonly from: Expression;
  readonly to: Expression;
  readonly step: Expression;
}

export interface PrintExpression extends Node {
  readonly kind: 'print';
  readonly columns: readonly Projection[];
}

/** `union a, b`, and `a | union b` alike. */
export interface UnionExpression extends Node {
  readonly kind: 'union';
  /** As of a pipe. */
  readonly columns: readonly DeclaredColumn[] | undefined;
  readonly unionKind: 'inner' | 'outer';
  /** Where it is written `withsource = Name`. */
  readonly sourceColumn: string | undefined;
  /** For each input the name that `as` gives it. */
  readonly sourceNames: readonly (string | undefined)[];
  readonly inputs: readonly Expression[];
}

export interface FunctionParameter extends Node {
  readonly name: string;
  /** The type of a scalar; or the columns of a table, undefined where it is written `(*)`. */
  readonly type: ScalarType | { readonly columns: readonly DeclaredColumn[] | undefined };
  readonly defaultValue: Expression | undefined;
}

/** `(a: string, b: long = 1) { … }`: only a `let` can name one. */
export interface FunctionExpression extends Node {
  readonly kind: 'function';
  readonly parameters: readonly FunctionParameter[];
  readonly lets: readonly LetStatement[];
  readonly body: Expression;
}

/** The expressions that are tables whatever the names in them mean. */
export type TableExpression = PipeExpression | DatatableExpression | RangeExpression | PrintExpression | UnionExpression;

/** `toscalar(…)` and `materialize(…)` are calls. */
export type Expression =
  LiteralExpression | NameExpression | CallExpression | StarExpression | PathExpression | TableExpression | FunctionExpression;

/** One entry of a list of columns. */
export interface Projection extends Node {
  /** Where it is written `name = value`. */
  readonly name: string | undefined;
  /** The name that Kusto gives without one; undefined where it numbers the column (Column1, count_1, …). */
  readonly autoName: string | undefined;
  /** Where the expression gives several columns, as arg_max(a, b) does: their names, of which those written `(a, b) = value` come first. */
  readonly tuple?: { readonly names: readonly string[]; readonly autoNames: readonly string[] };
  readonly value: Expression;
}

export interface WhereOperator extends Node {
  readonly kind: 'where';
  readonly predicate: Expression;
}

export interface ExtendOperator extends Node {
  readonly kind: 'extend' | 'project' | 'project-rename';
  readonly columns: readonly Projection[];
}

/** A column's name, or a pattern in which `*` stands for any characters. */
export interface ColumnPattern extends Node {
  readonly pattern: string;
  /** How project-reorder orders the columns that match; undefined: as they stand. */
  readonly ordering: 'asc' | 'desc' | 'granny-asc' | 'granny-desc' | undefined;
}

export interface ColumnPatternOperator extends Node {
  readonly kind: 'project-away' | 'project-keep' | 'project-reorder';
  readonly patterns: readonly ColumnPattern[];
}

export interface DistinctOperator extends Node {
  readonly kind: 'distinct';
  /** Undefined for `distinct *`. */
  readonly columns: readonly Projection[] | undefined;
}

export interface SummarizeOperator extends Node {
  readonly kind: 'summarize';
  readonly aggregates: readonly Projection[];
  readonly by: readonly Projection[];
}

export interface CountOperator extends Node {
  readonly kind: 'count';
}

export interface JoinOperator extends Node {
  readonly kind: 'join' | 'lookup';
  /** As written; undefined where none is. */
  readonly joinKind: string | undefined;
  readonly right: Expression;
  /** Each a name, or an equality of a `$left` and a `$right` path. */
  readonly on: readonly Expression[];
}

export interface Ordering extends Node {
  readonly value: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** `order` is another word for it. */
export interface SortOperator extends Node {
  readonly kind: 'sort';
  readonly by: readonly Ordering[];
}

export interface TopOperator extends Node {
  readonly kind: 'top';
  readonly count: Expression;
  readonly by: Ordering;
}

/** `limit` is another word for it. */
export interface TakeOperator extends Node {
  readonly kind: 'take';
  readonly count: Expression;
}

export interface SerializeOperator extends Node {
  readonly kind: 'serialize';
  readonly columns: readonly Projection[];
}

export interface MvExpandColumn extends Projection {
  /** Of `to typeof(…)`. */
  readonly toType: ScalarType | undefined;
}

export interface MvExpandOperator extends Node {
  readonly kind: 'mv-expand';
  readonly columns: readonly MvExpandColumn[];
  /** What each property of a bag becomes: a bag of its own, or an array of key and value. */
  readonly bagExpansion: 'bag' | 'array';
  readonly indexColumn: string | undefined;
  readonly limit: Expression | undefined;
}

export interface MvApplyOperator extends Node {
  readonly kind: 'mv-apply';
  readonly columns: readonly MvExpandColumn[];
  readonly indexColumn: string | undefined;
  readonly limit: Expression | undefined;
  /** What is applied to the rows of each source row, one operator after the other. */
  readonly operators: readonly Operator[];
}

/** One part of a pattern: a text that must stand there, a column to fill, or `*`. */
export type ParsePart =
  { readonly kind: 'text'; readonly text: string } | ({ readonly kind: 'column' } & DeclaredColumn) | { readonly kind: 'skip' };

export interface ParseOperator extends Node {
  readonly kind: 'parse' | 'parse-where';
  readonly parseKind: 'simple' | 'relaxed' | 'regex';
  /** Of a pattern of regular expressions, as written: U, i, …. */
  readonly flags: string;
  readonly subject: Expression;
  readonly parts: readonly ParsePart[];
}

export type Operator =
  | WhereOperator
  | ExtendOperator
  | ColumnPatternOperator
  | DistinctOperator
  | SummarizeOperator
  | CountOperator
  | JoinOperator
  | SortOperator
  | TopOperator
  | TakeOperator
  | SerializeOperator
  | MvExpandOperator
  | MvApplyOperator
  | ParseOperator;

export interface LetStatement extends Node {
  readonly name: string;
  readonly value: Expression;
}

export interface Query {
  readonly lets: readonly LetStatement[];
  readonly body: Expression;
}
