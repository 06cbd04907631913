import { type BlobClient, BlobServiceClient, type ContainerClient, type StoragePipelineOptions } from '@azure/storage-blob';
import type { TokenCredential } from '@azure/identity';
import { assertBlobPath, assertBlobPrefix } from '../hunt/blob-path';
import type { BlobVersion, StoredBlob, VersionedBlobStore } from '../hunt/ports';
import { compareInstants, instantFromUnixMilliseconds, parseInstant } from '../value/instant';
import { BrokenBody, hasCode, isTransient, unavailable } from './blob-failure';
import { type Timing, withTries } from './bounded';

/** A storage account by its connection string, or by the URI of its blob service and an identity. */
export type StorageAccount =
  { readonly connectionString: string } | { readonly blobServiceUri: string; readonly credential: TokenCredential };

export interface BlobStoreOptions {
  readonly account: StorageAccount;
  readonly container: string;
  readonly timing?: Timing;
}

const defaultTiming: Timing = { tries: 3, tryMs: 15_000, delayMs: 500 };

/** The client bounds no try in time (its tryTimeoutInMs only tells the service), so it gets one, and we try again ourselves. */
const clientOptions: StoragePipelineOptions = { retryOptions: { maxTries: 1 } };

/**
 * A VersionedBlobStore in one container of Blob Storage, which the first write creates if it is missing. Versions are kept where the account
 * has versioning on. Compare-and-swap is If-Match and If-None-Match: *. A write whose answer was lost is tried again, and then finds its own
 * first try and says 'conflict', although the blob holds what was to be written. So after a 'conflict' read the blob again; never conclude
 * that the write did not happen.
 */
export function createBlobStore({ account, container: name, timing = defaultTiming }: BlobStoreOptions): VersionedBlobStore {
  const container = serviceClient(account).getContainerClient(name);
  const place = `container '${name}' at ${new URL(container.url).host}`;

  async function attempt<T>(action: string, operation: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await withTries(timing, isTransient, operation);
    } catch (error) {
      throw unavailable(`${action} in ${place}`, error);
    }
  }

  return {
    async read(path) {
      assertBlobPath(path);
      return attempt(`reading ${path}`, (signal) => download(container.getBlobClient(path), signal));
    },

    async versions(path) {
      assertBlobPath(path);
      return attempt(`listing the versions of ${path}`, (signal) => listVersions(container, path, signal));
    },

    async readVersion(path, id) {
      assertBlobPath(path);
      const blob = container.getBlobClient(path).withVersion(id);
      return attempt(`reading version ${id} of ${path}`, async (signal) => (await download(blob, signal))?.body);
    },

    async write(path, body, expected) {
      assertBlobPath(path);
      return attempt(`writing ${path}`, async (signal) => {
        try {
          return await upload(container, path, body, expected, signal);
        } catch (error) {
          if (!hasCode(error, 'ContainerNotFound')) throw error;
        }
        await createContainer(container, signal);
        return upload(container, path, body, expected, signal);
      });
    },

    async list(prefix) {
      assertBlobPrefix(prefix);
      const paths: string[] = [];
      let token: string | undefined;
      do {
        const page: Page = await attempt(`listing '${prefix}'`, (signal) => listPage(container, prefix, token, signal));
        paths.push(...page.paths);
        token = page.next;
      } while (token !== undefined);
      return paths.sort();
    },
  };
}

function serviceClient(account: StorageAccount): BlobServiceClient {
  if ('connectionString' in account) return BlobServiceClient.fromConnectionString(account.connectionString, clientOptions);
  return new BlobServiceClient(account.blobServiceUri, account.credential, clientOptions);
}

async function download(blob: BlobClient, signal: AbortSignal): Promise<StoredBlob | undefined> {
  try {
    // The client would continue a broken body with further ranges; a whole new try is bounded and simpler.
    const answer = await blob.download(0, undefined, { abortSignal: signal, maxRetryRequests: 0 });
    if (answer.readableStreamBody === undefined || answer.etag === undefined) throw new TypeError('an answer without body or ETag');
    return { body: await text(answer.readableStreamBody), etag: answer.etag };
  } catch (error) {
    if (hasCode(error, 'BlobNotFound', 'ContainerNotFound')) return undefined;
    throw error;
  }
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw new BrokenBody({ cause: error });
  }
}

async function upload(
  container: ContainerClient,
  path: string,
  body: string,
  expected: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly etag: string } | 'conflict'> {
  try {
    const { etag } = await container.getBlockBlobClient(path).upload(body, Buffer.byteLength(body), {
      abortSignal: signal,
      conditions: expected === undefined ? { ifNoneMatch: '*' } : { ifMatch: expected },
      blobHTTPHeaders: { blobContentType: 'application/json' },
    });
    if (etag === undefined) throw new TypeError('an answer without ETag');
    return { etag };
  } catch (error) {
    // A lease answers 412 too, with a code of its own: it is not another write, so it is not a conflict.
    if (hasCode(error, 'ConditionNotMet', 'BlobAlreadyExists', 'BlobNotFound')) return 'conflict';
    throw error;
  }
}

/** Makes the container. An identity that may only write blobs is refused here also where another has just made it: the next write tells. */
async function createContainer(container: ContainerClient, signal: AbortSignal): Promise<void> {
  try {
    await container.createIfNotExists({ abortSignal: signal });
  } catch (error) {
    if (!hasCode(error, 'AuthorizationPermissionMismatch', 'AuthorizationFailure')) throw error;
  }
}

/** A version's id is the time at which it was written. https://learn.microsoft.com/azure/storage/blobs/versioning-overview */
async function listVersions(container: ContainerClient, path: string, signal: AbortSignal): Promise<readonly BlobVersion[]> {
  const versions: BlobVersion[] = [];
  for await (const item of container.listBlobsFlat({ prefix: path, includeVersions: true, abortSignal: signal })) {
    const { name, versionId: id, isCurrentVersion, properties } = item;
    if (name !== path || id === undefined || isCurrentVersion === true) continue;
    versions.push({ id, writtenAt: parseInstant(id) ?? instantFromUnixMilliseconds(properties.lastModified.getTime()) });
  }
  return versions.sort((left, right) => compareInstants(right.writtenAt, left.writtenAt));
}

interface Page {
  readonly paths: readonly string[];
  readonly next: string | undefined;
}

async function listPage(container: ContainerClient, prefix: string, token: string | undefined, signal: AbortSignal): Promise<Page> {
  const settings = token === undefined ? {} : { continuationToken: token };
  try {
    const page = await container.listBlobsFlat({ prefix, abortSignal: signal }).byPage(settings).next();
    if (page.done === true) return { paths: [], next: undefined };
    const { continuationToken, segment } = page.value;
    return { paths: segment.blobItems.map((item) => item.name), next: continuationToken === '' ? undefined : continuationToken };
  } catch (error) {
    if (hasCode(error, 'ContainerNotFound')) return { paths: [], next: undefined };
    throw error;
  }
}
