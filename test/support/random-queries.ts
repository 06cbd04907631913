import * as fc from 'fast-check';

/** Queries over the tables of random-tables, sensible and not: some do not compile, some split by bin, some are monotone. */

const joinKinds = ['', 'inner', 'innerunique', 'leftouter', 'rightouter', 'fullouter', 'leftsemi', 'rightsemi', 'leftanti', 'rightanti'];
const keys = ['Host, t', 't, Host', 't', 'Host', 'TimeGenerated', 'Host, TimeGenerated', '$left.t == $right.t, Host'];
const by = [
  'Host, t',
  't',
  'Host',
  't, Account',
  'bin(TimeGenerated, 1h)',
  'Host, bin(TimeGenerated, 30m)',
  'bin(t, 1h)',
  'TimeGenerated, Host',
];
const aggregates = [
  '',
  'N = count()',
  'First = min(TimeGenerated)',
  'take_any(Account)',
  'arg_max(Pid, Command)',
  'make_set(Account)',
  'N = dcount(Account)',
];
const plain = [
  "where Host == 'a'",
  'where Level > 0',
  'where Pid != 2 or Level == 1',
  'where TimeGenerated > ago(14d)',
  'where isnotempty(Host)',
  'where N > 1',
  "where Host1 == 'a'",
  'where Port == 443',
  'extend t = bin(TimeGenerated, 1h)',
  'extend t = bin(TimeGenerated, 30m)',
  'extend t = bin(TimeGenerated + 30m, 1h)',
  'extend TimeGenerated = TimeGenerated + 1h',
  'extend t = iff(Host == "a", t, t + 1h)',
  'project-rename u = t | project-rename t = u',
  'project-away Account',
  'project t, Host, Pid, TimeGenerated',
  'extend t = t1',
  'distinct Host, t',
  'distinct *',
  'sort by Host asc, Pid',
  'sort by t | project t, Host',
  'take 2',
  'top 2 by Pid',
  'serialize n = row_number()',
  'sort by TimeGenerated asc | extend p = prev(Host)',
  'mv-expand Bag',
  'mv-expand x = Bag to typeof(string) limit 1',
  'parse Command with K "=" V ";" *',
  'parse-where Command with K "=" V ";" *',
  'count',
];

const bin = fc.constantFrom('1h', '1h', '1h', '30m');
const source = (depth: number): fc.Arbitrary<string> => {
  const own = fc
    .tuple(fc.constantFrom('Proc', 'Proc', 'Net'), bin)
    .map(([name, width]) => `${name} | extend t = bin(TimeGenerated, ${width})`);
  const made = fc.constant("datatable (Host: string, Rank: long) ['a', 1, 'b', 2]");
  return depth === 0 ? fc.oneof({ arbitrary: own, weight: 6 }, { arbitrary: made, weight: 1 }) : own;
};

const step = (depth: number): fc.Arbitrary<string> => {
  const simple = fc.constantFrom(...plain);
  const summarize = fc
    .tuple(fc.constantFrom(...aggregates), fc.constantFrom(...by))
    .map(([aggregate, group]) => `summarize ${aggregate} by ${group}`);
  if (depth === 0) return fc.oneof({ arbitrary: simple, weight: 3 }, summarize);
  const other = pipeline(depth - 1);
  const join = fc
    .tuple(fc.constantFrom(...joinKinds), other, fc.constantFrom(...keys))
    .map(([kind, right, on]) => `join ${kind === '' ? '' : `kind=${kind} `}(${right}) on ${on}`);
  const lookup = fc.tuple(other, fc.constantFrom(...keys)).map(([right, on]) => `lookup (${right}) on ${on}`);
  const union = other.map((each) => `union (${each})`);
  const member = fc
    .tuple(
      fc.constantFrom('t', 'Host', 'TimeGenerated', 'bin(TimeGenerated, 1h)'),
      fc.constantFrom('in', '!in'),
      other,
      fc.constantFrom('t', 'Host', 'TimeGenerated'),
    )
    .map(([value, operator, query, column]) => `where ${value} ${operator} ((${query} | project ${column}))`);
  const doubt = other.map((query) => `where Host == 'a' or not(Host in ((${query} | project Host)))`);
  const flag = other.map((query) => `extend IsKnown = Host in ((${query} | project Host))`);
  const scalar = other.map((query) => `where Pid >= toscalar(${query} | summarize min(Pid))`);
  return fc.oneof(
    { arbitrary: simple, weight: 5 },
    { arbitrary: summarize, weight: 3 },
    { arbitrary: join, weight: 4 },
    lookup,
    { arbitrary: union, weight: 2 },
    { arbitrary: member, weight: 2 },
    doubt,
    flag,
    scalar,
  );
};

function pipeline(depth: number): fc.Arbitrary<string> {
  return fc.tuple(source(depth), fc.array(step(depth), { maxLength: 3 })).map(([first, steps]) => [first, ...steps].join(' | '));
}

