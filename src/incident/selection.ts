/** Bytes of UTF-8 that are left in a message. */
export class Room {
  private left: number;

  constructor(bytes: number) {
    this.left = bytes;
  }

  /** Takes the item's JSON and a comma; or answers false and takes nothing. */
  take(item: unknown): boolean {
    const bytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (bytes > this.left) return false;
    this.left -= bytes;
    return true;
  }
}

/** The items of one list that go into a message, each in the form that `fit` gives it, as long as there is room. */
export class Selection<T> {
  private readonly source: readonly T[];
  private readonly fit: (item: T) => T;
  private readonly room: Room;
  private readonly picked = new Map<number, T>();
  private next = 0;

  constructor(source: readonly T[], fit: (item: T) => T, room: Room) {
    this.source = source;
    this.fit = fit;
    this.room = room;
  }

  /** False where there is no room for the item at this index; true where it is in, now or before. */
  add(index: number): boolean {
    const item = this.source[index];
    if (item === undefined || this.picked.has(index)) return item !== undefined;
    const fitted = this.fit(item);
    if (!this.room.take(fitted)) return false;
    this.picked.set(index, fitted);
    return true;
  }

  /** Adds every item that there is room for; true where that is all of them. */
  addAll(): boolean {
    return this.source.map((_, index) => this.add(index)).every(Boolean);
  }

  /** Adds the first item that is not in yet; false where there is none, or no room for it. */
  addNext(): boolean {
    while (this.picked.has(this.next)) this.next += 1;
    return this.add(this.next);
  }

  get whole(): boolean {
    return this.picked.size === this.source.length;
  }

  /** In the order of the source. */
  get items(): readonly T[] {
    return [...this.picked].sort(([left], [right]) => left - right).map(([, item]) => item);
  }
}
