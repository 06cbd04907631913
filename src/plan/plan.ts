import type { Span } from '../diagnostic';
import type { Column, ScalarType } from '../value/types';

/**
 * A query as data: what the build writes to dist/rules and the engine runs. Plain JSON, columns by name, so that it can be read, hashed and diffed.
 */

/** A constant. `text` is tostring() of the value (dynamic: its JSON), null for Kusto's null. */
export interface Literal {
  readonly kind: 'literal';
  readonly type: ScalarType;
  readonly text: string | null;
}

export interface ColumnRef {
  readonly kind: 'column';
  readonly type: ScalarType;
  readonly name: string;
}

/** A scalar function or operator: `name` is its key in the engine's table of scalar functions ('has', '==', 'strcat', …). */
export interface Call {
  readonly kind: 'call';
  readonly type: ScalarType;
  readonly name: string;
  readonly args: readonly Expr[];
}

export type Expr = Literal | ColumnRef | Call;

export interface NamedExpr {
  readonly name: string;
  readonly expr: Expr;
}

/** `name` is a key in the engine's table of aggregation functions. */
export interface Aggregate {
  readonly name: string;
  readonly fn: string;
  readonly args: readonly Expr[];
  readonly type: ScalarType;
}

interface NodeBase {
  /** Where the operator stands in the query text. */
  readonly span: Span;
}

/** One mention of a table in the query. `columns` are those the rest of the plan uses. */
export interface ScanNode extends NodeBase {
  readonly kind: 'scan';
  /** Numbered in the order of the query text, from 0. */
  readonly scan: number;
  readonly table: string;
  readonly columns: readonly Column[];
}

export interface WhereNode extends NodeBase {
  readonly kind: 'where';
  readonly input: PlanNode;
  readonly predicate: Expr;
}

/** project, extend, project-rename, project-away, project-keep and project-reorder: each is a list of the columns that come out. */
export interface ProjectNode extends NodeBase {
  readonly kind: 'project';
  readonly input: PlanNode;
  readonly columns: readonly NamedExpr[];
}

/** summarize, distinct and count. Without keys there is one group, also of no rows; with keys no rows give no groups. */
export interface SummarizeNode extends NodeBase {
  readonly kind: 'summarize';
  readonly input: PlanNode;
  readonly keys: readonly NamedExpr[];
  readonly aggregates: readonly Aggregate[];
}

/**
 * innerunique, Kusto's default, is inner over the left rows de-duplicated on the keys; which row of those stays Kusto leaves open, here the
 * least one does. The semi and anti kinds give the rows of one side alone.
 */
export type JoinKind =
  'innerunique' | 'inner' | 'leftouter' | 'rightouter' | 'fullouter' | 'leftsemi' | 'rightsemi' | 'leftanti' | 'rightanti';

/** join and lookup. */
export interface JoinNode extends NodeBase {
  readonly kind: 'join';
  readonly joinKind: JoinKind;
  readonly left: PlanNode;
  readonly right: PlanNode;
  /** A row with a null in a key has no partner. */
  readonly keys: readonly { readonly left: string; readonly right: string }[];
  /** The columns that come out: which side's, under which name there, under which name here. */
  readonly columns: readonly {
    readonly side: 'left' | 'right';
    readonly from: string;
    readonly name: string;
    readonly type: ScalarType;
  }[];
}

/** The rows of all inputs, which have the same columns in the same order. */
export interface UnionNode extends NodeBase {
  readonly kind: 'union';
  readonly inputs: readonly PlanNode[];
}

/** datatable, and the one row without columns under print. */
export interface ValuesNode extends NodeBase {
  readonly kind: 'values';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Literal[])[];
}

/** from, from + step, … up to and including `to`. No expression reads a column. */
export interface RangeNode extends NodeBase {
  readonly kind: 'range';
  readonly column: Column;
  readonly from: Expr;
  readonly to: Expr;
  readonly step: Expr;
}

export interface SortKey {
  readonly expr: Expr;
  readonly descending: boolean;
  /** NaN counts with the nulls. */
  readonly nullsFirst: boolean;
}

/** Puts rows in order; those that the keys hold equal in canonical order. Without keys, serialize: the order is to be one, whichever. */
export interface SortNode extends NodeBase {
  readonly kind: 'sort';
  readonly input: PlanNode;
  readonly keys: readonly SortKey[];
}

/** take, limit, and the second half of top: the first rows in the order of the input, or in canonical order where it has none. */
export interface TakeNode extends NodeBase {
  readonly kind: 'take';
  readonly input: PlanNode;
  readonly count: number;
}

