import { openStore } from '../../app/ports';
import { PortUnavailable, type BlobStore } from '../../hunt/ports';
import { DOCTOR_FOLDER } from '../../ingest/replay';
import { deadLetterContainer, ledgerContainer, type LedgerSettings } from '../../settings/ledger';
import { formatInstant } from '../../value/instant';
import { assignRole, storageScope } from './az';
import { notChecked, notOk, ok, type Check } from './check';
import { tokenCheck, type Examination } from './examination';

const SCOPE = 'https://storage.azure.com/.default';

/** Reads and writes a blob of its own in each of the two containers, which makes a container that is missing. */
export async function storeChecks(ledger: LedgerSettings, examination: Examination): Promise<readonly Check[]> {
  const containers = [
    { what: `ledger, container ${ledgerContainer}`, container: ledgerContainer },
    { what: `dead letters, container ${deadLetterContainer}`, container: deadLetterContainer },
  ];
  const token = await tokenCheck('Blob Storage', ledger.kind === 'identity' ? ledger.credential : undefined, SCOPE, examination);
  if (token.status !== 'ok') return [token, ...containers.map(({ what }) => notChecked(what, 'there is no token'))];
  const checks: Check[] = [token];
  for (const { what, container } of containers) {
    checks.push(await storeCheck(what, openStore(ledger, container), ledger, examination));
  }
  return checks;
}

async function storeCheck(what: string, store: BlobStore, ledger: LedgerSettings, { now }: Examination): Promise<Check> {
  const path = `${DOCTOR_FOLDER}checked.json`;
  try {
    const before = await store.read(path);
    // That another writer came first shows as well that one may write.
    await store.write(path, `${JSON.stringify({ checkedAt: formatInstant(now) })}\n`, before?.etag);
    await store.list(DOCTOR_FOLDER);
    return ok(what);
  } catch (error) {
    if (!(error instanceof PortUnavailable)) throw error;
    const isForbidden = /the answer was 40[13] /.test(error.message) && ledger.kind === 'identity';
    const commands = isForbidden
      ? [assignRole('Storage Blob Data Contributor', ledger.credential, storageScope(ledger.blobServiceUri))]
      : [];
    return notOk(what, error.message, commands);
  }
}
