import type { Severity, Span } from '../diagnostic';
import type { QueryCode } from './codes';

/** Something wrong in a query text, before it is known in which file the text stands. */
export interface QueryProblem {
  /** Ours (KQL…), or Microsoft's own (KS…). */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string;
  readonly span: Span;
}

/** Ends the reading of a query at the first thing that cannot be run. */
export class QueryRefused extends Error {
  override readonly name = 'QueryRefused';
  readonly problem: QueryProblem;

  constructor(code: QueryCode, span: Span, message: string, hint: string) {
    super(message);
    this.problem = { code, severity: 'error', message, hint, span };
  }
}
