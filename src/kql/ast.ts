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
  readonly input: Expression;
  readonly operator: Operator;
}

export type Expression = LiteralExpression | NameExpression | CallExpression | StarExpression | PathExpression | PipeExpression;

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
  readonly kind: 'join';
  /** As written; undefined where none is. */
  readonly joinKind: string | undefined;
  readonly right: Expression;
  /** Each a name, or an equality of a `$left` and a `$right` path. */
  readonly on: readonly Expression[];
}

export type Operator =
  WhereOperator | ExtendOperator | ColumnPatternOperator | DistinctOperator | SummarizeOperator | CountOperator | JoinOperator;

export interface LetStatement extends Node {
  readonly name: string;
  readonly value: Expression;
}

export interface Query {
  readonly lets: readonly LetStatement[];
  readonly body: Expression;
}
