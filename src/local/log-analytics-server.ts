import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { instantFromUnixMilliseconds, type TimeRange } from '../value/instant';
import { createFaults, type Fault, type Faults } from './log-analytics/faults';
import {
  defaultLimits,
  internalError,
  notFound,
  queryError,
  tableReply,
  type ExecuteError,
  type Limits,
  type QueryTable,
  type Reply,
} from './log-analytics/reply';
import { readQuery, type QueryRequest } from './log-analytics/request';
import { send } from './log-analytics/send';
import { serveOnLoopback, type LoopbackServer } from './loopback-server';

export interface LogAnalyticsServerOptions {
  /** Runs a query. A rejection is answered with 500 and its message. */
  readonly execute: (request: QueryRequest) => Promise<QueryTable | ExecuteError>;
  /** Default: any free one. */
  readonly port?: number;
  /** Ids of the workspaces there are, in lower case; default: every one that is asked for. */
  readonly workspaces?: readonly string[];
  readonly faults?: Faults;
  readonly limits?: Partial<Limits>;
  /** Unix time in milliseconds, for a timespan that is a duration alone. */
  readonly nowMs?: () => number;
}

export interface RecordedRequest {
  readonly workspaceId: string;
  readonly query: string;
  readonly timespan: TimeRange | undefined;
  readonly prefer: string | undefined;
  readonly authorization: string | undefined;
  readonly fault: Fault['kind'] | undefined;
  /** Of the answer, whether or not it arrived. */
  readonly status: number;
  readonly rows: number;
}

/** Its close ends also what is stalled. */
export interface LogAnalyticsServer extends LoopbackServer {
  readonly faults: Faults;
  /** Every query so far, in the order in which their answers were ready. */
  requests(): readonly RecordedRequest[];
  /** Resolves when no request is being answered: each was answered whole, or its connection is gone. */
  idle(): Promise<void>;
}

const QUERY_PATH = /^\/v1\/workspaces\/([\w-]+)\/query$/;

/**
 * The query endpoint of Log Analytics, on loopback, over http: POST /v1/workspaces/{id}/query.
 * https://learn.microsoft.com/azure/azure-monitor/logs/api/request-format
 */
export async function startLogAnalytics(options: LogAnalyticsServerOptions): Promise<LogAnalyticsServer> {
  const { execute, workspaces, faults = createFaults(), nowMs = Date.now } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const recorded: RecordedRequest[] = [];
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();

  async function answer(request: QueryRequest, fault: Fault | undefined): Promise<Reply> {
    if (fault?.kind === 'answer')
      return { status: fault.status, headers: { 'content-type': 'application/json', ...fault.headers }, body: fault.body ?? '', rows: 0 };
    try {
      const result = await execute(request);
      return 'kind' in result ? queryError(result) : tableReply(result, limits);
    } catch (error) {
      return internalError(error instanceof Error ? error.message : String(error));
    }
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id] = QUERY_PATH.exec((incoming.url ?? '').split('?')[0] ?? '') ?? [];
    const body = await text(incoming);
    if (incoming.method !== 'POST' || id === undefined)
      return send(response, notFound('The requested path does not exist'), undefined, closing.signal);
    const workspaceId = id.toLowerCase();
    if (workspaces?.includes(workspaceId) === false)
      return send(response, notFound('The requested workspace does not exist'), undefined, closing.signal);
    // The service's own behaviour: https://learn.microsoft.com/azure/azure-monitor/logs/api/timeouts
    if (body === '' || incoming.headers['content-type'] === undefined)
      return send(response, { status: 200, body: '', rows: 0 }, undefined, closing.signal);

    const request = readQuery(workspaceId, body, instantFromUnixMilliseconds(nowMs()));
    if ('status' in request) return send(response, request, undefined, closing.signal);
    const met = faults.take(request);
    const reply = await answer(request, met?.fault);
    const { prefer, authorization } = incoming.headers;
    const { query, timespan } = request;
    const { status, rows } = reply;
    recorded.push({
      workspaceId,
      query,
      timespan,
      prefer: prefer as string | undefined,
      authorization,
      fault: met?.fault.kind,
      status,
      rows,
    });
    await send(response, reply, met, closing.signal);
  }

  const serve: RequestListener = (incoming, response) => {
    const handled = Promise.allSettled([handle(incoming, response), once(response, 'close')]).then(([outcome]) => {
      underWay.delete(handled);
      if (outcome.status === 'rejected') response.destroy();
    });
    underWay.add(handled);
  };
  const server = await serveOnLoopback(serve, { port: options.port, closing });
  return {
    ...server,
    faults,
    requests: () => [...recorded],
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
