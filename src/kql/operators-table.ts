/** What docs/kusto.md says of the tabular operators. A test holds this table against what is really read, both ways. */
export interface TabularOperator {
  /** As it is written; after a comma its other names. */
  readonly name: string;
  /** Microsoft's name of its syntax. */
  readonly syntax: string;
  /** What it does beyond its name. */
  readonly meaning: string;
  /** What of it is refused; '' where nothing is. */
  readonly refused: string;
  /** A query over `T (Time: datetime, Host: string, Count: int, Bag: dynamic)` that runs. */
  readonly example: string;
}

export const tabularOperators: readonly TabularOperator[] = [
  {
    name: 'where, filter',
    syntax: 'FilterOperator',
    meaning: 'keeps the rows for which the predicate is true; null counts as false.',
    refused: '',
    example: "T | where Host has 'ex01'",
  },
  {
    name: 'extend',
    syntax: 'ExtendOperator',
    meaning: 'adds columns, or replaces them where they stand; an expression does not see the others of the same operator.',
    refused: '',
    example: 'T | extend Double = Count * 2',
  },
  {
    name: 'project',
    syntax: 'ProjectOperator',
    meaning: 'the columns that are named, in that order.',
    refused: '',
    example: 'T | project Host',
  },
  {
    name: 'project-rename',
    syntax: 'ProjectRenameOperator',
    meaning: 'other names, the columns where they stand.',
    refused: '',
    example: 'T | project-rename Computer = Host',
  },
  {
    name: 'project-away',
    syntax: 'ProjectAwayOperator',
    meaning: 'leaves columns out; `*` in a name stands for any characters.',
    refused: '',
    example: 'T | project-away B*',
  },
  {
    name: 'project-keep',
    syntax: 'ProjectKeepOperator',
    meaning: 'leaves all other columns out; `*` in a name stands for any characters.',
    refused: '',
    example: 'T | project-keep Host, C*',
  },
  {
    name: 'project-reorder',
    syntax: 'ProjectReorderOperator',
    meaning: 'puts columns first and keeps the rest; `*` in a name, and its columns sorted with asc, desc, granny-asc or granny-desc.',
    refused: '',
    example: 'T | project-reorder Count, * asc',
  },
  {
    name: 'distinct',
    syntax: 'DistinctOperator',
    meaning: 'each combination once; `*` for all columns. Null is one value.',
    refused: '`*` beside other columns',
    example: 'T | distinct Host',
  },
  {
    name: 'summarize',
    syntax: 'SummarizeOperator',
    meaning: 'one row a group; null is a group of its own. Without `by` one row even of no rows, with `by` none.',
    refused: '`bin = …` behind `by`',
    example: 'T | summarize count() by Host',
  },
  {
    name: 'count',
    syntax: 'CountOperator',
    meaning: 'one row, whose column Count is the number of rows.',
    refused: '',
    example: 'T | count',
  },
  {
    name: 'join',
    syntax: 'JoinOperator',
    meaning:
      'of kind innerunique (where none is written), inner, leftouter, rightouter, fullouter, leftsemi, rightsemi, leftanti (anti, leftantisemi) or rightanti (rightantisemi). Hints change nothing. See below for null keys and innerunique.',
    refused: 'conditions other than names and `$left.A == $right.B`; keys of two types, or of type dynamic or real',
    example: 'T | join kind=inner (T) on Host, $left.Count == $right.Count and $left.Time == $right.Time',
  },
  {
    name: 'lookup',
    syntax: 'LookupOperator',
    meaning: 'a join of kind leftouter (where none is written) or inner that leaves out the keys of the right side.',
    refused: 'as for join',
    example: 'T | lookup (T | project Host, Other = Count) on Host',
  },
  {
    name: 'union',
    syntax: 'UnionOperator',
    meaning:
      'the rows of all tables; a column that one of them lacks is null there, a name with several types becomes a column for each. `withsource=` names the table, or what `as` has named, `isfuzzy=` changes nothing, since each table must have a schema.',
    refused:
      '`kind=inner` of tables with different columns; patterns as names of tables; `withsource` over anything that is neither a table nor named with `as`',
    example: 'union withsource=From T, T',
  },
  {
    name: 'sort, order',
    syntax: 'SortOperator',
    meaning: 'descending where no order is written; nulls last when descending and first when ascending, unless the query says otherwise.',
    refused: 'keys of type dynamic or guid',
    example: 'T | sort by Count asc nulls last, Host',
  },
  {
    name: 'top',
    syntax: 'TopOperator',
    meaning: 'the first rows of a sort by one key; of equals the least in canonical order.',
    refused: 'a count that is not a constant',
    example: 'T | top 3 by Count',
  },
  {
    name: 'take, limit',
    syntax: 'TakeOperator',
    meaning: 'so many rows: the first of a sorted table, else the least in canonical order.',
    refused: 'a count that is not a constant',
    example: 'T | take 5',
  },
  {
    name: 'serialize',
    syntax: 'SerializeOperator',
    meaning: 'puts rows in canonical order where they are not sorted, so that row_number(), prev() and next() can be asked.',
    refused: 'a column that exists already',
    example: 'T | serialize N = row_number()',
  },
  {
    name: 'mv-expand, mvexpand',
    syntax: 'MvExpandOperator',
    meaning:
      'a row for each element of an array or each property of a bag; several columns go side by side, the shorter filled up with null. Null counts as one element, an empty array or bag as none. `bagexpansion=array`, `with_itemindex=`, `to typeof()`, `limit`; the old form mvexpand has a limit of 128 where none is written.',
    refused: 'columns that are not dynamic',
    example: 'T | mv-expand with_itemindex=I Bag to typeof(string) limit 10',
  },
  {
    name: 'mv-apply',
    syntax: 'MvApplyOperator',
    meaning:
      'mv-expand, then the operators of the subquery over the elements; the columns of the row come first, as they were. Null and empty arrays as in mv-expand. `with_itemindex=`, `to typeof()`, `limit`.',
    refused:
      'a subquery that looks at several elements at once (summarize, top, sort, join, …), for what it gives of an empty array is not documented; other values for columns of the row',
    example: "T | mv-apply Part = Bag to typeof(string) on (where Part has 'a' | project Part)",
  },
  {
    name: 'parse',
    syntax: 'ParseOperator',
    meaning:
      'columns of type string between texts; "" where the pattern does not match. `kind=relaxed` is the same, since only strings are parsed. `kind=regex`: anywhere in the value, `*` takes as little as it can and a column as much; with the flag U it is the other way round; nothing goes beyond a line without the flag s.',
    refused:
      'columns of other types; a text at the end of the pattern without `*` behind it, but for kind=regex; two neighbours that no text divides; `kind=regex` of a pattern that does not begin with `*`, or with the flag U ends with a column',
    example: "T | parse kind=regex flags=iU Host with * '^srv[0-9]+' Name '[.]' * | parse Host with First '.' Domain",
  },
  {
    name: 'parse-where',
    syntax: 'ParseWhereOperator',
    meaning: 'parse, without the rows that do not match.',
    refused: 'as for parse',
    example: "T | parse-where Host with Name '.' Domain",
  },
  {
    name: 'as',
    syntax: 'AsOperator',
    meaning: 'a name for the rows so far, which `withsource=` of a union gives; it changes nothing else.',
    refused: 'the name in another place',
    example: 'union withsource=From (T | where Count > 1 | as Many), T',
  },
  {
    name: 'invoke',
    syntax: 'InvokeOperator',
    meaning: '`T | invoke f(x)` is `f(T, x)`.',
    refused: 'functions that no `let` names',
    example: 'let f = (Rows: (Count: int), n: int) { Rows | where Count > n }; T | invoke f(1)',
  },
  {
    name: 'print',
    syntax: 'PrintOperator',
    meaning: 'one row; columns without a name are print_0, print_1, …',
    refused: '',
    example: 'print Answer = 42',
  },
  {
    name: 'range',
    syntax: 'RangeOperator',
    meaning: 'a column from a value to another, the end included where a step hits it.',
    refused: 'real steps, whose sums are not exact; steps that are not constants above zero',
    example: 'range Day from datetime(2026-03-01) to datetime(2026-03-10) step 1d',
  },
  {
    name: 'datatable',
    syntax: 'DataTableExpression',
    meaning: 'a table in the query.',
    refused: 'values that are not constants of the column’s type',
    example: "datatable (Host: string, N: long) ['ex01', 1]",
  },
  {
    name: 'materialize',
    syntax: 'MaterializeExpression',
    meaning: 'the table itself: rows are the same at each use anyhow.',
    refused: '',
    example: 'let M = materialize(T | where Count > 1); M | join kind=inner (M) on Host',
  },
  {
    name: 'toscalar',
    syntax: 'ToScalarExpression',
    meaning: 'the first column of the first row; of rows in no order the least in canonical order; null of none.',
    refused: 'a query that uses values of a row',
    example: 'T | where Count > toscalar(T | summarize avg(Count))',
  },
];
