import type { EvaluationContext } from '../functions/function';
import { inputsOf } from '../plan/columns';
import type { Plan, PlanNode, TablePlan } from '../plan/plan';
import type { Value } from '../value/types';
import { MAX_INTERMEDIATE_ROWS, RowBudget } from './budget';
import { compilePredicate } from './expression';
import { flatten } from './lineage';
import { operators } from './operators/operators';
import type { Evaluation, SourceRow } from './rows';
import type { Evaluate, Rows, Run } from './run';

export interface EvaluationOptions extends EvaluationContext {
  /** Rows held by the operators; by default a budget of this evaluation's own. */
  readonly budget?: RowBudget;
}

type Tables = (table: string) => readonly SourceRow[];

/** These tell of their rows as they go, since they can give more than they take. */
const tellsItself: ReadonlySet<PlanNode['kind']> = new Set(['join', 'mv-expand', 'range']);

function rowsOf(node: PlanNode, run: Run): Rows {
  // TypeScript cannot follow that the entry is the one for this very kind.
  const evaluateNode = operators[node.kind] as Evaluate<PlanNode['kind']>;
  const rows = evaluateNode(
    node,
    inputsOf(node).map((input) => rowsOf(input, run)),
    run,
  );
  if (!tellsItself.has(node.kind)) run.hold(rows.length);
  return rows;
}

/**
 * The plan's result over the rows of its tables, whatever the order of rows. `tables` gives the rows of a table by name, each with the values
 * of its table plan's columns. Throws EvaluationLimit where more rows would be held than the budget allows; what was held is released then too.
 */
export function evaluate(
  plan: Plan,
  tables: Tables,
  { now, budget = new RowBudget(MAX_INTERMEDIATE_ROWS, 'intermediate rows') }: EvaluationOptions,
): Evaluation {
  let held = 0;
  const hold = (rows: number): void => {
    budget.take(rows);
    held += rows;
  };
  try {
    const rows = rowsOf(plan.root, { plan, tables, context: { now }, hold });
    return {
      columns: plan.columns,
      rows: rows.map(({ values, lineage }) => {
        const flat = flatten(lineage);
        // One result row can stand on all rows of a bin, and many on the same: their lineage is held as rows are.
        hold(flat.length);
        return { values, lineage: flat };
      }),
    };
  } finally {
    budget.release(held);
  }
}

/** Whether the plan can use a row of the table at all; undefined where it may use every row. */
export function rowFilter({ predicate, columns }: TablePlan, context: EvaluationContext): ((row: readonly Value[]) => boolean) | undefined {
  return predicate === undefined ? undefined : compilePredicate(predicate, columns, context);
}
