import { createHash } from 'node:crypto';
import { callable, overTexts, type ScalarFunction } from './function';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function decodeBase64(text: string): string {
  if (!BASE64.test(text)) return '';
  const bytes = Buffer.from(text, 'base64');
  const decoded = bytes.toString('utf8');
  // Bytes that are not UTF-8 were replaced, so they do not come back.
  return Buffer.from(decoded, 'utf8').equals(bytes) ? decoded : '';
}

const ofString = (name: string, meaning: string, compute: (text: string) => string): ScalarFunction =>
  callable(name, meaning, [{ parameters: ['string'], result: 'string', prepare: overTexts(compute) }]);

const hash = (name: string, algorithm: string): ScalarFunction =>
  ofString(name, `hexadecimal, lower case, over the UTF-8 bytes of a string.`, (text) =>
    createHash(algorithm).update(text, 'utf8').digest('hex'),
  );

export const encodingFunctions: readonly ScalarFunction[] = [
  ofString('base64_decode_tostring', "'' where the text is not whole base64 of valid UTF-8.", decodeBase64),
  ofString('base64_encode_tostring', 'of the UTF-8 bytes, padded.', (text) => Buffer.from(text, 'utf8').toString('base64')),
  hash('hash_sha256', 'sha256'),
  hash('hash_sha1', 'sha1'),
  hash('hash_md5', 'md5'),
  callable('string_size', 'the number of its UTF-8 bytes.', [
    { parameters: ['string'], result: 'long', prepare: overTexts((text) => BigInt(Buffer.byteLength(text, 'utf8'))) },
  ]),
];
