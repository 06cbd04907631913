import type { TableSchema } from '../../../src/schema/schema';
import { compileText, processTable, schemasOf, table } from '../../support/compile';
import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE } from '../../../src/value/instant';

async function splitOf(text: string, ...more: readonly TableSchema[]) {
  return (await compileText(text, schemasOf(processTable, ...more))).split;
}

describe('a rule splits by bin', () => {
  it.each([
    ['summarize by a bin', 'Proc | summarize by Host, bin(TimeGenerated, 1h)', TICKS_PER_HOUR, TICKS_PER_HOUR],
    ['count in a bin', 'Proc | summarize N = count() by Host, T = bin(TimeGenerated, 1h) | where N > 3', TICKS_PER_HOUR, TICKS_PER_HOUR],
    ['a bin through let', 'let w = 1h; Proc | summarize by Host, bin(TimeGenerated, w)', TICKS_PER_HOUR, TICKS_PER_HOUR],
    ['a bin through extend', 'Proc | extend t = bin(TimeGenerated, 30m) | summarize by Host, t', 30n * TICKS_PER_MINUTE, TICKS_PER_HOUR],
    [
      'a bin through project-rename',
      'Proc | project-rename When = TimeGenerated | summarize by Host, bin(When, 1h)',
      TICKS_PER_HOUR,
      TICKS_PER_HOUR,
    ],
    [
      'a tabular let used on both sides',
      'let p = Proc | summarize by Host, t = bin(TimeGenerated, 1h); p | join kind=inner p on Host, t',
      TICKS_PER_HOUR,
      TICKS_PER_HOUR,
    ],
    [
      '$left and $right keys',
      'Proc | summarize by Host, a = bin(TimeGenerated, 1h) | join kind=inner (Proc | summarize by Host, b = bin(TimeGenerated, 1h)) on Host, $left.a == $right.b',
      TICKS_PER_HOUR,
      TICKS_PER_HOUR,
    ],
    ['the event time itself as a key', 'Proc | summarize count() by Host, TimeGenerated', TICKS_PER_HOUR, TICKS_PER_HOUR],
    ...['a', 'b'].map((key): [string, string, bigint, bigint] => [
      `$left and $right keys, and a count by ${key}`,
      `Proc | summarize by Host, a = bin(TimeGenerated, 1h) | join kind=inner (Proc | extend b = bin(TimeGenerated, 1h)) on Host, $left.a == $right.b | summarize count() by ${key}`,
      TICKS_PER_HOUR,
      TICKS_PER_HOUR,
    ]),
    ['in (a table that the query makes itself)', "Proc | where Host in ((print 'a'))", TICKS_PER_HOUR, TICKS_PER_HOUR],
    ['distinct with a bin', 'Proc | extend t = bin(TimeGenerated, 1h) | distinct Host, t', TICKS_PER_HOUR, TICKS_PER_HOUR],
    ['row-wise operators alone', "Proc | where Command has 'x' | extend Y = Host", TICKS_PER_HOUR, TICKS_PER_HOUR],
    ['a bin of a day', 'Proc | summarize by Host, bin(TimeGenerated, 1d)', TICKS_PER_DAY, TICKS_PER_DAY],
    ['a bin of ninety minutes', 'Proc | summarize by Host, bin(TimeGenerated, 90m)', 90n * TICKS_PER_MINUTE, 90n * TICKS_PER_MINUTE],
    [
      'a lower bound by ago()',
      'Proc | where TimeGenerated > ago(14d) | summarize by Host, bin(TimeGenerated, 1h)',
      TICKS_PER_HOUR,
      TICKS_PER_HOUR,
    ],
    [
      'every kind of join on the bin',
      'Proc | extend t = bin(TimeGenerated, 1h) | join kind=fullouter (Proc | extend t = bin(TimeGenerated, 1h)) on t',
      TICKS_PER_HOUR,
      TICKS_PER_HOUR,
    ],
    [
      'a union whose inputs agree on the event time',
      'Proc | union (Proc | where Level > 1) | where TimeGenerated > ago(1d) | distinct Host, bin(TimeGenerated, 30m)',
      30n * TICKS_PER_MINUTE,
      TICKS_PER_HOUR,
    ],
    [
      'operators that look at one row at a time',
      "Proc | mv-expand Bag | parse Command with A '=' B | sort by Host | summarize by Host, bin(TimeGenerated, 1h)",
      TICKS_PER_HOUR,
      TICKS_PER_HOUR,
    ],
    [
      'mv-apply, whatever its subquery makes of the event time',
      'Proc | mv-apply X = Bag on (project X, Later = TimeGenerated + 1h) | summarize by tostring(X), bin(TimeGenerated, 1h)',
      TICKS_PER_HOUR,
      TICKS_PER_HOUR,
    ],
    [
      'a table that the query makes itself',
      "Proc | lookup (datatable (Host: string, Rank: long) ['a', 1]) on Host | where Level > toscalar(print 1)",
      TICKS_PER_HOUR,
      TICKS_PER_HOUR,
    ],
    [
      'tables that the query makes itself and joins',
      "Proc | lookup (print Host = 'a' | join kind=leftouter (print Host = 'a', Rank = 1) on Host | project Host, Rank) on Host",
      TICKS_PER_HOUR,
      TICKS_PER_HOUR,
    ],
    [
      'in (query) of the same bin',
      'Proc | where bin(TimeGenerated, 1h) in ((Proc | where TimeGenerated > ago(1d) | project bin(TimeGenerated, 1h)))',
      TICKS_PER_HOUR,
      TICKS_PER_HOUR,
    ],
    ...[
      ['in (query)', 'where t in ((Proc | project bin(TimeGenerated, 90m)))'],
      ['a join', 'join kind=inner (Proc | extend t = bin(TimeGenerated, 90m)) on t'],
      ['a de-duplicating join with a table that the query makes itself', 'join (print t = datetime(2026-03-10)) on t'],
    ].map(([name, operator]): [string, string, bigint, bigint] => [
      `${name} as the only operator on more than one row, in its bin`,
      `Proc | extend t = bin(TimeGenerated, 90m) | ${operator}`,
      90n * TICKS_PER_MINUTE,
      90n * TICKS_PER_MINUTE,
    ]),
    ['the same bin twice', 'Proc | extend t = bin(bin(TimeGenerated, 1h), 1h) | summarize by Host, t', TICKS_PER_HOUR, TICKS_PER_HOUR],
  ])('with %s', async (_, text, binWidth, unitWidth) => {
    expect(await splitOf(text)).toMatchObject({ splits: true, binWidth: String(binWidth), unitWidth: String(unitWidth) });
  });
});

