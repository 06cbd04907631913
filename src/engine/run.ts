import type { EvaluationContext } from '../functions/function';
import type { Plan, PlanNode } from '../plan/plan';
import type { Value } from '../value/types';
import type { Lineage } from './lineage';
import type { SourceRow } from './rows';

/** A row on its way through the plan, its values in the order of its node's columns. */
export interface Row {
  readonly values: readonly Value[];
  readonly lineage: Lineage;
}

export type Rows = readonly Row[];

export interface Run {
  readonly plan: Plan;
  readonly tables: (table: string) => readonly SourceRow[];
  readonly context: EvaluationContext;
  /** Told of rows before they are made; throws EvaluationLimit where they would be too many. */
  readonly hold: (rows: number) => void;
}

/**
 * One kind of node over the rows of its inputs, which stand in the order of inputsOf. The order of the rows that come out matters only where
 * the node isOrdered. An operator that can give more rows than it takes tells `hold` itself.
 */
export type Evaluate<K extends PlanNode['kind']> = (node: Extract<PlanNode, { kind: K }>, inputs: readonly Rows[], run: Run) => Rows;
