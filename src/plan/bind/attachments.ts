import type { ScalarType } from '../../value/types';
import { collectColumns, columnsOf } from '../columns';
import { exprsOf } from '../nodes';
import type { Expr, PlanNode } from '../plan';
import { keep } from './binding';

/**
 * What an expression needs beyond the values of its row: the result of a query, or the rows beside. The expression reads it from a column of
 * the plan's own, and the operator that holds the expression gets that column attached to its input.
 */
interface Attachment {
  /** What the attached node computes with. */
  readonly exprs: readonly Expr[];
  readonly attach: (input: PlanNode) => PlanNode;
}

const PREFIX = '$s';

/** Whether a column is one that an attachment gives. */
export const isAttached = (column: string): boolean => column.startsWith(PREFIX);

export class Attachments {
  private readonly byName = new Map<string, Attachment>();

  /** The column under which the value will be found; `attach` is called once for each operator that reads it, with that name. */
  add(type: ScalarType, exprs: readonly Expr[], attach: (input: PlanNode, name: string) => PlanNode): Expr {
    const name = `${PREFIX}${this.byName.size}`;
    this.byName.set(name, { exprs, attach: (input) => attach(input, name) });
    return { kind: 'column', name, type };
  }

  /** The names of attached columns that the expressions read, and those that these need in turn, in the order of their making. */
  private needed(exprs: readonly Expr[]): readonly string[] {
    const names = new Set<string>();
    const visit = (expr: Expr): void => {
      for (const name of collectColumns(expr, new Set())) {
        const attachment = names.has(name) ? undefined : this.byName.get(name);
        if (attachment === undefined) continue;
        names.add(name);
        attachment.exprs.forEach(visit);
      }
    };
    exprs.forEach(visit);
    return [...this.byName.keys()].filter((name) => names.has(name));
  }

  /** Whether an expression reads an attached column. */
  areRead(...exprs: readonly Expr[]): boolean {
    return this.needed(exprs).length > 0;
  }

  /** The operator `node` over `input`, with what its expressions need attached below them; its columns stay as they are. */
  attachTo(node: PlanNode, input: PlanNode): PlanNode {
    const attached = this.attached(node, input);
    const columns = columnsOf(attached);
    const own = columns.filter(({ name }) => !isAttached(name));
    return own.length === columns.length ? attached : { kind: 'project', input: attached, columns: own.map(keep), span: node.span };
  }

  /** An operator may be several nodes: each gets what its own expressions read. */
  private attached(node: PlanNode, input: PlanNode): PlanNode {
    if (node === input || !('input' in node)) return node;
    const below = this.attached(node.input, input);
    const present = new Set(columnsOf(below).map(({ name }) => name));
    const missing = this.needed(exprsOf(node)).filter((name) => !present.has(name));
    return { ...node, input: missing.reduce((each, name) => this.byName.get(name)?.attach(each) ?? each, below) };
  }
}
