import { parseInstant, type Instant } from '../value/instant';

/** A stored text that is not what this program writes. The message names the place in it. */
export class StoredTextProblem extends Error {
  override readonly name = 'StoredTextProblem';
}

/** A stored text of a later format than this program knows. */
export class NewerFormat extends StoredTextProblem {}

/** One value of a stored JSON text and its place. Every method throws StoredTextProblem where the value is not of that shape. */
export class StoredJson {
  private readonly value: unknown;
  private readonly parent: StoredJson | undefined;
  /** `.name` or `[index]`. */
  private readonly step: string;

  private constructor(value: unknown, parent?: StoredJson, step = '') {
    this.value = value;
    this.parent = parent;
    this.step = step;
  }

  static parse(text: string): StoredJson {
    try {
      return new StoredJson(JSON.parse(text));
    } catch (cause) {
      throw new StoredTextProblem('it is not JSON, or only the beginning of it', { cause });
    }
  }

  string(): string {
    return typeof this.value === 'string' ? this.value : this.expected('a string');
  }

  /** A whole number from `least` up to 2^53 − 1. */
  integer(least: number): number {
    const { value } = this;
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= least
      ? value
      : this.expected(`a whole number from ${least} up`);
  }

  instant(): Instant {
    return parseInstant(this.string()) ?? this.expected('an instant');
  }

  oneOf<T extends string>(values: readonly T[]): T {
    return values.find((value) => value === this.value) ?? this.expected(`one of ${values.join(', ')}`);
  }

  list<T>(read: (item: StoredJson) => T): readonly T[] {
    return this.array('a list').map((item, index) => read(new StoredJson(item, this, `[${index}]`)));
  }

  /** An item of a list of exactly so many. */
  item(index: number, length: number): StoredJson {
    const items = this.array(`a list of ${length}`);
    return items.length === length ? new StoredJson(items[index], this, `[${index}]`) : this.expected(`a list of ${length}`);
  }

  record<T>(read: (member: StoredJson, name: string) => T): Readonly<Record<string, T>> {
    const members = Object.entries(this.object());
    return Object.fromEntries(members.map(([name, member]) => [name, read(new StoredJson(member, this, `.${name}`), name)]));
  }

  member(name: string): StoredJson {
    const object = this.object();
    return new StoredJson(Object.hasOwn(object, name) ? object[name] : undefined, this, `.${name}`);
  }

  /** Undefined where the member is missing. */
  optional<T>(name: string, read: (member: StoredJson) => T): T | undefined {
    return Object.hasOwn(this.object(), name) ? read(this.member(name)) : undefined;
  }

  expected(what: string): never {
    const place = this.place().replace(/^\./, '');
    throw new StoredTextProblem(`${place === '' ? 'the whole' : place} should be ${what}`);
  }

  private place(): string {
    return this.parent === undefined ? '' : this.parent.place() + this.step;
  }

  private array(what: string): readonly unknown[] {
    const { value } = this;
    return Array.isArray(value) ? (value as readonly unknown[]) : this.expected(what);
  }

  private object(): Readonly<Record<string, unknown>> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.expected('an object');
    return value as Readonly<Record<string, unknown>>;
  }
}