describe('a rule does not split by bin', () => {
  it.each([
    [
      'a join without the time key',
      'Proc | summarize by Host, t = bin(TimeGenerated, 1h) | join kind=inner (Proc | summarize by Host, t = bin(TimeGenerated, 1h)) on Host',
      /joins rows of all time/,
    ],
    ['bins of different widths', 'Proc | summarize by Host, t = bin(TimeGenerated, 1h) | summarize by Host, bin(t, 1d)', /one group/],
    [
      'a join of bins of different widths',
      'Proc | summarize by Host, t = bin(TimeGenerated, 1h) | join kind=inner (Proc | summarize by Host, t = bin(TimeGenerated, 30m)) on t',
      /joins rows of all time/,
    ],
    ['a summarize that loses the bin', 'Proc | summarize by Host, t = bin(TimeGenerated, 1h) | summarize count() by Host', /one group/],
    ['a count over all', 'Proc | count', /one group/],
    ['a bin of something else', 'Proc | extend TimeGenerated = now() | summarize by bin(TimeGenerated, 1h)', /now\(\) and ago\(\)/],
    ['the event time overwritten', 'Proc | extend TimeGenerated = datetime(2026-01-01) | summarize by bin(TimeGenerated, 1h)', /one group/],
    ['a shifted event time', 'Proc | summarize by Host, bin(TimeGenerated + 30m, 1h)', /one group/],
    ['a sum in the place of a bin', 'Proc | summarize by Host, TimeGenerated + 1h', /one group/],
    [
      'an event time that mv-apply has shifted',
      'Proc | mv-apply X = Bag on (project Later = TimeGenerated + 30m) | summarize by bin(Later, 1h)',
      /one group/,
    ],
    ['an upper bound by ago()', 'Proc | where TimeGenerated < ago(1d) | summarize by Host, bin(TimeGenerated, 1h)', /now\(\) and ago\(\)/],
    [
      'now() in a predicate',
      "Proc | where TimeGenerated > ago(1d) and tostring(now()) has '2' | summarize by bin(TimeGenerated, 1h)",
      /now\(\) and ago\(\)/,
    ],
    [
      'a lower bound by now() and a column',
      "Proc | where TimeGenerated > datetime_add('day', -Level, now()) | distinct Host, bin(TimeGenerated, 1h)",
      /now\(\) and ago\(\)/,
    ],
    ['a bin of 50 minutes', 'Proc | summarize by Host, bin(TimeGenerated, 50m)', /does not divide an hour/],
    ['a bin of two days', 'Proc | summarize by Host, bin(TimeGenerated, 2d)', /longer than a day/],
    ['take', 'Proc | take 3', /which come first/],
    ['top', 'Proc | top 3 by Pid', /which come first/],
    ['a window function', 'Proc | sort by Pid | extend N = row_number()', /which stand side by side/],
    ['in (query)', 'Proc | where Host in ((Proc | project Host))', /in \(query\) looks at rows of all time/],
    ['toscalar', 'Proc | where Pid > toscalar(Proc | project Pid)', /toscalar\(\) looks at rows of all time/],
    ['innerunique over the rows of all time', "Proc | join (print Host = 'a') on Host", /keeps one of the left rows of all time/],
    [
      'rows that the query makes itself',
      "print Host = 'a' | join kind=leftouter Proc on Host",
      /would give rows of the left side in every bin/,
    ],
    ...['rightouter', 'rightsemi', 'rightanti', 'fullouter'].map((kind): [string, string, RegExp] => [
      `a ${kind} join with them on the right`,
      `Proc | join kind=${kind} (print Host = 'a') on Host`,
      /would give rows of the right side in every bin/,
    ]),
    ...['leftsemi', 'leftanti', 'fullouter'].map((kind): [string, string, RegExp] => [
      `a ${kind} join with them on the left`,
      `print Host = 'a' | join kind=${kind} Proc on Host`,
      /would give rows of the left side in every bin/,
    ]),
    [
      'a join of the event time with its bin',
      'Proc | join kind=inner (Proc | extend t = bin(TimeGenerated, 1h)) on $left.TimeGenerated == $right.t',
      /joins rows of all time/,
    ],
    [
      'a union of which one input has shifted the event time',
      'Proc | project Host, t = TimeGenerated + 30m | union (Proc | project Host, t = TimeGenerated) | distinct Host, bin(t, 1h)',
      /one group/,
    ],
    ['a union of tables and them', "Proc | project Host | union (Proc | project Host), (print Host = 'a')", /in every bin/],
    ['a union with them', "Proc | project Host | union (print Host = 'a')", /in every bin/],
    ['them alone', "print Host = 'a'", /reads no table/],
    [
      'a bin that an outer join can leave null',
      'Proc | extend t = bin(TimeGenerated, 1h) | join kind=leftouter (Proc | extend t = bin(TimeGenerated, 1h)) on Host, t | summarize count() by t1',
      /one group/,
    ],
    ...[
      ['rightouter', 't'],
      ['fullouter', 't'],
      ['fullouter', 't1'],
    ].map(([kind, key]): [string, string, RegExp] => [
      `a bin ${key} that a ${kind} join can leave null`,
      `Proc | extend t = bin(TimeGenerated, 1h) | join kind=${kind} (Proc | extend t = bin(TimeGenerated, 1h)) on Host, t | summarize count() by ${key}`,
      /one group/,
    ]),
    ['two widths', 'Proc | summarize by Host, a = bin(TimeGenerated, 1h), b = bin(TimeGenerated, 30m)', /only one width/],
  ])('with %s', async (_, text, reason) => {
    const split = await splitOf(text);
    expect(split).toMatchObject({ splits: false });
    expect(split.reason).toMatch(reason);
  });

  it('over a table without an event time', async () => {
    const split = await splitOf('Assets | summarize by Host', table('Assets', { Host: 'string' }));
    expect(split).toMatchObject({ splits: false, reason: 'Assets has neither TimeGenerated nor Timestamp' });
  });

  it('and is told the place that keeps it from it', async () => {
    const text = 'Proc | where Level > 1 | summarize count() by Host';
    const split = await splitOf(text);
    if (split.splits) throw new Error('it splits');
    expect(text.slice(split.span.start, split.span.end)).toBe('summarize count() by Host');
  });
});

