import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';

/** A line of a file, counted from 1; without its line break. A line that cannot be had says why instead. */
export type Line =
  { readonly number: number; readonly text: string } | { readonly number: number; readonly problem: 'too-long' | 'not-utf8' };

/** Longer lines are not held in memory. Log Analytics cuts a field at 64 KB and a row at 1 MB, so no row comes near it. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

const NEWLINE = 0x0a;

const PACKED = 'it is packed with gzip: give it a name that ends in .gz';

/** What people know by another name than the system's. */
const meanings: ReadonlyMap<unknown, string> = new Map([
  ['EISDIR', 'it is a folder'],
  ['Z_DATA_ERROR', 'it is not a sound gzip file; one that is not packed must not end in .gz'],
  ['Z_BUF_ERROR', 'the gzip file is cut off'],
]);

function meaningOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return meanings.get(code) ?? String(error).replace(/^Error: /, '');
}

/** The bytes of a file, those of a .gz file unpacked. */
async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  const isPacked = file.endsWith('.gz');
  const stream = isPacked ? pipeline(source, createGunzip(), () => undefined) : source;
  try {
    let isFirst = true;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      // No UTF-8 text begins so.
      if (isFirst && !isPacked && chunk[0] === 0x1f && chunk[1] === 0x8b) throw new Error(PACKED);
      isFirst = false;
      yield chunk;
    }
  } catch (error) {
    throw new Error(`${file} cannot be read to its end: ${meaningOf(error)}`, { cause: error });
  } finally {
    source.destroy();
  }
}

/**
 * The lines of a text file, or of a .gz file, in order, those that are empty or blank left out. Holds one line at a time, of at most
 * `maxBytes`. Lines end with LF or CRLF; a byte order mark is dropped. Rejects where the file cannot be read to its end; lines that came
 * before have then been given.
 */
export async function* readLines(file: string, maxBytes: number = MAX_LINE_BYTES): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 1;
  let parts: Buffer[] = [];
  let size = 0;

  const take = (part: Buffer): void => {
    size += part.length;
    if (size <= maxBytes) parts.push(part);
    else parts = [];
  };
  const finish = (): Line | undefined => {
    const line = lineOf(number, parts, size > maxBytes, decoder);
    [number, parts, size] = [number + 1, [], 0];
    return line;
  };

  for await (const chunk of bytesOf(file)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end));
      start = end + 1;
      const line = finish();
      if (line !== undefined) yield line;
    }
    take(chunk.subarray(start));
  }
  const last = finish();
  if (last !== undefined) yield last;
}

function lineOf(number: number, parts: readonly Buffer[], tooLong: boolean, decoder: TextDecoder): Line | undefined {
  if (tooLong) return { number, problem: 'too-long' };
  let text: string;
  try {
    text = decoder.decode(Buffer.concat(parts));
  } catch {
    // The decoder has one reason to throw.
    return { number, problem: 'not-utf8' };
  }
  return text.trim() === '' ? undefined : { number, text: text.replace(/\r$/, '') };
}
