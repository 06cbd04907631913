import { inspect } from 'node:util';
import { BlobServiceClient } from '@azure/storage-blob';
import { createBlobStore } from '../../src/azure/blob-store';
import type { Timing } from '../../src/azure/bounded';
import { type BlobStore, PortUnavailable } from '../../src/hunt/ports';
import { accountKey, type Azurite, connectionString, startAzurite } from '../support/azurite';
import { type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy';

const timing: Timing = { tries: 3, tryMs: 1_000, delayMs: 1 };
const unhurried: Timing = { ...timing, tryMs: 10_000 };

describe('the blob store on a faulty service', () => {
  let azurite: Azurite;
  let proxy: FaultyProxy;
  let direct: BlobServiceClient;
  let container: string;
  let containers = 0;

  beforeAll(async () => {
    azurite = await startAzurite();
    direct = BlobServiceClient.fromConnectionString(azurite.connectionString);
  });

  afterAll(() => azurite.stop());

  beforeEach(async () => {
    proxy = await startFaultyProxy(new URL(direct.url).origin);
    containers += 1;
    container = `faults-${containers}`;
  });

  afterEach(async () => {
    expect(proxy.pendingFaults).toBe(0);
    await proxy.close();
  });

  function open(options: { readonly timing?: Timing; readonly container?: string } = {}): BlobStore {
    return createBlobStore({ account: { connectionString: connectionString(proxy.endpoint) }, container, timing: unhurried, ...options });
  }

  async function failureOf(action: Promise<unknown>): Promise<PortUnavailable> {
    const failure = await action.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(PortUnavailable);
    expect(failure).toMatchObject({ port: 'ledger', message: expect.stringMatching(/; check .*\.$/) });
    return failure as PortUnavailable;
  }

  it('creates the container at the first write, and no sooner', async () => {
    const store = open();
    await store.read('a');
    await store.list('');
    expect(await direct.getContainerClient(container).exists()).toBe(false);
    await store.write('a', '{}', undefined);
    const { contentType } = await direct.getContainerClient(container).getBlobClient('a').getProperties();
    expect(contentType).toBe('application/json');
  });

  it('never asks to create a container that there is', async () => {
    await direct.createContainer(container);
    await open().write('a', '{}', undefined);
    expect(proxy.requests.filter((request) => request.includes('restype=container'))).toEqual([]);
  });

  it('writes into a container that another made meanwhile, though it may not create one', async () => {
    await direct.createContainer(container);
    proxy.inject({ status: 404, code: 'ContainerNotFound' }, { status: 403, code: 'AuthorizationPermissionMismatch' });
    expect(await open().write('a', '{}', undefined)).toHaveProperty('etag');
  });

  it('says so when the container is missing and may not be created', async () => {
    const [missing, forbidden] = [
      { status: 404, code: 'ContainerNotFound' },
      { status: 403, code: 'AuthorizationPermissionMismatch' },
    ];
    proxy.inject(missing, forbidden, missing);
    const { message } = await failureOf(open().write('a', '{}', undefined));
    expect(message).toMatch(/ContainerNotFound; check that the container exists, .*role Storage Blob Data Contributor/);
  });

  it('tries again after 503, a reset and half an answer', async () => {
    const store = open();
    await store.write('a', '{"text":"whole"}', undefined);
    proxy.inject({ status: 503, code: 'ServerBusy' }, 'reset');
    expect((await store.read('a'))?.body).toBe('{"text":"whole"}');
    proxy.inject('half-answer');
    expect((await store.read('a'))?.body).toBe('{"text":"whole"}');
    proxy.inject({ status: 500, code: 'InternalError' });
    expect(await store.list('')).toEqual(['a']);
  });

  it('gives up a try that is not answered in time, and then the operation', async () => {
    proxy.inject('hang', 'hang', 'hang');
    const { message } = await failureOf(open({ timing }).read('a'));
    expect(message).toMatch(/reading a in container 'faults-\d+' at 127\.0\.0\.1:\d+ failed: no answer within 1000 ms/);
    expect(proxy.requests).toHaveLength(3);
  });

  it('gives up a try whose answer stalls half way', async () => {
    await open().write('a', '{"text":"whole"}', undefined);
    proxy.inject('stall');
    expect((await open({ timing }).read('a'))?.body).toBe('{"text":"whole"}');
  });

  it('never takes half a blob for the blob', async () => {
    const store = open();
    await store.write('a', '{"text":"whole"}', undefined);
    proxy.inject('half-answer', 'half-answer', 'half-answer');
    expect((await failureOf(store.read('a'))).message).toContain('the answer broke off');
  });

  it('says conflict of a write that came through and whose answer was lost; reading again shows it', async () => {
    const store = open();
    const first = await store.write('a', '1', undefined);
    if (first === 'conflict') throw new Error('an unexpected conflict');
    proxy.inject('lose-answer');
    expect(await store.write('a', '2', first.etag)).toBe('conflict');
    expect((await store.read('a'))?.body).toBe('2');
  });

  it('does not know the outcome of a write without an answer, and says so', async () => {
    await open().write('b', '{}', undefined);
    proxy.inject('lose-answer', 'reset', 'reset');
    await failureOf(open().write('a', '1', undefined));
    expect((await open().read('a'))?.body).toBe('1');
  });

  it.each([
    [403, 'AuthorizationPermissionMismatch', 'role Storage Blob Data Contributor or Storage Blob Data Owner'],
    [403, 'AuthorizationFailure', 'admits this network'],
    [401, 'NoAuthenticationInformation', 'role Storage Blob Data Contributor'],
    [409, 'ContainerBeingDeleted', 'blob endpoint'],
    [400, 'InvalidInput', 'blob endpoint'],
  ])('rejects %i %s at once and says what to check', async (status, code, check) => {
    proxy.inject({ status, code });
    const { message } = await failureOf(open().write('a', '{}', undefined));
    expect(message).toContain(`${status} ${code}`);
    expect(message).toContain(check);
    expect(proxy.requests).toHaveLength(1);
  });

  it('takes a leased blob for no conflict', async () => {
    const store = open();
    const written = await store.write('a', '{}', undefined);
    if (written === 'conflict') throw new Error('an unexpected conflict');
    await direct.getContainerClient(container).getBlobClient('a').getBlobLeaseClient().acquireLease(-1);
    expect((await failureOf(store.write('a', '2', written.etag))).message).toContain('412 LeaseIdMissing');
  });

  it('names the address that nobody listens at', async () => {
    const { endpoint } = proxy;
    const store = open();
    await proxy.close();
    expect((await failureOf(store.list(''))).message).toContain(`at ${new URL(endpoint).host} failed: no answer (ECONNREFUSED)`);
    proxy = await startFaultyProxy(new URL(direct.url).origin);
  });

  it('says that no token could be had, without waiting for one for ever', async () => {
    const blobServiceUri = 'https://127.0.0.1:1';
    const refusing = { getToken: () => Promise.reject(Object.assign(new Error('secret hint'), { name: 'CredentialUnavailableError' })) };
    const refused = await failureOf(createBlobStore({ account: { blobServiceUri, credential: refusing }, container, timing }).read('a'));
    expect(refused.message).toContain('(CredentialUnavailableError); check that the identity in the settings exists');
    expect(refused.message).not.toContain('secret hint');
    const silent = { getToken: () => new Promise<never>(() => undefined) };
    const unanswered = await failureOf(createBlobStore({ account: { blobServiceUri, credential: silent }, container, timing }).read('a'));
    expect(unanswered.message).toContain('no answer within 1000 ms');
  });

  it('shows neither key nor signature in an error or its causes', async () => {
    const signed = `BlobEndpoint=${proxy.endpoint}/devstoreaccount1;SharedAccessSignature=sv=2024-11-04&ss=b&srt=sco&sp=rwl&sig=c2VjcmV0`;
    const stores = [open(), createBlobStore({ account: { connectionString: signed }, container, timing: unhurried })];
    for (const store of stores) {
      proxy.inject({ status: 403, code: 'AuthenticationFailed' }, 'reset', 'reset', 'reset');
      for (const failure of [await failureOf(store.read('a')), await failureOf(store.read('a'))]) {
        const shown = [failure.message, String(failure.stack), inspect(failure, { depth: 20 }), JSON.stringify(failure.cause)].join('\n');
        expect(shown).not.toContain(accountKey);
        expect(shown).not.toContain('c2VjcmV0');
      }
    }
  });
});
