/** Queries that use much of the language, over imProcessCreate; the rules of rules/ are mutated beside them. */
export const seedQueries: readonly string[] = [
  `let lookback = 1d;
let names = dynamic(['cmd.exe', "powershell.exe", @'c:\\x']);
let commands = imProcessCreate | where TimeGenerated > ago(lookback) | extend hour = bin(TimeGenerated, 1h);
commands
| where Process has_any (names) and (CommandLine !contains "test" or CommandLine matches regex @"(?i)\\bnet\\s+user\\b")
| join kind=inner (commands | where CommandLine has "delete") on Dvc, $left.ActorUsername == $right.ActorUsername, hour
| summarize Commands = make_set(CommandLine, 10), count(), First = min(TimeGenerated) by Dvc, ActorUsername, hour
| project-rename HostCustomEntity = Dvc, AccountCustomEntity = ActorUsername
| project-reorder hour asc, *`,
  `union isfuzzy=true withsource=Source (imProcessCreate | where Process in~ ('a', 'b')), (imProcessCreate | where not(Process startswith "c"))
| extend parts = split(CommandLine, ' '), Json = parse_json(AdditionalFields)
| mv-expand part = parts to typeof(string) limit 20
| where tostring(Json.key['x'][0]) =~ part or isnotempty(part)
| extend Kind = case(part has 'x', 1, part endswith 'y', 2, 0), Age = datetime_diff('minute', now(), TimeGenerated)
| summarize arg_max(TimeGenerated, *), dcount(part), percentile(Age, 95) by Dvc
| top 5 by dcount_part desc nulls last`,
  `let f = (t: (CommandLine: string, Dvc: string, TimeGenerated: datetime), n: long = 3) { t | where strlen(CommandLine) > n };
let quiet = toscalar(imProcessCreate | summarize avg(strlen(CommandLine)));
f(imProcessCreate, 5)
| parse kind=regex CommandLine with * 'user' Name: string ' ' Rest
| where Dvc !in ((imProcessCreate | where CommandLine has_all ('a', 'b') | distinct Dvc)) and strlen(CommandLine) between (1 .. 100)
| lookup kind=leftouter (datatable (Dvc: string, Rank: int) ['ex01', 1, 'ex02', 2]) on Dvc
| extend Score = iff(Rank > 1, todouble(Rank) / 3, real(null)), Text = strcat(Name, '-', tostring(quiet)), T = format_datetime(TimeGenerated, 'yyyy-MM-dd HH:mm')
| sort by Score asc nulls first, Dvc
| serialize N = row_number()
| project N, Text, T, replace_regex(Rest, @'(\\d+)', @'<\\1>'), extract(@'(\\w+)$', 1, Rest), pack_array(N, Score), bag_pack('a', Dvc)`,
];
