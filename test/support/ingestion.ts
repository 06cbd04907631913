import { createLogsIngestion, type LogsIngestionOptions } from '../../src/azure/logs-ingestion';
import type { IncidentMessage } from '../../src/incident/message';
import type { TableSink } from '../../src/ingest/ports';
import { startIngestion, type IngestionServer } from '../../src/local/ingestion-server';
import { incidentColumns, incidentStream } from '../../src/local/ingestion/table';
import { instant, type Instant } from '../../src/value/instant';
import example from '../unit/incident/mailbox-message.json';

/** What tests of the way into the table share: a local endpoint, the real client before it, and messages. */

export const RULE_ID = 'dcr-00112233445566778899aabbccddeeff';
export const STREAM = incidentStream;

export function startTestIngestion(now: () => Instant = () => instant('2026-03-10T12:00:00Z')): Promise<IngestionServer> {
  return startIngestion({ ruleId: RULE_ID, stream: STREAM, columns: incidentColumns, now });
}

/** A sink whose clock stands still but for its waits, which go into `waits`. */
export function testSink(server: IngestionServer, waits: number[] = [], options: Partial<LogsIngestionOptions> = {}): TableSink {
  let nowMs = Date.UTC(2026, 2, 10, 12);
  return createLogsIngestion({
    endpoint: server.origin,
    credential: undefined,
    ruleId: RULE_ID,
    stream: STREAM,
    sleep: async (ms) => {
      waits.push(ms);
      nowMs += ms;
    },
    random: () => 0,
    nowMs: () => nowMs,
    ...options,
  });
}

/** A valid message; each number gives another id. */
export function message(number: number, more: Partial<IncidentMessage> = {}): IncidentMessage {
  const id = `d188f9f4-85c6-5557-9778-${number.toString(16).padStart(12, '0')}`;
  return { ...(example as IncidentMessage), id, ...more };
}

export const bytesOf = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
