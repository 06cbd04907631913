import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { formatInstant, type Instant } from '../value/instant';
import { createFaults, type Fault, type Faults } from './ingestion/faults';
import type { TableRows } from './kql-executor';
import { serveOnLoopback, type LoopbackServer } from './loopback-server';

export interface IngestionServerOptions {
  /** Immutable id of the one data collection rule there is. */
  readonly ruleId: string;
  readonly stream: string;
  /** Of the stream; other members of a row are not stored. */
  readonly columns: readonly { readonly name: string }[];
  /** Gives each stored row its time of arrival. */
  readonly now: () => Instant;
  /** Default: any free one. */
  readonly port?: number;
  readonly faults?: Faults;
}

export interface RecordedUpload {
  readonly rows: number;
  /** Of the request's body, as sent. */
  readonly bytes: number;
  readonly encoding: string | undefined;
  readonly authorization: string | undefined;
  readonly fault: Fault['kind'] | undefined;
  /** Of the answer, whether or not it arrived; undefined where there was none. */
  readonly status: number | undefined;
}

/** Its close ends also what is stalled. */
export interface IngestionServer extends LoopbackServer {
  readonly faults: Faults;
  /** Every row stored so far, in order of arrival, with the time of its arrival as `$IngestionTime`: a table for the engine. */
  rows(): TableRows;
  /** Every call so far, in the order in which they came. */
  requests(): readonly RecordedUpload[];
}

/** The service's own limits. https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits#logs-ingestion-api */
const MAX_CALL_BYTES = 1024 * 1024;
const MAX_FIELD_BYTES = 64 * 1024;

const UPLOAD_PATH = /^\/dataCollectionRules\/([^/]+)\/streams\/([^/]+)$/;

type Row = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field as the service keeps it: a longer text is cut without a word. */
function kept(value: unknown): unknown {
  if (typeof value !== 'string' || Buffer.byteLength(value) <= MAX_FIELD_BYTES) return value;
  return Buffer.from(value).subarray(0, MAX_FIELD_BYTES).toString('utf8');
}

/**
 * The Logs Ingestion API in front of one table, on loopback, over http: POST /dataCollectionRules/{id}/streams/{stream}. Any token is good.
 * https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview
 */
export async function startIngestion(options: IngestionServerOptions): Promise<IngestionServer> {
  const { ruleId, stream, columns, now, faults = createFaults() } = options;
  const stored: Row[] = [];
  const recorded: RecordedUpload[] = [];
  const closing = new AbortController();

  function store(rows: readonly Row[]): void {
    const arrived = formatInstant(now());
    for (const row of rows) {
      const cells = columns.flatMap(({ name }) => (row[name] === undefined ? [] : [[name, kept(row[name])] as const]));
      stored.push({ ...Object.fromEntries(cells), $IngestionTime: arrived });
    }
  }

  /** The rows of a call, or the answer where the call is refused. */
  function readRows(incoming: IncomingMessage, body: Buffer): readonly Row[] | Answer {
    const url = new URL(incoming.url ?? '', 'http://localhost');
    const [, rule, name] = UPLOAD_PATH.exec(url.pathname) ?? [];
    if (incoming.method !== 'POST' || rule !== ruleId) return { status: 404, code: 'NotFound' };
    if (!url.searchParams.has('api-version')) return { status: 400, code: 'MissingApiVersionParameter' };
    if (name !== stream) return { status: 400, code: 'InvalidStream' };
    if (incoming.headers['content-type']?.startsWith('application/json') !== true) return { status: 415, code: 'UnsupportedMediaType' };
    if (body.length > MAX_CALL_BYTES) return { status: 413, code: 'ContentLengthLimitExceeded' };
    try {
      const json = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      if (json.length > MAX_CALL_BYTES) return { status: 413, code: 'ContentLengthLimitExceeded' };
      const rows: unknown = JSON.parse(json.toString('utf8'));
      return Array.isArray(rows) && rows.every(isRow) ? rows : { status: 400, code: 'InvalidContent' };
    } catch {
      return { status: 400, code: 'InvalidContent' };
    }
  }

  function send(response: ServerResponse, { status, code, headers }: Answer): void {
    const body = code === undefined ? '' : JSON.stringify({ error: { code, message: 'The request was not carried out.' } });
    response.writeHead(status, { ...headers, ...(code === undefined ? {} : { 'content-type': 'application/json' }) });
    response.end(body);
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const read = readRows(incoming, body);
    const rows = 'status' in read ? [] : read;
    const met = 'status' in read ? undefined : faults.take({ rows });
    const fault = met?.fault;
    const answer: Answer = fault?.kind === 'answer' ? fault : 'status' in read ? read : { status: 204 };
    const { 'content-encoding': encoding, authorization } = incoming.headers;
    recorded.push({
      rows: rows.length,
      bytes: body.length,
      encoding,
      authorization,
      fault: fault?.kind,
      status: fault?.kind === 'reset' ? undefined : answer.status,
    });
    if (answer.status === 204 && (fault === undefined || fault.kind === 'answer' || fault.stored)) store(rows);
    if (fault?.kind === 'reset') return void response.socket?.resetAndDestroy();
    if (fault?.kind === 'stall') {
      await Promise.race([once(response, 'close'), aborted(met?.released ?? closing.signal), aborted(closing.signal)]);
      if (response.destroyed) return;
    }
    send(response, answer);
  }

  const serve: RequestListener = (incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  };
  const server = await serveOnLoopback(serve, { port: options.port, closing });
  return {
    ...server,
    faults,
    rows: () => [...stored],
    requests: () => [...recorded],
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
