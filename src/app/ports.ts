import { join } from 'node:path';
import { createBlobStore, type StorageAccount } from '../azure/blob-store';
import { createCredential } from '../azure/credential';
import { createEventHubSink } from '../azure/event-hub';
import { createLogAnalyticsSource } from '../azure/log-analytics';
import type { CyclePorts } from '../hunt/cycle';
import type { BlobStore, Clock, VersionedBlobStore } from '../hunt/ports';
import type { After } from '../hunt/turns';
import { createFileStore } from '../local/file-store';
import type { HuntSettings } from '../settings';
import type { HubSettings } from '../settings/hub';
import { deadLetterContainer, ledgerContainer, type LedgerSettings } from '../settings/ledger';

/** Settings -> the adapters that a cycle runs on. */

export function openLedger(ledger: LedgerSettings): VersionedBlobStore {
  return openStore(ledger, ledgerContainer);
}

export function openPorts(settings: HuntSettings, clock: Clock): CyclePorts {
  const { endpoint, credential } = settings.logAnalytics;
  const { ledger } = settings;
  return {
    clock,
    after,
    source: createLogAnalyticsSource({ endpoint, credential: credential && createCredential(credential) }),
    sink: settings.dryRun ? noHub : openHub(settings.hub),
    ledger: ledger === undefined ? nothingStored : openLedger(ledger),
    deadLetters: ledger === undefined ? nothingStored : openStore(ledger, deadLetterContainer),
  };
}

const after: After = (ms, act) => {
  const timer = setTimeout(act, ms);
  timer.unref();
  return () => {
    clearTimeout(timer);
  };
};

/** For a dry run without a ledger. */
const nothingStored: BlobStore = {
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve('conflict'),
  list: () => Promise.resolve([]),
};

/** For a dry run, whose cycle asks nothing of a hub. */
const noHub: CyclePorts['sink'] = {
  probe: () => Promise.resolve(),
  publish: () => Promise.resolve({ acknowledged: [], refused: [], unreachable: 'a dry run sends nothing' }),
  close: () => Promise.resolve(),
};

export function openStore(ledger: LedgerSettings, container: string): VersionedBlobStore {
  if (ledger.kind === 'files') return createFileStore(join(ledger.folder, container));
  return createBlobStore({ account: storageAccount(ledger), container });
}

function storageAccount(ledger: Exclude<LedgerSettings, { kind: 'files' }>): StorageAccount {
  if (ledger.kind === 'connection-string') return { connectionString: ledger.connectionString };
  return { blobServiceUri: ledger.blobServiceUri, credential: createCredential(ledger.credential) };
}

export function openHub(hub: HubSettings): CyclePorts['sink'] {
  const { eventHubName } = hub;
  if (hub.kind === 'connection-string') return createEventHubSink({ connectionString: hub.connectionString, eventHubName });
  return createEventHubSink({
    fullyQualifiedNamespace: hub.fullyQualifiedNamespace,
    eventHubName,
    credential: createCredential(hub.credential),
  });
}
