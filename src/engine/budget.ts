/** Thrown when an evaluation would hold more rows than are allowed over all bins in flight. The bin is then failing, with this message. */
export class EvaluationLimit extends Error {
  override readonly name = 'EvaluationLimit';
}

/** A bound on rows held at one time, shared by all that run side by side. */
export class RowBudget {
  private held = 0;
  private readonly limit: number;
  private readonly what: string;

  /** `what` names the rows in the message, e.g. 'intermediate rows'. */
  constructor(limit: number, what: string) {
    this.limit = limit;
    this.what = what;
  }

  /** Throws EvaluationLimit, and takes nothing, where `rows` more would exceed the limit. */
  take(rows: number): void {
    if (this.held + rows > this.limit) {
      throw new EvaluationLimit(
        `more than ${this.limit} ${this.what} would be held in memory: narrow the rule's predicates or shorten its bin`,
      );
    }
    this.held += rows;
  }

  release(rows: number): void {
    this.held -= rows;
  }
}

export const MAX_SOURCE_ROWS = 1_000_000;
export const MAX_INTERMEDIATE_ROWS = 5_000_000;
