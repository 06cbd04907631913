import { deadLetterFormat, keepDeadLetter, type DeadLetter } from '../../../src/hunt/dead-letter';
import { StoredTextProblem } from '../../../src/hunt/stored-json';
import { instant } from '../../../src/value/instant';
import { FakeBlobStore } from '../../support/fake-blob-store';

const letter: DeadLetter = {
  from: 'ingest-incidents',
  reason: 'it is not JSON',
  keptAt: instant('2026-03-10T10:00:00.1234567Z'),
  partitionKey: undefined,
  body: new TextEncoder().encode('{"title": "Zoë 漢字 🙂\\u2028"'),
  replayedAt: undefined,
};

const back = (each: DeadLetter): DeadLetter => {
  const read = deadLetterFormat.parse(deadLetterFormat.serialise(each));
  return { ...read, body: Uint8Array.from(read.body) };
};

describe('a dead letter', () => {
  it.each([
    ['a text', letter.body],
    ['a text with a byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)],
    ['bytes that are not UTF-8', Uint8Array.of(0xff, 0x00, 0xfe)],
    ['nothing', new Uint8Array()],
  ])('comes back byte for byte with the body of %s', (_, body) => {
    expect(back({ ...letter, body })).toEqual({ ...letter, body });
  });

  it('keeps the partition key, and when it was replayed', () => {
    const whole: DeadLetter = { ...letter, from: 'hunt', partitionKey: 'w/r/t', replayedAt: instant('2026-03-11T10:00:00Z') };
    expect(back(whole)).toEqual(whole);
  });

  it('can be read by a person where its body is text', () => {
    expect(deadLetterFormat.serialise(letter)).toContain('Zoë 漢字');
  });

  it.each(['', '{}', '[]', '{"formatVersion":2,"from":"hunt"}', '{"formatVersion":1,"from":"elsewhere"}'])('is not %j', (text) => {
    expect(() => deadLetterFormat.parse(text)).toThrow(StoredTextProblem);
  });
});

describe('to keep a dead letter', () => {
  it('leaves one as it is that is there already', async () => {
    const store = new FakeBlobStore();
    await keepDeadLetter(store, 'w/r/1.json', letter);
    const first = await store.read('w/r/1.json');
    await keepDeadLetter(store, 'w/r/1.json', { ...letter, reason: 'another' });
    expect(await store.read('w/r/1.json')).toEqual(first);
  });

  it('rejects where the store says that one is there and none is', async () => {
    const store = new FakeBlobStore();
    store.failNext('conflict', ({ operation }) => operation === 'write');
    await expect(keepDeadLetter(store, 'w/r/1.json', letter)).rejects.toThrow('neither written nor found at w/r/1.json');
    expect(store.pendingFailures).toBe(0);
  });
});
