import { readHuntSettings, readIngestSettings, type HuntSettings, type IngestSettings } from '../../settings';
import { SettingsError } from '../../settings/environment';
import type { HubSettings } from '../../settings/hub';
import { ingestEndpointSetting } from '../../settings/ingest';
import type { LedgerSettings } from '../../settings/ledger';
import { notChecked, notOk, ok, type Check } from './check';
import type { Examination } from './examination';
import { hubChecks } from './hub';
import { storeChecks } from './store';
import { tableChecks } from './table';
import { workspaceChecks } from './workspaces';

/** Looks at everything that the functions need, one after the other, with their own settings and clients. Sends no incident and no row. */
export async function examine(examination: Examination): Promise<readonly Check[]> {
  const { environment } = examination;
  const ingests = (environment[ingestEndpointSetting]?.trim() ?? '') !== '';
  const hunt = read(
    'settings of hunt',
    () => readHuntSettings(environment),
    ({ dryRun }) => (dryRun ? 'HUNT_DRY_RUN is true: it writes and sends nothing' : undefined),
  );
  const ingest = ingests ? read('settings of ingest-incidents', () => readIngestSettings(environment)) : NOT_IN_USE;
  const { hub, ledger } = shared(hunt.settings, ingest.settings);
  return [
    ...hunt.checks,
    ...ingest.checks,
    ...(hunt.settings === undefined ? [] : await workspaceChecks(hunt.settings, examination)),
    ...(hub === undefined ? [notChecked('Event Hub', 'it is not in the settings, or they are wrong')] : await hubChecks(hub, examination)),
    ...(ledger === undefined
      ? [notChecked('ledger', 'it is not in the settings, or they are wrong')]
      : await storeChecks(ledger, examination)),
    ...(ingest.settings === undefined ? [] : await tableChecks(ingest.settings, examination)),
  ];
}

interface Read<T> {
  readonly settings: T | undefined;
  readonly checks: readonly Check[];
}

const NOT_IN_USE: Read<IngestSettings> = {
  settings: undefined,
  checks: [notChecked('ingestion', `${ingestEndpointSetting} is not set, so incidents go to the Event Hub and no further`)],
};

/** The settings of one function, or a line for each of its mistakes. */
function read<T>(what: string, work: () => T, detail?: (settings: T) => string | undefined): Read<T> {
  try {
    const settings = work();
    return { settings, checks: [ok(what, detail?.(settings))] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return {
      settings: undefined,
      checks: error.problems.map(({ setting, problem, remedy }) => notOk(what, `${setting} ${problem}. ${remedy}`)),
    };
  }
}

/** What both functions reach, from whichever of them has sound settings; a dry run may have none. */
function shared(
  hunt: HuntSettings | undefined,
  ingest: IngestSettings | undefined,
): { readonly hub: HubSettings | undefined; readonly ledger: LedgerSettings | undefined } {
  return { hub: hunt?.hub ?? ingest?.hub, ledger: hunt?.ledger ?? ingest?.deadLetters };
}
