import { createBlobStore } from '../../src/azure/blob-store';
import { createFileStore } from '../../src/local/file-store';
import { type Azurite, startAzurite } from '../support/azurite';
import { FakeBlobStore } from '../support/fake-blob-store';
import { temporaryFolder } from '../support/temporary-folder';
import { describeBlobStore } from './blob-store.contract';

let azurite: Azurite;
let containers = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite.stop());

// Azurite has no versioning; test/unit/azure/blob-versions.test.ts has the answers of an account that has.
describeBlobStore('Azure Blob Storage', async () => {
  containers += 1;
  const options = { account: { connectionString: azurite.connectionString }, container: `ledger-${containers}` };
  return { store: createBlobStore(options), other: createBlobStore(options), keepsVersions: false, close: async () => undefined };
});

describeBlobStore('files', async () => {
  const folder = await temporaryFolder();
  return { store: createFileStore(folder.path), other: createFileStore(folder.path), keepsVersions: true, close: folder.remove };
});

describeBlobStore('the fake of the tests', async () => {
  const store = new FakeBlobStore();
  return { store, other: store, keepsVersions: true, close: async () => undefined };
});
