import { createHash } from 'node:crypto';
import { keepDeadLetter } from '../hunt/dead-letter';
import type { BlobStore, Clock } from '../hunt/ports';
import { describeUnexpected } from '../hunt/unexpected';
import { counted } from '../value/counted';
import { toUnixMilliseconds, type Instant } from '../value/instant';
import type { TableRow, TableSink } from './ports';
import { rowOfBody } from './table-row';

/** An event of the hub, as the trigger hands it over. */
export interface IncomingEvent {
  /** Bytes; or a text or a value, where the host has decoded it. */
  readonly body: unknown;
  readonly partitionKey: string | undefined;
  /** When the hub took it. */
  readonly enqueuedAt: Instant | undefined;
}

export interface IngestPorts {
  readonly clock: Clock;
  readonly table: TableSink;
  readonly deadLetters: BlobStore;
}

/** What one batch came to: the line `ingest.batch`. Counts and times, never contents. */
export interface BatchSummary {
  /** failed: the host hands the same batch over again. */
  readonly outcome: 'ok' | 'failed';
  /** Of the hub; empty where the host does not tell. */
  readonly partition: string;
  readonly messages: number;
  /** Rows that the table took. */
  readonly sent: number;
  /** Messages that were kept in the container `dead-letter` instead. */
  readonly deadLettered: number;
  /** Neither of both: they come again. */
  readonly left: number;
  readonly requests: number;
  readonly throttledMs: number;
  /** Since the hub took the oldest message of the batch; 0 where it does not tell. */
  readonly oldestMessageMinutes: number;
  readonly durationMs: number;
}

export interface BatchReport {
  readonly summary: BatchSummary;
  /** Why messages became dead letters, each reason once with its count. */
  readonly refusals: ReadonlyMap<string, number>;
  /** Why the batch must come again; one sentence. */
  readonly failure: string | undefined;
}

/** The event's bytes; of one that the host has decoded, those of its text or JSON. */
function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The same for the same bytes, so that a message that comes again makes no second dead letter. */
export function ingestLetterPath(body: Uint8Array): string {
  return `ingest/${createHash('sha256').update(body).digest('hex')}.json`;
}

/** A batch on its way. */
class Batch {
  private readonly ports: IngestPorts;
  private readonly startedAt: Instant;
  readonly refusals = new Map<string, number>();
  sent = 0;
  deadLettered = 0;

  constructor(ports: IngestPorts) {
    this.ports = ports;
    this.startedAt = ports.clock.now();
  }

  /** Rejects with PortUnavailable where the dead letter cannot be kept. */
  async keep(event: IncomingEvent, reason: string): Promise<void> {
    const body = bytesOf(event.body);
    const { partitionKey } = event;
    await keepDeadLetter(this.ports.deadLetters, ingestLetterPath(body), {
      from: 'ingest-incidents',
      reason,
      keptAt: this.startedAt,
      partitionKey,
      body,
      replayedAt: undefined,
    });
    this.deadLettered += 1;
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
  }

  /** The rows of the events that are messages of ours, with their events; the others are kept as dead letters. */
  async rows(events: readonly IncomingEvent[]): Promise<readonly { readonly event: IncomingEvent; readonly row: TableRow }[]> {
    const rows: { readonly event: IncomingEvent; readonly row: TableRow }[] = [];
    for (const event of events) {
      const made = rowOfBody(event.body, this.startedAt);
      if ('row' in made) rows.push({ event, row: made.row });
      else await this.keep(event, made.reason);
    }
    return rows;
  }

  elapsedMs(): number {
    return this.since(this.startedAt);
  }

  since(instant: Instant): number {
    return toUnixMilliseconds(this.ports.clock.now()) - toUnixMilliseconds(instant);
  }
}

/**
 * Puts a batch of the hub's events into the table, at least once. What is not a message of ours, and what the service refuses for good, is kept as
 * a dead letter with the reason. Never rejects: where a row was not acknowledged, or a dead letter could not be kept, `failure` says why, and
 * the batch must come again.
 */
export async function ingestBatch(ports: IngestPorts, events: readonly IncomingEvent[], partition: string): Promise<BatchReport> {
  const batch = new Batch(ports);
  let failure: string | undefined;
  let cost = { requests: 0, throttledMs: 0 };
  try {
    const rows = await batch.rows(events);
    const report = await ports.table.upload(rows.map(({ row }) => row));
    cost = report;
    batch.sent = report.accepted.length;
    failure = report.unavailable;
    for (const { index, reason } of report.refused) {
      const refused = rows[index];
      if (refused !== undefined) await batch.keep(refused.event, reason);
    }
  } catch (error) {
    failure = describeUnexpected(error);
  }
  const left = events.length - batch.sent - batch.deadLettered;
  if (left > 0) failure ??= `${counted(left, 'message')} not acknowledged`;
  const oldest = events.reduce((age, { enqueuedAt }) => (enqueuedAt === undefined ? age : Math.max(age, batch.since(enqueuedAt))), 0);
  return {
    refusals: batch.refusals,
    failure,
    summary: {
      outcome: failure === undefined ? 'ok' : 'failed',
      partition,
      messages: events.length,
      sent: batch.sent,
      deadLettered: batch.deadLettered,
      left,
      requests: cost.requests,
      throttledMs: cost.throttledMs,
      oldestMessageMinutes: Math.floor(oldest / 60_000),
      durationMs: batch.elapsedMs(),
    },
  };
}

/** The line as it is logged: one JSON object, `message` first. */
export function batchLine(summary: BatchSummary): string {
  return JSON.stringify({ message: 'ingest.batch', ...summary });
}
