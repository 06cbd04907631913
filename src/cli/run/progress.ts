import { open, stat } from 'node:fs/promises';
import type { Line } from '../../local/ndjson';
import { grouped } from '../../value/counted';
import type { Io } from '../io';

const EVERY_MS = 250;
const GZIP_TRAILER_BYTES = 4;

/**
 * Bytes of text in a file. Of a .gz file what its last four bytes say, the size modulo 2^32: undefined where that cannot be right, as for a file
 * of several parts. Source: https://www.rfc-editor.org/rfc/rfc1952 (ISIZE)
 */
export async function textSize(file: string): Promise<number | undefined> {
  const { size } = await stat(file);
  if (!file.endsWith('.gz')) return size;
  if (size < GZIP_TRAILER_BYTES) return undefined;
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(GZIP_TRAILER_BYTES), 0, GZIP_TRAILER_BYTES, size - GZIP_TRAILER_BYTES);
    const unpacked = buffer.readUInt32LE();
    return unpacked < size ? undefined : unpacked;
  } finally {
    await handle.close();
  }
}

function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

/** One line on a terminal that says how far the reading is; nothing in a pipe. */
export class Progress {
  private readonly io: Io;
  private readonly totalBytes: number | undefined;
  private readonly startedMs: number;
  private rows = 0;
  private bytes = 0;
  private shownMs: number;

  /** `totalBytes` is undefined where it is not known: then no remaining time is told. */
  constructor(io: Io, totalBytes: number | undefined) {
    this.io = io;
    this.totalBytes = totalBytes;
    this.startedMs = io.elapsedMs();
    this.shownMs = this.startedMs;
  }

  addLine(line: Line): void {
    if (!this.io.isTerminal) return;
    this.rows += 1;
    this.bytes += 'text' in line ? Buffer.byteLength(line.text) + 1 : 0;
    // Asking the clock takes longer than counting.
    if (this.rows % 256 !== 0) return;
    const nowMs = this.io.elapsedMs();
    if (nowMs - this.shownMs < EVERY_MS) return;
    this.shownMs = nowMs;
    this.io.err(`\r\u001b[K${this.text((nowMs - this.startedMs) / 1000)}`);
  }

  private text(seconds: number): string {
    const rate = `${grouped(this.rows)} rows, ${grouped(this.rows / seconds)} rows/s`;
    if (this.totalBytes === undefined || this.bytes > this.totalBytes) return rate;
    const left = (seconds * (this.totalBytes - this.bytes)) / this.bytes;
    return `${rate}, ${Math.floor((100 * this.bytes) / this.totalBytes)} %, ${minutes(left)} left`;
  }

  /** Takes the line away. */
  end(): void {
    if (this.io.isTerminal) this.io.err('\r\u001b[K');
  }
}
