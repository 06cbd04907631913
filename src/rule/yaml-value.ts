import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Scalar } from 'yaml';
import type { Place, Report } from './report';

/** A member of a mapping. */
export interface YamlMember {
  readonly key: string;
  /** Of the key. */
  readonly place: Place;
  readonly value: YamlValue;
}

/**
 * A value in a YAML file that knows its place. An alias stands for what it names; it is followed where it is read, never expanded, so
 * that aliases of aliases cost nothing. The readers answer undefined for a value of another form and say nothing: what that means is
 * for the caller to report.
 */
export class YamlValue {
  private readonly report: Report;
  private readonly document: Document;
  private readonly node: Node | null;
  /** Where the value stands, or, where it is empty, its key. */
  readonly place: Place;

  constructor(report: Report, document: Document, node: unknown, keyPlace: Place) {
    this.report = report;
    this.document = document;
    const written = node as Node | null;
    const range = written?.range;
    const empty = range === undefined || range === null || range[0] === range[1];
    this.place = empty ? keyPlace : report.place(range[0], range[1]);
    this.node = isAlias(written) ? (written.resolve(document) ?? null) : written;
    if (isAlias(written) && this.node === null) report.add('RULE001', this.place, `nothing is named *${written.source} above this line`);
  }

  /** Nothing was written, or null. */
  get isEmpty(): boolean {
    return this.node === null || (isScalar(this.node) && this.node.value === null);
  }

  /** The scalar itself, for whoever needs its text as it stands in the file. */
  get scalar(): Scalar | undefined {
    return isScalar(this.node) ? this.node : undefined;
  }

  /** The text of a scalar; a number or boolean as it was written. */
  text(): string | undefined {
    const scalar = this.scalar;
    if (scalar === undefined || scalar.value === null) return undefined;
    return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? JSON.stringify(scalar.value));
  }

  /** The items of a list, without empty ones. */
  items(): readonly YamlValue[] | undefined {
    if (!isSeq(this.node)) return undefined;
    return this.node.items.map((item) => new YamlValue(this.report, this.document, item, this.place)).filter((item) => !item.isEmpty);
  }

  /** The members of a mapping, in the order of the file. A key that is not a scalar has the name ''. */
  members(): readonly YamlMember[] | undefined {
    if (!isMap(this.node)) return undefined;
    return this.node.items.map((pair) => {
      const key = new YamlValue(this.report, this.document, pair.key, this.place);
      return { key: key.text() ?? '', place: key.place, value: new YamlValue(this.report, this.document, pair.value, key.place) };
    });
  }

  /** The value of a member that is there and not empty. */
  member(name: string): YamlValue | undefined {
    return this.members()?.find((member) => member.key === name && !member.value.isEmpty)?.value;
  }
}
