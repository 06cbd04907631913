import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { readLines, type Line } from '../../../src/local/ndjson';

const folder = mkdtempSync(join(tmpdir(), 'ndjson-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function linesOf(name: string, bytes: string | Buffer, maxBytes?: number): Promise<readonly Line[]> {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  const lines: Line[] = [];
  for await (const line of readLines(file, maxBytes)) lines.push(line);
  return lines;
}

describe('the lines of a row file', () => {
  it('are numbered from 1; blank ones count and are left out', async () => {
    expect(await linesOf('a.ndjson', '{"a":1}\n\n  \n{"b":2}')).toEqual([
      { number: 1, text: '{"a":1}' },
      { number: 4, text: '{"b":2}' },
    ]);
  });

  it('are the same with Windows line ends, a byte order mark and a last line break', async () => {
    expect(await linesOf('b.ndjson', '\ufeffx\r\ny\r\n')).toEqual([
      { number: 1, text: 'x' },
      { number: 2, text: 'y' },
    ]);
  });

  it('of a packed file with another name are none, and it says so', async () => {
    await expect(linesOf('packed.ndjson', gzipSync('x\ny'))).rejects.toThrow(
      'packed.ndjson cannot be read to its end: it is packed with gzip: give it a name that ends in .gz',
    );
  });

  it('are unpacked from a .gz file', async () => {
    expect(await linesOf('c.ndjson.gz', gzipSync('x\ny'))).toEqual([
      { number: 1, text: 'x' },
      { number: 2, text: 'y' },
    ]);
  });

  it('of an empty file are none', async () => {
    expect(await linesOf('d.ndjson', '')).toEqual([]);
  });

  it('that are too long are named and not held; the next is read', async () => {
    expect(await linesOf('e.ndjson', `ab\n${'x'.repeat(300_000)}\nabc\nabcd\ny`, 3)).toEqual([
      { number: 1, text: 'ab' },
      { number: 2, problem: 'too-long' },
      { number: 3, text: 'abc' },
      { number: 4, problem: 'too-long' },
      { number: 5, text: 'y' },
    ]);
  });

  it('that are not UTF-8 are named; the next is read', async () => {
    expect(await linesOf('f.ndjson', Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a, 0x62]))).toEqual([
      { number: 1, text: 'a' },
      { number: 2, problem: 'not-utf8' },
      { number: 3, text: 'b' },
    ]);
  });

  it('are whole where the file is read in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.stringMatching(/^[a-zé漢😀]{1,40}$/u), { minLength: 1, maxLength: 50 }), async (texts) => {
        const long = texts.map((text) => text.repeat(200));
        expect(await linesOf('g.ndjson', long.join('\n'))).toEqual(long.map((text, index) => ({ number: index + 1, text })));
      }),
      { seed: 20201214, numRuns: 20 },
    );
  });

  it('of a file that is not there, or ends in the middle of its packing, are refused with the name of the file', async () => {
    const missing = readLines(join(folder, 'none.ndjson'));
    await expect(missing.next()).rejects.toThrow(/none\.ndjson cannot be read to its end: ENOENT/);
    const packed = gzipSync('x\n'.repeat(10_000) + Math.PI);
    await expect(linesOf('h.ndjson.gz', packed.subarray(0, packed.length - 12))).rejects.toThrow(
      /h\.ndjson\.gz cannot be read to its end: the gzip file is cut off/,
    );
    await expect(linesOf('i.ndjson.gz', 'not packed')).rejects.toThrow(
      /i\.ndjson\.gz cannot be read to its end: it is not a sound gzip file/,
    );
  });

  it('let go of the file when the reader stops early', async () => {
    const file = join(folder, 'j.ndjson');
    writeFileSync(file, 'x\n'.repeat(200_000));
    for await (const line of readLines(file)) {
      expect(line).toEqual({ number: 1, text: 'x' });
      break;
    }
  });
});
