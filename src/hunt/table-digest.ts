import { createHash } from 'node:crypto';
import type { TableCount } from './ledger-record';

const WORDS = 8;

/**
 * Counts rows and digests them whatever their order and however they were asked for: the SHA-256 of each row, added up word by word
 * modulo 2^32, so that a second copy of a row changes it too. It tells answers apart; it is no proof against forgery.
 */
export class TableDigest {
  private readonly sums = new Uint32Array(WORDS);
  private rows = 0;

  add(row: readonly unknown[]): void {
    const hash = createHash('sha256').update(JSON.stringify(row)).digest();
    for (let word = 0; word < WORDS; word += 1) this.sums[word] = (this.sums[word] ?? 0) + hash.readUInt32BE(word * 4);
    this.rows += 1;
  }

  /** As if all the rows had been added to one. */
  static sum(digests: readonly TableDigest[]): TableDigest {
    const total = new TableDigest();
    for (const { sums, rows } of digests) {
      sums.forEach((sum, word) => (total.sums[word] = (total.sums[word] ?? 0) + sum));
      total.rows += rows;
    }
    return total;
  }

  count(): TableCount {
    return { rows: this.rows, digest: Array.from(this.sums, (sum) => sum.toString(16).padStart(8, '0')).join('') };
  }
}
