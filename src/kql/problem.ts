import type { Severity, Span } from '../diagnostic';
import { queryCodes, type QueryCode } from './codes';

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

  constructor(code: QueryCode, span: Span, message: string, hint: string = queryCodes[code].hint) {
    super(message);
    this.problem = { code, severity: 'error', message, hint, span };
  }
}

/** The refusal of `what` ("The operator facet"), the subject of the message's sentence. */
export function unsupported(
  span: Span,
  what: string,
  hint = 'Rewrite the query without it; docs/kusto.md lists what is supported.',
): QueryRefused {
  return new QueryRefused('KQL001', span, `${what} is not supported: it could not be run exactly as Kusto runs it.`, hint);
}
