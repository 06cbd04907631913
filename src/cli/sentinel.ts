import newIncidents from '../../infra/sentinel/new-incidents.kql';
import { startIngestion, type IngestionServer } from '../local/ingestion-server';
import { incidentColumns, incidentStream } from '../local/ingestion/table';
import { raiseAlerts, type Alert } from '../local/sentinel';
import { addTicks, TICKS_PER_SECOND } from '../value/instant';
import { now } from './local-servers';

/** The way on into Sentinel for `npm start`: a local ingestion endpoint, and the analytics rule that the template deploys. */

const RULE_ID = 'dcr-00000000000000000000000000000000';

export interface LocalSentinel {
  readonly server: IngestionServer;
  /** The settings of `ingest-incidents` that name it. */
  readonly settings: Readonly<Record<string, string>>;
  /** What the analytics rule would raise in a run a moment from now. */
  readonly alerts: () => Promise<readonly Alert[]>;
}

export async function startLocalSentinel(): Promise<LocalSentinel> {
  const server = await startIngestion({ ruleId: RULE_ID, stream: incidentStream, columns: incidentColumns, now });
  return {
    server,
    settings: { INGEST_ENDPOINT: server.origin, INGEST_RULE_ID: RULE_ID, INGEST_STREAM: incidentStream },
    alerts: () => raiseAlerts(newIncidents, server.rows(), addTicks(now(), TICKS_PER_SECOND)),
  };
}