it.each(['TimeGenerated > ago(1d)', 'TimeGenerated >= ago(1d)', 'ago(1d) < TimeGenerated', 'ago(1d) <= TimeGenerated'])(
  'drops the lower bound %s from the scheduled plan alone, and no other bound',
  async (bound) => {
    const { whole, scheduled } = await compileText(
      `Proc | where ${bound} and TimeGenerated > datetime(2026-01-01) and datetime(2025-12-01) < TimeGenerated and Level > 1 | summarize by Host, bin(TimeGenerated, 1h)`,
    );
    expect(JSON.stringify(whole)).toContain('"ago"');
    expect(JSON.stringify(scheduled)).not.toContain('"ago"');
    expect(JSON.stringify(scheduled)).toContain('2026-01-01');
    expect(JSON.stringify(scheduled)).toContain('2025-12-01');
    expect(JSON.stringify(scheduled)).toContain('"Level"');
  },
);

it('reads Timestamp as the event time where a query uses that alone', async () => {
  const defender = table('D', { Timestamp: 'datetime', TimeGenerated: 'datetime', Host: 'string' });
  const { whole, split } = await compileText('D | summarize by Host, bin(Timestamp, 1h)', schemasOf(defender));
  expect(whole.tables[0]?.eventTime).toBe('Timestamp');
  expect(split.splits).toBe(true);
  const both = await compileText('D | where Timestamp > TimeGenerated | summarize by Host, bin(TimeGenerated, 1h)', schemasOf(defender));
  expect(both.whole.tables[0]?.eventTime).toBe('TimeGenerated');
  expect(both.split.splits).toBe(true);
});

