import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBlobStore } from '../../../src/azure/blob-store';
import type { VersionedBlobStore } from '../../../src/hunt/ports';
import { formatInstant } from '../../../src/value/instant';
import { connectionString } from '../../support/azurite';

/**
 * The two answers of an account with versioning, which Azurite does not have, as documented:
 * https://learn.microsoft.com/rest/api/storageservices/list-blobs and https://learn.microsoft.com/rest/api/storageservices/get-blob
 */

const path = 'w/r/2026-03-10.json';

function item(name: string, version: string, isCurrent: boolean): string {
  const current = isCurrent ? '<IsCurrentVersion>true</IsCurrentVersion>' : '';
  return (
    `<Blob><Name>${name}</Name><VersionId>${version}</VersionId>${current}<Properties>` +
    '<Last-Modified>Tue, 10 Mar 2026 12:00:00 GMT</Last-Modified><Etag>0x1</Etag><Content-Length>1</Content-Length></Properties></Blob>'
  );
}

const pages = new Map([
  ['', { blobs: item(path, '2026-03-10T10:00:00.0000001Z', false) + item(path, '2026-03-10T10:00:00.0000002Z', false), next: 'page 2' }],
  [
    'page 2',
    { blobs: item(path, '2026-03-10T11:00:00.0000000Z', true) + item(`${path}.old`, '2026-03-10T10:30:00.0000000Z', false), next: '' },
  ],
]);

let server: Server;
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, answer) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    asked.push(url.search);
    const version = url.searchParams.get('versionid');
    answer.setHeader('etag', '"0x1"');
    answer.setHeader('last-modified', 'Tue, 10 Mar 2026 12:00:00 GMT');
    if (version !== null && version.endsWith('9Z')) {
      const body = '<?xml version="1.0" encoding="utf-8"?><Error><Code>BlobNotFound</Code><Message>x</Message></Error>';
      answer.writeHead(404, { 'x-ms-error-code': 'BlobNotFound', 'content-type': 'application/xml' }).end(body);
    } else if (version !== null) {
      const body = `text of ${version}`;
      answer.writeHead(200, { 'content-length': body.length, 'x-ms-version-id': version, 'content-type': 'application/json' }).end(body);
    } else {
      const { blobs = '', next = '' } = pages.get(url.searchParams.get('marker') ?? '') ?? {};
      const list = `<EnumerationResults ContainerName="x"><Blobs>${blobs}</Blobs><NextMarker>${next}</NextMarker></EnumerationResults>`;
      answer.writeHead(200, { 'content-type': 'application/xml' }).end(`<?xml version="1.0" encoding="utf-8"?>${list}`);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => server.close());

function open(): VersionedBlobStore {
  const { port } = server.address() as AddressInfo;
  return createBlobStore({ account: { connectionString: connectionString(`http://127.0.0.1:${port}`) }, container: 'x' });
}

it('lists the blobs of all pages', async () => {
  expect(await open().list('w/')).toEqual([path, path, path, `${path}.old`]);
});

it('lists the versions of one blob but the current one, newest first, over all pages, and reads one', async () => {
  const store = open();
  const versions = await store.versions(path);
  expect(versions.map(({ id, writtenAt }) => [id, formatInstant(writtenAt)])).toEqual([
    ['2026-03-10T10:00:00.0000002Z', '2026-03-10T10:00:00.0000002Z'],
    ['2026-03-10T10:00:00.0000001Z', '2026-03-10T10:00:00.0000001Z'],
  ]);
  expect(asked.at(-1)).toContain('include=versions');
  expect(await store.readVersion(path, '2026-03-10T10:00:00.0000002Z')).toBe('text of 2026-03-10T10:00:00.0000002Z');
  expect(await store.readVersion(path, '2026-03-10T10:00:00.0000009Z')).toBeUndefined();
});
