/** Queries over the tables of random-tables that are written by hand: those where a proof or the pushdown could go wrong. */

const joinKinds = ['', 'inner', 'innerunique', 'leftouter', 'rightouter', 'fullouter', 'leftsemi', 'rightsemi', 'leftanti', 'rightanti'];

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
  'Proc | sort by Pid asc | extend c = row_cumsum(Pid, Host != prev(Host)), d = row_rank_dense(Host), m = row_rank_min(Level)',
  "union withsource=From (Proc | where Host == 'a' | as Some), Proc | summarize count() by From, bin(TimeGenerated, 1h)",
  "Proc | sort by Pid | extend p = prev(Host) | where Host == 'a'",
  'Proc | sort by Pid asc | extend n = row_number() | summarize max(n) by bin(TimeGenerated, 1h)',
  `Proc | sort by Pid asc | ${hour} | summarize make_list(Command) by t`,
  `Proc | ${hour} | summarize arg_max(Pid, Command), take_any(Account) by t`,
  "Proc | mv-expand x = Bag | where tostring(x) == 'u'",
  'Proc | mv-expand Bag | where tostring(Bag) == "u"',
  "Proc | mv-expand Bag limit 1 | where Host == 'a'",
  "let f = (t: (Host: string)) { t | where Host == 'a' }; Proc | invoke f() | summarize count() by bin(TimeGenerated, 1h)",
  "Proc | where iff(Level > 1, Bag, Host) == 'a' | extend x = case(Pid > 1, Bag, Level > 1, Account, Host)",
  "Proc | mv-apply x = Bag on (where tostring(x) == 'u' | project x)",
  "Proc | mv-apply Bag on (where Host == 'a')",
  'Proc | extend t = bin(TimeGenerated, 1h) | mv-apply x = Bag on (project t, y = tostring(x)) | distinct t, y',
  'Proc | mv-apply x = Bag on (project y = tostring(x)) | summarize count() by y, bin(TimeGenerated, 1h)',
  'Proc | parse kind=regex flags=U Command with * "k(=)" V "w" * | where V != "" | summarize by V, bin(TimeGenerated, 1h)',
  'Proc | parse kind=regex Command with * "[=;]" V | where V == "new;rest" | project V, Account',
  'Proc | parse-where kind=regex flags=iU Command with * "[K]=" V ";" | project V, Host',
  'Proc | parse Command with K "=" V ";" * | where V == "new"',
  'Proc | parse-where Command with K "=" V ";" * | distinct V, bin(TimeGenerated, 1h)',
  'range Pid from 1 to 3 step 1 | join kind=inner (Proc) on Pid',
  'range Pid from 1 to 3 step 1 | join kind=leftouter (Proc) on Pid | summarize count() by bin(TimeGenerated, 1h)',
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
