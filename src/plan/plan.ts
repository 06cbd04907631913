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

export type JoinKind = 'inner';

export interface JoinNode extends NodeBase {
  readonly kind: 'join';
  readonly joinKind: JoinKind;
  readonly left: PlanNode;
  readonly right: PlanNode;
  readonly keys: readonly { readonly left: string; readonly right: string }[];
  /** The columns that come out: which side's, under which name there, under which name here. */
  readonly columns: readonly { readonly side: 'left' | 'right'; readonly from: string; readonly name: string; readonly type: ScalarType }[];
}

export type PlanNode = ScanNode | WhereNode | ProjectNode | SummarizeNode | JoinNode;

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

/** The scan columns a result column carries unchanged: `column` of `table` as read by scan number `scan`. */
export interface ColumnOrigin {
  readonly scan: number;
  readonly table: string;
  readonly column: string;
}
