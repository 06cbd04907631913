import type { EvaluationContext } from '../functions/function';
import { columnsOf } from '../plan/columns';
import type { JoinNode, Plan, PlanNode, ProjectNode, ScanNode, SummarizeNode, TablePlan, WhereNode } from '../plan/plan';
import type { Value } from '../value/types';
import { compileAggregates } from './aggregate';
import { MAX_INTERMEDIATE_ROWS, RowBudget } from './budget';
import { compileExpression, compilePredicate } from './expression';
import { keyOf } from './keys';
import { flatten, type Lineage } from './lineage';
import type { Evaluation, SourceRow } from './rows';

/** A row on its way through the plan, its values in the order of its node's columns. */
interface Row {
  readonly values: readonly Value[];
  readonly lineage: Lineage;
}

export interface EvaluationOptions extends EvaluationContext {
  /** Rows held by the operators; by default a budget of this evaluation's own. */
  readonly budget?: RowBudget;
}

type Tables = (table: string) => readonly SourceRow[];

class Evaluator {
  private readonly plan: Plan;
  private readonly tables: Tables;
  private readonly context: EvaluationContext;
  /** Told of each row that comes out of an operator. */
  private readonly hold: (rows: number) => void;

  constructor(plan: Plan, tables: Tables, context: EvaluationContext, hold: (rows: number) => void) {
    this.plan = plan;
    this.tables = tables;
    this.context = context;
    this.hold = hold;
  }

  rows(node: PlanNode): readonly Row[] {
    const rows = this.operator(node);
    // A join tells as it goes, since it alone can give more rows than it takes.
    if (node.kind !== 'join') this.hold(rows.length);
    return rows;
  }

  private operator(node: PlanNode): readonly Row[] {
    switch (node.kind) {
      case 'scan':
        return this.scan(node);
      case 'where':
        return this.where(node, this.rows(node.input));
      case 'project':
        return this.project(node, this.rows(node.input));
      case 'summarize':
        return this.summarize(node, this.rows(node.input));
      case 'join':
        return this.join(node, this.rows(node.left), this.rows(node.right));
    }
  }

  private scan({ scan, table, columns }: ScanNode): readonly Row[] {
    const read = this.plan.tables.find(({ name }) => name === table)?.columns ?? [];
    const indices = columns.map(({ name }) => read.findIndex((column) => column.name === name));
    return this.tables(table).map((row) => ({ values: indices.map((index) => row.values[index] ?? null), lineage: { scan, row } }));
  }

  private where({ input, predicate }: WhereNode, rows: readonly Row[]): readonly Row[] {
    const holds = compilePredicate(predicate, columnsOf(input), this.context);
    return rows.filter(({ values }) => holds(values));
  }

  private project({ input, columns }: ProjectNode, rows: readonly Row[]): readonly Row[] {
    const inputColumns = columnsOf(input);
    const evaluators = columns.map(({ expr }) => compileExpression(expr, inputColumns, this.context));
    return rows.map(({ values, lineage }) => ({ values: evaluators.map((evaluate) => evaluate(values)), lineage }));
  }

  private summarize({ input, keys, aggregates }: SummarizeNode, rows: readonly Row[]): readonly Row[] {
    const inputColumns = columnsOf(input);
    const keyTypes = keys.map(({ expr }) => expr.type);
    const keyEvaluators = keys.map(({ expr }) => compileExpression(expr, inputColumns, this.context));
    const groups = new Map<string, { readonly values: readonly Value[]; readonly rows: Row[] }>();
    if (keys.length === 0) groups.set('', { values: [], rows: [] });
    for (const row of rows) {
      const values = keyEvaluators.map((evaluate) => evaluate(row.values));
      const key = keyOf(keyTypes, values, 'group') ?? '';
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { values, rows: [row] });
      else group.rows.push(row);
    }
    const aggregate = compileAggregates(aggregates, inputColumns, this.context);
    return [...groups.values()].map((group) => ({
      values: [...group.values, ...aggregate(group.rows.map(({ values }) => values))],
      lineage: group.rows.map(({ lineage }) => lineage),
    }));
  }

  /** Inner: all pairs of rows whose keys are equal. */
  private join(node: JoinNode, left: readonly Row[], right: readonly Row[]): readonly Row[] {
    const side = (name: 'left' | 'right') => {
      const columns = columnsOf(node[name]);
      const position = (column: string): number => columns.findIndex((each) => each.name === column);
      const indices = node.keys.map((key) => position(key[name]));
      const types = indices.map((index) => columns[index]?.type ?? 'string');
      const key = ({ values }: Row): string | undefined =>
        keyOf(
          types,
          indices.map((index) => values[index] ?? null),
          'none',
        );
      return { position, key };
    };
    const [leftSide, rightSide] = [side('left'), side('right')];
    const matches = new Map<string, Row[]>();
    for (const row of right) {
      const key = rightSide.key(row);
      if (key === undefined) continue;
      const rows = matches.get(key);
      if (rows === undefined) matches.set(key, [row]);
      else rows.push(row);
    }
    const outputs = node.columns.map(({ side: from, from: column }) => ({
      fromLeft: from === 'left',
      index: (from === 'left' ? leftSide : rightSide).position(column),
    }));
    const joined: Row[] = [];
    for (const leftRow of left) {
      const key = leftSide.key(leftRow);
      const partners = key === undefined ? [] : (matches.get(key) ?? []);
      this.hold(partners.length);
      for (const rightRow of partners) {
        joined.push({
          values: outputs.map(({ fromLeft, index }) => (fromLeft ? leftRow : rightRow).values[index] ?? null),
          lineage: [leftRow.lineage, rightRow.lineage],
        });
      }
    }
    return joined;
  }
}

/**
 * The plan's result over the rows of its tables, whatever the order of rows. `tables` gives the rows of a table by name, each with the values
 * of its table plan's columns. Throws EvaluationLimit where more rows would be held than the budget allows; what was held is released then too.
 */
export function evaluate(plan: Plan, tables: Tables, { now, budget = new RowBudget(MAX_INTERMEDIATE_ROWS, 'intermediate rows') }: EvaluationOptions): Evaluation {
  let held = 0;
  const hold = (rows: number): void => {
    budget.take(rows);
    held += rows;
  };
  try {
    const rows = new Evaluator(plan, tables, { now }, hold).rows(plan.root);
    return { columns: plan.columns, rows: rows.map(({ values, lineage }) => ({ values, lineage: flatten(lineage) })) };
  } finally {
    budget.release(held);
  }
}

/** Whether the plan can use a row of the table at all; undefined where it may use every row. */
export function rowFilter({ predicate, columns }: TablePlan, context: EvaluationContext): ((row: readonly Value[]) => boolean) | undefined {
  return predicate === undefined ? undefined : compilePredicate(predicate, columns, context);
}