describe('monotone', () => {
  it.each([
    ["Proc | where Host == 'a' | summarize by Host", true],
    ['Proc | join kind=inner Proc on Host', true],
    ["Proc | mv-apply X = Bag on (where X has 'a' | project X)", true],
    ['Proc | mv-apply X = Bag to typeof(long) on (where X in ((Proc | summarize max(Pid))))', false],
    ['Proc | extend Known = Host in ((Proc | where Level > 1 | project Host))', false],
    ['Proc | extend Known = Host in ((Proc | project Host)) | project Host, Renamed = Known | where Renamed | project Host', true],
    ['Proc | where Level > 1 or Host in ((Proc | project Host))', true],
    ["Proc | where Account !in ((print Account = 'a' | join kind=inner (Proc | project Account) on Account | project Account))", false],
    ["Proc | where Account !in ((print 'a')) and Pid > toscalar(print 1)", true],
    ["Proc | join kind=inner (print Host = 'a' | join kind=leftouter (print Host = 'a', Rank = 1) on Host) on Host", true],
    ["Proc | join kind=inner (union (print Host = 'a'), (print Host = 'b') | take 1) on Host", true],
    ['Proc | join kind=inner (union (Proc | project Host), (print Host = "b") | take 1) on Host', false],
    ['Proc | summarize count() by Host', false],
    ['Proc | extend Known = Host in ((Proc | where Level > 1 | project Host)) | distinct Known', false],
    ['Proc | where Host in ((Proc | where Level > 1 | project Host)) | distinct Host', true],
    ['Proc | extend Known = Host in ((Proc | where Level > 1 | project Host)) | extend New = not(Known) | where New | project Host', false],
    [
      'Proc | extend Known = Host in ((Proc | project Host)) | join kind=inner (Proc | extend Known = Level > 1) on Host, Known | project Host',
      false,
    ],
    [
      'Proc | extend Known = Level > 1 | join kind=inner (Proc | extend Known = Host in ((Proc | project Host))) on Host, Known | project Host',
      false,
    ],
    ['Proc | join kind=inner (Proc | summarize N = count() by Host) on Host', false],
  ])('%s: %s', async (text, expected) => {
    expect((await compileText(text)).monotone.monotone).toBe(expected);
  });
});
