import { formatJson, formatValue } from '../../value/text';
import type { Column, ScalarType, Value } from '../../value/types';

/** An answer of the service. `rows` counts those in the body. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly rows: number;
}

export interface QueryTable {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
}

/** Why a query cannot be run. The message is the engine's, as an author of queries reads it. */
export interface ExecuteError {
  readonly kind: 'syntax' | 'semantic' | 'unsupported';
  readonly message: string;
}

/** The service's documented limits are the defaults. https://learn.microsoft.com/azure/azure-monitor/service-limits */
export interface Limits {
  readonly maxRows: number;
  /** Bytes of the rows' JSON. */
  readonly maxBytes: number;
}

export const defaultLimits: Limits = { maxRows: 500_000, maxBytes: 100 * 1024 * 1024 };

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

function errorReply(status: number, error: Readonly<Record<string, unknown>>): Reply {
  return { status, headers: JSON_TYPE, body: JSON.stringify({ error }), rows: 0 };
}

export function badArgument(innerCode: string, message: string): Reply {
  return errorReply(400, {
    code: 'BadArgumentError',
    message: 'The request had some invalid properties',
    innererror: { code: innerCode, message },
  });
}

export function notFound(message: string): Reply {
  return errorReply(404, { code: 'PathNotFoundError', message });
}

export function internalError(message: string): Reply {
  return errorReply(500, { code: 'InternalServerError', message });
}

export function queryError({ kind, message }: ExecuteError): Reply {
  switch (kind) {
    case 'syntax':
      return badArgument('SyntaxError', message);
    case 'semantic':
      return errorReply(400, {
        code: 'BadArgumentError',
        message: 'The request had some invalid properties',
        innererror: { code: 'SemanticError', message: 'A semantic error occurred.', innererror: { code: 'SEM0100', message } },
      });
    case 'unsupported':
      return badArgument('UnsupportedQueryError', message);
  }
}

/** A cell as the service writes it: long as a JSON number of any size, datetime with seven digits, dynamic as a string of JSON. */
export function cellText(type: ScalarType, value: Value): string {
  if (value === null) return 'null';
  if (type === 'dynamic') return JSON.stringify(formatJson(value));
  if (type === 'real') return formatJson(value);
  if (type === 'bool' || type === 'int' || type === 'long') return formatValue(type, value);
  return JSON.stringify(formatValue(type, value));
}

function tooLarge(exceeded: string): Readonly<Record<string, unknown>> {
  const message = `Query result set has exceeded the internal ${exceeded} (E_QUERY_RESULT_SET_TOO_LARGE)`;
  return {
    code: 'PartialError',
    message: 'There were some errors when processing your query.',
    details: [
      {
        code: 'EngineError',
        message: 'Something went wrong processing your query on the server.',
        innererror: { code: '-2133196797', message },
      },
    ],
  };
}

/** 200 with the table; beyond a limit with the rows up to it, and an error that says so. */
export function tableReply({ columns, rows }: QueryTable, limits: Limits): Reply {
  const texts: string[] = [];
  let bytes = 0;
  let exceeded: string | undefined;
  for (const row of rows) {
    if (texts.length === limits.maxRows) exceeded = `record count limit ${limits.maxRows}`;
    const text = `[${columns.map(({ type }, index) => cellText(type, row[index] ?? null)).join(',')}]`;
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > limits.maxBytes) exceeded ??= `data size limit ${limits.maxBytes}`;
    if (exceeded !== undefined) break;
    texts.push(text);
  }
  const header = JSON.stringify(columns.map(({ name, type }) => ({ name, type })));
  const error = exceeded === undefined ? '' : `,"error":${JSON.stringify(tooLarge(exceeded))}`;
  const body = `{"tables":[{"name":"PrimaryResult","columns":${header},"rows":[${texts.join(',')}]}]${error}}`;
  return { status: 200, headers: JSON_TYPE, body, rows: texts.length };
}
