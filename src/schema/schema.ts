import type { Column, ScalarType } from '../value/types';

/** The event-time columns a table may have; Defender's tables call it Timestamp. */
export type EventTimeColumn = 'TimeGenerated' | 'Timestamp';

/**
 * A column that says more of the account or host that another column names: `column` of the same row is that entity's `identifier`
 * (Sentinel's name), where the condition holds. Of several companions for one identifier, the first with a value counts.
 */
export interface Companion {
  readonly column: string;
  readonly identifier: string;
  /** Holds for a row whose `column`, as tostring(), is exactly `equals`. */
  readonly when?: { readonly column: string; readonly equals: string };
}

/** Table → column that names an entity → its companions. */
export type Companions = Readonly<Record<string, Readonly<Record<string, readonly Companion[]>>>>;

/** What is published of one table, or of one function that stands for a table. */
export interface TableSchema {
  readonly name: string;
  /** Addresses of the pages that publish the columns. */
  readonly source: readonly string[];
  /** The column a rule's bins usually count from; undefined for a table that has neither: no rule over it can be scheduled. */
  readonly eventTime: EventTimeColumn | undefined;
  /** In published order. */
  readonly columns: readonly Column[];
  /** A column that carries the same values as another one, by definition: alias → column. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Read beside what a rule uses, as strings, so that an incident can name and show more than the rule projects. */
  readonly evidenceColumns: readonly string[];
  readonly companions: Readonly<Record<string, readonly Companion[]>>;
  /** True for a parser that may also be called with `starttime` and `endtime`, as ASIM's are: rows between the two, both included. */
  readonly callable: boolean;
}

/** The form of a schema file; TableSchema says what each member means. */
export interface SchemaFile {
  readonly name: string;
  /** Tables or functions with the same columns. */
  readonly otherNames?: readonly string[];
  readonly source?: readonly string[];
  readonly eventTime?: EventTimeColumn;
  readonly columns: Readonly<Record<string, ScalarType>>;
  readonly aliases?: Readonly<Record<string, string>>;
  readonly evidenceColumns?: readonly string[];
  readonly companions?: Readonly<Record<string, readonly Companion[]>>;
  readonly callable?: boolean;
}

/** The schemas a file stands for: one under its name, and the same under each other name. */
export function schemasOf(file: SchemaFile): readonly TableSchema[] {
  const columns = Object.entries(file.columns).map(([name, type]) => ({ name, type }));
  return [file.name, ...(file.otherNames ?? [])].map((name) => ({
    name,
    source: file.source ?? [],
    eventTime: file.eventTime,
    columns,
    aliases: file.aliases ?? {},
    evidenceColumns: file.evidenceColumns ?? [],
    companions: file.companions ?? {},
    callable: file.callable ?? false,
  }));
}