/** A window function over ordered rows: `name` is the column, `fn` a key in the engine's table of window functions. */
export interface WindowColumn {
  readonly name: string;
  readonly fn: string;
  readonly args: readonly Expr[];
  readonly type: ScalarType;
}

/** Adds columns that depend on the rows before and after; the input is ordered. */
export interface WindowNode extends NodeBase {
  readonly kind: 'window';
  readonly input: PlanNode;
  readonly columns: readonly WindowColumn[];
}

/** Gives each row once for each element of its arrays, all of them in step, and adds the elements as columns. */
export interface MvExpandNode extends NodeBase {
  readonly kind: 'mv-expand';
  readonly input: PlanNode;
  /** `expr` is dynamic; `type` is that of `to typeof(…)`: an element that is not of it becomes null. */
  readonly columns: readonly { readonly name: string; readonly expr: Expr; readonly type: ScalarType }[];
  readonly bagExpansion: 'bag' | 'array';
  /** A column for the position of the element, from 0. */
  readonly indexColumn: string | undefined;
  /** The most rows for one row of the input. */
  readonly limit: number | undefined;
}

/** One part of a pattern: a text that must stand there, a column to fill, or anything. */
export type ParsePart =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'column'; readonly name: string } | { readonly kind: 'skip' };

/** parse: adds the string columns of the pattern, '' where the text does not match. */
export interface ParseNode extends NodeBase {
  readonly kind: 'parse';
  readonly input: PlanNode;
  readonly subject: Expr;
  readonly parts: readonly ParsePart[];
  /** Where the parts are regular expressions: the one that they make together, and the number of each column's group. */
  readonly regex?: { readonly pattern: string; readonly groups: readonly number[] };
  /** parse-where: rows whose text does not match are left out. */
  readonly matchedOnly: boolean;
}

/** Adds a column with the first cell of a query's result, null where it is empty: toscalar(…). */
export interface ScalarNode extends NodeBase {
  readonly kind: 'toscalar';
  readonly input: PlanNode;
  readonly query: PlanNode;
  readonly name: string;
  readonly type: ScalarType;
}

/** Adds a bool column: whether `value` is among the values of a query's only column, by `fn`: in, !in, in~, !in~ or has_any. */
export interface MembershipNode extends NodeBase {
  readonly kind: 'in';
  readonly input: PlanNode;
  readonly query: PlanNode;
  readonly name: string;
  readonly fn: string;
  readonly value: Expr;
}

export type PlanNode =
  | ScanNode
  | ValuesNode
  | RangeNode
  | WhereNode
  | ProjectNode
  | SummarizeNode
  | JoinNode
  | UnionNode
  | SortNode
  | TakeNode
  | WindowNode
  | MvExpandNode
  | ParseNode
  | ScalarNode
  | MembershipNode;

/** What is read of one table, for all scans of it together. */
export interface TablePlan {
  readonly name: string;
  /** TimeGenerated or Timestamp; undefined for a table that has neither: then no rule over it can be scheduled. */
  readonly eventTime: string | undefined;
  /** What the rule uses, and the event time, in the order of the table's schema. */
  readonly columns: readonly Column[];
  /** Read beside them as strings, for entities and evidence; disjoint from `columns`. They never enter the rule's result. */
  readonly evidenceColumns: readonly string[];
  /** Row-wise predicates of the scans, joined by `or`; true for every row that any scan can use. Undefined: all rows. */
  readonly predicate: Expr | undefined;
}

export interface Plan {
  readonly root: PlanNode;
  /** The rule's result columns, in order. */
  readonly columns: readonly Column[];
  readonly tables: readonly TablePlan[];
}

/** Whether the result over all time is the union of the results of each bin, and why. */
export type SplitProof =
  | {
      readonly splits: true;
      /** The rule's own bin in ticks; an incident's bin. One hour for a rule of row-wise operators alone. */
      readonly binWidth: string;
      /** The bin that is pulled and recorded, in ticks: one hour where the rule's bin divides it, else the rule's own. */
      readonly unitWidth: string;
      readonly reason: string;
    }
  | { readonly splits: false; readonly reason: string; readonly span: Span };

/** Whether more rows can only add result rows, and why. */
export interface MonotoneProof {
  readonly monotone: boolean;
  readonly reason: string;
}

/** Whether pairs that an edge of the bins parts can be found, and why. */
export type SplitPairsProof =
  | {
      readonly finds: true;
      /** The plan's root over bins shifted by half their width. */
      readonly root: PlanNode;
      readonly reason: string;
    }
  | { readonly finds: false; readonly reason: string };

/** The scan columns a result column carries unchanged: `column` of `table` as read by scan number `scan`. */
export interface ColumnOrigin {
  readonly scan: number;
  readonly table: string;
  readonly column: string;
}
