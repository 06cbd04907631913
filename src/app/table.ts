import { createCredential } from '../azure/credential';
import { createLogsIngestion } from '../azure/logs-ingestion';
import type { TableSink } from '../ingest/ports';
import type { IngestSettings } from '../settings';

/** Kept apart from the ports of a cycle, which needs no client of the Logs Ingestion API. */
export function openTable({ endpoint, ruleId, stream, credential }: IngestSettings['table']): TableSink {
  return createLogsIngestion({ endpoint, ruleId, stream, credential: credential && createCredential(credential) });
}
