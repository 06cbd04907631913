import type { CodeMeaning } from '../diagnostic';

/** What can keep a query from being run, beside what Microsoft's parser says. A code keeps its meaning for good. */
export const queryCodes = {
  KQL001: {
    severity: 'error',
    title: 'KQL that is not supported',
    hint: 'Rewrite the query without it. What could not be run exactly as Kusto runs it is refused, never run as something else.',
  },
  KQL002: { severity: 'error', title: 'a query without a result', hint: 'End it with a tabular expression, for example a table name.' },
  KQL003: { severity: 'error', title: 'a query that is too long', hint: 'Shorten it; 64,000 characters are the most.' },
  KQL004: { severity: 'error', title: 'a query that is nested too deeply', hint: 'Flatten it: use fewer parentheses.' },
  KQL005: {
    severity: 'error',
    title: 'other result columns here than in Kusto',
    hint: 'Give the columns names of their own, for example with extend Name = …; and please report it.',
  },
  KQL006: {
    severity: 'error',
    title: 'a query that is too large once each `let` is written out',
    hint: 'Use fewer names that stand for others several times over.',
  },
  KQL007: {
    severity: 'error',
    title: 'more errors than are listed',
    hint: 'Correct the hundred that are listed first; many are often one and the same.',
  },
  KQL008: {
    severity: 'error',
    title: 'a call with more than 500 arguments',
    hint: 'Write the values as a list in dynamic([…]), or as a datatable to look them up in.',
  },
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export type QueryCode = keyof typeof queryCodes;
