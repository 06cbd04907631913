/** A pure function of a text that remembers what it gave for the last ones. */
export class Remembered<T> {
  private readonly results = new Map<string, T>();
  private readonly read: (text: string) => T;

  constructor(read: (text: string) => T) {
    this.read = read;
  }

  of(text: string): T {
    const known = this.results.get(text);
    if (known !== undefined) return known;
    const result = this.read(text);
    if (this.results.size >= MOST) this.results.clear();
    this.results.set(text, result);
    return result;
  }
}

/** More than one history has in work at a time. */
const MOST = 500;