export const queries: fc.Arbitrary<string> = pipeline(1);

const hour = 'extend t = bin(TimeGenerated, 1h)';
const tails = [
  '',
  "| where Host == 'a'",
  "| where Command == 'new'",
  '| where Port == 443',
  '| where isnull(Port) and isnull(Pid)',
  '| summarize N = count() by t',
  '| summarize N = count() by t1',
  '| where TimeGenerated1 > ago(2d) | project Host1',
  '| project Command',
];
const constant = "(datatable (Host: string, Rank: long) ['a', 1, 'c', 2])";

/** Each kind of join with what may follow it, and each operator where a proof could go wrong. */
export const writtenQueries: readonly string[] = [
  ...joinKinds.flatMap((kind) => {
    const join = kind === '' ? 'join' : `join kind=${kind}`;
    return [
      ...tails.map((tail) => `Proc | ${hour} | ${join} (Net | ${hour}) on Host, t ${tail}`),
      `Proc | ${join} (Net | where Port == 1) on Host | where Account == 'x'`,
      `Proc | ${join} ${constant} on Host`,
      `${constant} | ${join} Proc on Host`,
      `Proc | ${hour} | ${join} (Net | extend t = bin(TimeGenerated, 30m)) on Host, t`,
    ];
  }),
  `Proc | ${hour} | lookup (Net | ${hour} | project t, Host, Port) on t, Host | where Port == 1`,
  `Proc | project Host, TimeGenerated | union ${constant}`,
  'Proc | union Net | where TimeGenerated > ago(2d) | summarize N = count() by Host, bin(TimeGenerated, 1h)',
  `Proc | ${hour} | union (Net | extend t = bin(TimeGenerated, 30m)) | distinct Host, t`,
  `Proc | ${hour} | union (Net | extend t = TimeGenerated) | distinct Host, t`,
  "Proc | take 2 | where Host == 'a'",
  "Proc | top 2 by Pid | where Host == 'a'",
  'Proc | project Host, Level | take 3',
  'Proc | project Level | top 2 by Level | project Level',
  'Proc | project Host | serialize n = row_number()',
  "Proc | sort by Pid | extend p = prev(Host) | where Host == 'a'",
  'Proc | sort by Pid asc | extend n = row_number() | summarize max(n) by bin(TimeGenerated, 1h)',
  `Proc | sort by Pid asc | ${hour} | summarize make_list(Command) by t`,
  `Proc | ${hour} | summarize arg_max(Pid, Command), take_any(Account) by t`,
  "Proc | mv-expand x = Bag | where tostring(x) == 'u'",
  'Proc | mv-expand Bag | where tostring(Bag) == "u"',
  "Proc | mv-expand Bag limit 1 | where Host == 'a'",
  'Proc | parse Command with K "=" V ";" * | where V == "new"',
  'Proc | parse-where Command with K "=" V ";" * | distinct V, bin(TimeGenerated, 1h)',
  'Proc | where Host in ((Net | project Host))',
  'Proc | where Host !in ((Net | project Host))',
  'Proc | where not(Host in ((Net | project Host)))',
  'Proc | where Level > 1 or Host in~ ((Net | where Port == 1 | project Host))',
  'Proc | where Host has_any ((Net | project Host))',
  'Proc | extend IsKnown = Host in ((Net | project Host))',
  'Proc | extend IsKnown = Host in ((Net | project Host)) | where IsKnown | project Host',
  'Proc | summarize countif(Host in ((Net | project Host))) by bin(TimeGenerated, 1h)',
  'Proc | where TimeGenerated in ((Net | project TimeGenerated))',
  'Proc | where bin(TimeGenerated, 1h) in ((Net | project bin(TimeGenerated, 1h)))',
  'Proc | where bin(TimeGenerated, 1h) !in ((Net | project bin(TimeGenerated, 1h)))',
  'Proc | where bin(TimeGenerated, 1h) in ((Net | project bin(TimeGenerated, 30m)))',
  'Proc | where Host in ((datatable (H: string) ["a"])) and Pid > toscalar(print 1)',
  'Proc | where Pid >= toscalar(Net | count)',
  'Proc | where Pid == toscalar(Proc | where isnotnull(Pid) | project Pid)',
  'Proc | summarize N = count() by Host, t = bin(TimeGenerated, 1h) | summarize max(N) by Host, t',
  'Proc | summarize N = count() by Host, a = bin(TimeGenerated, 1h), b = bin(TimeGenerated, 30m)',
  'Proc | summarize N = count() by t = bin(TimeGenerated, 30m) | union (Proc | summarize N = count() by t = bin(TimeGenerated, 1h))',
  'Proc | extend TimeGenerated = TimeGenerated + 30m | summarize count() by bin(TimeGenerated, 1h)',
];
