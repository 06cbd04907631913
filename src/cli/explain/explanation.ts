/** What `hunt explain` says of a rule: plain data, written as text or as JSON. */
export interface Explanation {
  readonly file: string;
  readonly id: string;
  readonly name: string;
  readonly split: Proof;
  readonly monotone: Proof;
  /** Whether pairs that an edge of its bins parts are found and reported. */
  readonly splitPairs: Proof;
  readonly sent: readonly SentQuery[];
  /** In the order in which rows flow; a step's number is its place here, from 1. */
  readonly steps: readonly Step[];
  /** Undefined for a rule that cannot be scheduled. */
  readonly load?: Load;
  readonly entities: readonly EntityText[];
  /** Only with `--why`. */
  readonly why?: Why;
}

export interface Proof {
  readonly holds: boolean;
  readonly reason: string;
  /** Line of the rule's file, where one place is the reason. */
  readonly line?: number;
}

export interface SentQuery {
  readonly table: string;
  /** The KQL that stands for the table. */
  readonly source: string;
  /** For one bin. */
  readonly query: string;
  /** Columns that the rule uses, and those read beside them for entities and evidence. */
  readonly columns: readonly string[];
  readonly evidenceColumns: readonly string[];
}

export interface Step {
  readonly line: number;
  /** The operator in the rule's own words, on one line. */
  readonly text: string;
  /** What comes out, in words. */
  readonly keeps: string;
  /** Steps that it reads, but for the one before it. */
  readonly reads: readonly number[];
  /** Only with `--table`. */
  readonly rows?: number;
  /** Of a predicate joined by `and`, each part in order, with the rows that are left behind it. */
  readonly conjuncts?: readonly { readonly text: string; readonly rows?: number }[];
}

export interface Load {
  readonly binWidth: string;
  readonly binsPerDay: number;
  /** Evaluations of one bin, until and at its audit, by the default schedule. */
  readonly evaluationsPerBin: number;
  readonly requestsPerDay: number;
  /** More of them for split pairs: where rows are not at hand that the rule's own bins were pulled with in the same cycle. */
  readonly splitPairRequestsPerDay: number;
}

export interface EntityText {
  readonly entityType: string;
  readonly fields: readonly { readonly identifier: string; readonly column: string; readonly from: string }[];
  /** What the source rows can add: `Sid from ActorUserId where ActorUserIdType is SID`. */
  readonly companions: readonly string[];
}

export interface Why {
  readonly text: string;
  readonly scans: readonly ScanFate[];
  /** Names to look for instead, where no row has the text. */
  readonly names: readonly string[];
}

/** What became of the rows of one scan that name the entity. */
export interface ScanFate {
  readonly step: number;
  readonly table: string;
  readonly columns: readonly string[];
  readonly matching: number;
  readonly losses: readonly Loss[];
  /** The step in which the rest only decides about rows of another scan, as the right side of leftanti does. */
  readonly decidesAt?: number;
  /** How many are behind a result row. */
  readonly inResult: number;
}

export interface Loss {
  readonly step: number;
  readonly rows: number;
  /** What kept them out: a predicate that is not true, or that they have no partner. */
  readonly reason: string;
  readonly examples: readonly Example[];
}

export interface Example {
  /** The row, by the columns that decided. */
  readonly row: string;
  /** Of a join, the nearest rows on the other side, and what kept them from being partners. */
  readonly nearest: readonly string[];
}
