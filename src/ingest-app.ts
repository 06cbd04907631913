import type { Log } from './app/invocation';
import { openStore } from './app/ports';
import { openTable } from './app/table';
import type { Clock } from './hunt/ports';
import { batchLine, ingestBatch, type IncomingEvent } from './ingest/batch';
import { readIngestSettings } from './settings';
import { deadLetterContainer } from './settings/ledger';
import { counted } from './value/counted';

/** The function `ingest-incidents`, from settings to one batch: everything behind the trigger. */

export interface IngestInvocation {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly clock: Clock;
  readonly events: readonly IncomingEvent[];
  /** Of the hub; empty where the host does not tell. */
  readonly partition: string;
}

/**
 * Puts one batch into the table. Rejects where the batch must come again: a setting is wrong, a row was not acknowledged, or a dead letter could
 * not be kept. Never logs contents of messages.
 */
export async function runIngest({ environment, log, clock, events, partition }: IngestInvocation): Promise<void> {
  const settings = readIngestSettings(environment);
  const ports = { clock, table: openTable(settings.table), deadLetters: openStore(settings.deadLetters, deadLetterContainer) };
  const { summary, refusals, failure } = await ingestBatch(ports, events, partition);
  for (const [reason, count] of refusals) {
    log.error(`${counted(count, 'message')} of the batch kept in the container ${deadLetterContainer}: ${reason}`);
  }
  if (summary.outcome === 'ok') log.info(batchLine(summary));
  else log.error(batchLine(summary));
  if (failure !== undefined) throw new Error(failure);
}
