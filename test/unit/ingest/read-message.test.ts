import { readMessage } from '../../../src/ingest/read-message';
import { bytesOf, message } from '../../support/ingestion';

const valid = message(1);

describe('a message of ours', () => {
  it.each([
    ['as bytes', bytesOf(valid)],
    ['as text', JSON.stringify(valid)],
    ['as the host has parsed it', valid],
  ])('is read %s', (_, body) => {
    expect(readMessage(body)).toEqual({ message: valid });
  });
});

describe('what is none is refused with the reason, and without its contents', () => {
  it.each<readonly [string, unknown, RegExp]>([
    ['bytes that are not UTF-8', Uint8Array.of(0xff, 0xfe, 0x00), /^it is not UTF-8$/],
    ['half a message', bytesOf(JSON.stringify(valid).slice(0, 100)), /^it is not JSON$/],
    ['nothing', new Uint8Array(), /^it is not JSON$/],
    ['undefined', undefined, /the whole must be object/],
    ['null', bytesOf('null'), /the whole must be object/],
    ['a list', bytesOf([valid]), /the whole must be object/],
    ['another JSON', bytesOf({ secret: 'x' }), /must have required property/],
    ['a newer schemaVersion', bytesOf({ ...valid, schemaVersion: 2, other: 1 }), /schemaVersion is 2.+deploy the newer version/],
    ['a schemaVersion that is none', bytesOf({ ...valid, schemaVersion: 1.5 }), /\/schemaVersion must be equal to constant/],
    ['an older one', bytesOf({ ...valid, schemaVersion: 0 }), /\/schemaVersion must be equal to constant/],
    ['a member too many', bytesOf({ ...valid, more: 'secret' }), /must NOT have additional properties/],
    ['a wrong id', bytesOf({ ...valid, id: 'secret' }), /\/id must match pattern/],
    ['a withdrawal without a reason', bytesOf({ ...valid, status: 'withdrawn' }), /reason/],
    ['an instant without its seven digits', bytesOf({ ...valid, detectedAt: '2026-03-10T10:00:00Z' }), /\/detectedAt must match pattern/],
    ['a revision that is no whole number', bytesOf({ ...valid, revision: 1.5 }), /\/revision must be integer/],
  ])('%s', (_, body, reason) => {
    const read = readMessage(body);
    expect(read).toEqual({ reason: expect.stringMatching(reason) });
    expect(JSON.stringify(read)).not.toContain('secret');
  });
});
