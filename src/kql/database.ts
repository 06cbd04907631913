import type { Column } from '../value/types';

/** What a query may name: the tables of a workspace, with the published columns of each. */
export interface DatabaseTable {
  readonly name: string;
  readonly columns: readonly Column[];
  /**
   * True for a parser that may also be called with `starttime` and `endtime`: its rows between the two, both included; a null one sets no bound.
   * Source: https://github.com/Azure/Azure-Sentinel/tree/master/Parsers/ASimProcessEvent
   */
  readonly callable: boolean;
}

export interface DatabaseSchema {
  readonly tables: readonly DatabaseTable[];
}
