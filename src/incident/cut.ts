import type { EvidenceCell } from './incident';

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Each lone surrogate, which UTF-8 has no bytes for, replaced by U+FFFD. */
function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, '\uFFFD');
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/**
 * The text in well-formed UTF-8 of at most `limit` bytes (64 or more). A longer one loses its middle, between code points, to a mark that says
 * how many bytes are gone: `powershell -enc SQBFAF…[cut 9412 bytes]…ACkAKQA=`.
 */
export function cutText(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return wellFormed(text);
  const bytes = Buffer.from(text, 'utf8');
  const mark = (count: number): string => `…[cut ${count} bytes]…`;
  const room = limit - Buffer.byteLength(mark(bytes.length));
  let head = Math.ceil(room / 2);
  while (isContinuation(bytes[head])) head -= 1;
  let tail = bytes.length - Math.floor(room / 2);
  while (isContinuation(bytes[tail])) tail += 1;
  return bytes.toString('utf8', 0, head) + mark(tail - head) + bytes.toString('utf8', tail);
}

/** Cuts to one limit, and remembers whether it had to. */
export class Cutter {
  private readonly limit: number;
  private hasCut = false;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Whether anything given to this cutter was longer than the limit. */
  get cut(): boolean {
    return this.hasCut;
  }

  text(text: string): string {
    if (Buffer.byteLength(text) > this.limit) this.hasCut = true;
    return cutText(text, this.limit);
  }

  /** A dynamic value whose JSON is longer than the limit becomes that JSON as text, cut. */
  cell(cell: EvidenceCell): EvidenceCell {
    if (typeof cell === 'string') return this.text(cell);
    if (typeof cell !== 'object' || cell === null) return cell;
    const json = JSON.stringify(cell);
    if (Buffer.byteLength(json) > this.limit) return this.text(json);
    if (Array.isArray(cell)) return (cell as readonly EvidenceCell[]).map((member) => this.cell(member));
    return this.cells(cell as Readonly<Record<string, EvidenceCell>>);
  }

  /** Names stay whole: two that are cut could become one. */
  cells(cells: Readonly<Record<string, EvidenceCell>>): Readonly<Record<string, EvidenceCell>> {
    return Object.fromEntries(Object.entries(cells).map(([name, cell]) => [wellFormed(name), this.cell(cell)]));
  }

  texts(texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(texts).map(([name, text]) => [wellFormed(name), this.text(text)]));
  }
}
