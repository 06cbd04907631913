import { nodesOf } from '../../../src/cli/plan-nodes';
import { evaluate } from '../../../src/engine/evaluate';
import type { CompiledQuery } from '../../../src/plan/compile-query';
import type { Plan, PlanNode, SplitPairsProof } from '../../../src/plan/plan';
import { splitPairsOf } from '../../../src/plan/split-pairs';
import { addTicks, formatInstant, instant } from '../../../src/value/instant';
import { compileText, processTable, schemasOf, sourceRows, table } from '../../support/compile';

const net = table('Net', { TimeGenerated: 'datetime', Host: 'string', Port: 'long' });

const compiled = (text: string): Promise<CompiledQuery> => compileText(text, schemasOf(processTable, net));

async function pairsOf(text: string, mapped: readonly string[] = ['Host']): Promise<SplitPairsProof> {
  const { scheduled, split, monotone } = await compiled(text);
  const eventTime = (name: string): string | undefined => scheduled.tables.find((each) => each.name === name)?.eventTime;
  return splitPairsOf({ root: scheduled.root, eventTime, split, monotone, mapped });
}

/** The texts in the result over rows of two hosts around the edges of hours, each so many ticks later. */
function textsOver(plan: Plan, later: bigint): readonly string[] {
  const rows = ['10:05', '10:40', '10:55', '11:10', '11:50', '12:20'].flatMap((clock, index) =>
    ['a', 'b'].map((Host) => ({
      TimeGenerated: formatInstant(addTicks(instant(`2026-03-10T${clock}Z`), later)),
      Host: index % 3 === 0 ? 'a' : Host,
      Level: 2 * (index % 2),
    })),
  );
  const result = evaluate(plan, sourceRows(plan, { Proc: rows, Net: rows }), { now: instant('2026-03-10T12:00Z') });
  return result.rows.map(({ values }) => values.filter((_, index) => result.columns[index]?.type === 'string').join()).sort();
}

const sides = (bin: string, more = ''): string =>
  `Proc | where Level > 1 | summarize by Host, t = ${bin}${more} | join kind=inner (Proc | where Level < 1 | summarize by Host, t = ${bin}${more}) on Host, t`;

describe('a rule finds split pairs', () => {
  it.each([
    ['with an inner join on the bin', sides('bin(TimeGenerated, 1h)')],
    ['with floor()', sides('floor(TimeGenerated, 30m)')],
    ['with a bin of a bin', sides('bin(bin(TimeGenerated, 1h), 1h)')],
    ['with a bin through a let function', `let hour = (at: datetime) { bin(at, 1h) }; ${sides('hour(TimeGenerated)')}`],
    ['over two tables', 'Proc | extend t = bin(TimeGenerated, 1h) | join kind=inner (Net | extend t = bin(TimeGenerated, 1h)) on Host, t'],
    ['with the event time used elsewhere', `${sides('bin(TimeGenerated, 1h)')} | extend Later = Host`],
    [
      'with what is computed from the event time beside the join keys',
      'Proc | extend t = bin(TimeGenerated, 1h), H = hourofday(TimeGenerated) | join kind=inner (Net | extend t = bin(TimeGenerated, 1h)) on Host, t',
    ],
    [
      'with a bin of what a join gives',
      'Proc | summarize by Host, a = bin(TimeGenerated, 1h) | join kind=inner (Net | summarize by Host, b = bin(TimeGenerated, 1h)) on Host, $left.a == $right.b | extend c = bin(a, 1h), d = bin(b, 1h)',
    ],
    [
      'with a key that is computed of something else',
      'Proc | extend t = bin(TimeGenerated, 1h), H = tolower(Host) | join kind=inner (Net | extend t = bin(TimeGenerated, 1h), H = tolower(Host)) on t, H',
    ],
    [
      'over a union',
      'Proc | project TimeGenerated, Host | union (Net | project TimeGenerated, Host) | extend t = bin(TimeGenerated, 1h) | join kind=inner (Net | extend t = bin(TimeGenerated, 1h)) on Host, t',
    ],
    [
      'with in (query) of the bin',
      'Proc | extend t = bin(TimeGenerated, 1h) | where t in ((Net | project bin(TimeGenerated, 1h))) | join kind=inner (Net | extend t = bin(TimeGenerated, 1h)) on Host, t',
    ],
    [
      'with a condition on the event time',
      'Proc | where hourofday(TimeGenerated) < 20 | sort by TimeGenerated | extend t = bin(TimeGenerated, 1h) | join kind=inner (Net | extend t = bin(TimeGenerated, 1h)) on Host, t',
    ],
    [
      'with a lower bound by ago()',
      'Proc | where TimeGenerated > ago(1d) | extend t = bin(TimeGenerated, 1h) | join kind=inner (Net | extend t = bin(TimeGenerated, 1h)) on Host, t',
    ],
    [
      'with a semi join too',
      `${sides('bin(TimeGenerated, 1h)')} | join kind=leftsemi (Net | extend t = bin(TimeGenerated, 1h)) on Host, t`,
    ],
    [
      'with an inner join above a semi join',
      'Proc | extend t = bin(TimeGenerated, 1h) | join kind=leftsemi (Net | extend t = bin(TimeGenerated, 1h)) on Host, t | join kind=inner (Net | extend t = bin(TimeGenerated, 1h)) on Host, t',
    ],
  ])('%s, as it finds pairs among rows that come half a bin later', async (_, text) => {
    const pairs = await pairsOf(text);
    if (!pairs.finds) throw new Error(pairs.reason);
    const { scheduled, split } = await compiled(text);
    const half = split.splits ? BigInt(split.binWidth) / 2n : 0n;
    const found = textsOver({ ...scheduled, root: pairs.root }, 0n);
    expect(found).toEqual(textsOver(scheduled, half));
    expect(found).not.toEqual(textsOver(scheduled, 0n));
  });
});

describe('a rule finds no split pairs', () => {
  it.each([
    ['without a join', 'Proc | summarize by Host, bin(TimeGenerated, 1h)', /no inner join on the bin/],
    ['of row-wise operators alone', 'Proc | where Level > 1', /no inner join on the bin/],
    [
      'with a semi join alone',
      'Proc | extend t = bin(TimeGenerated, 1h) | join kind=leftsemi (Net | extend t = bin(TimeGenerated, 1h)) on Host, t',
      /no inner join on the bin/,
    ],
    ['that is not monotone', sides('bin(TimeGenerated, 1h)').replace('kind=inner', ''), /not monotone/],
    ['that cannot be scheduled', 'Proc | summarize count() by Host', /does not split by bin/],
    [
      'that joins on the event time itself',
      'Proc | join kind=inner (Net) on Host, TimeGenerated | extend t = bin(TimeGenerated, 1h)',
      /no inner join on the bin/,
    ],
    ['that asks when a bin starts', `${sides('bin(TimeGenerated, 1h)')} | where hourofday(t) < 6`, /computes with the start of its bin/],
    [
      'that asks when a bin starts, above a union',
      'Proc | extend t = bin(TimeGenerated, 1h) | project Host, t | union (Net | extend t = bin(TimeGenerated, 1h) | project Host, t) | join kind=inner (Net | extend t = bin(TimeGenerated, 1h)) on Host, t | where hourofday(t) < 6',
      /computes with the start of its bin/,
    ],
    ...['a', 'b'].map((start): [string, string, RegExp] => [
      `that asks when the bin ${start} of a join starts`,
      `Proc | summarize by Host, a = bin(TimeGenerated, 1h) | join kind=inner (Net | summarize by Host, b = bin(TimeGenerated, 1h)) on Host, $left.a == $right.b | where hourofday(${start}) < 6`,
      /computes with the start of its bin/,
    ]),
    [
      'that joins on what is parsed out of the event time',
      "Proc | extend t = bin(TimeGenerated, 1h) | parse tostring(TimeGenerated) with H ':' * | join kind=inner (Net | extend t = bin(TimeGenerated, 1h), H = Host) on t, H",
      /a key of its join is computed from the event time/,
    ],
    [
      'that asks when a bin starts, in the call itself',
      'Proc | extend t = bin(TimeGenerated, 1h), H = hourofday(bin(TimeGenerated, 1h)) | join kind=inner (Net | extend t = bin(TimeGenerated, 1h)) on Host, t',
      /computes with the start of its bin/,
    ],
    [
      'that joins on what is computed from the event time too',
      'Proc | extend t = bin(TimeGenerated, 1h), H = hourofday(TimeGenerated) | join kind=inner (Net | extend t = bin(TimeGenerated, 1h), H = hourofday(TimeGenerated)) on Host, t, H',
      /a key of its join is computed from the event time/,
    ],
  ])('%s', async (_, text, reason) => {
    expect(await pairsOf(text)).toMatchObject({ finds: false, reason: expect.stringMatching(reason) as unknown });
  });

  it.each(['$left.H == $right.Host', '$left.Host == $right.H'])('where one side of %s is computed from the event time', async (key) => {
    const side = 'extend t = bin(TimeGenerated, 1h), H = tostring(TimeGenerated)';
    expect(await pairsOf(`Proc | ${side} | join kind=inner (Net | ${side}) on t, ${key}`)).toMatchObject({
      finds: false,
      reason: expect.stringMatching(/a key of its join is computed from the event time/) as unknown,
    });
  });

  it('where an entity is mapped to the start of the bin', async () => {
    expect(await pairsOf(sides('bin(TimeGenerated, 1h)'), ['Host', 't'])).toMatchObject({
      finds: false,
      reason: 'it maps an entity to the start of its bin',
    });
  });

  it('where its bin has no half', async () => {
    expect(await pairsOf(sides('bin(TimeGenerated, timespan(00:00:01.7578125))'))).toMatchObject({
      finds: false,
      reason: expect.stringContaining('has no half') as unknown,
    });
  });
});

it('moves the bins of the rule by half their width, and no other time', async () => {
  const pairs = await pairsOf(
    `${sides('bin(TimeGenerated, 1h)', ', Seen = TimeGenerated')} | project Host, t, Seen, Both = strcat(Host, Host1)`,
  );
  if (!pairs.finds) throw new Error(pairs.reason);
  const text = JSON.stringify(pairs.root);
  expect(text.match(/"bin_at"/g)).toHaveLength(2);
  expect(text).not.toContain('"name":"bin"');
  expect(text).toContain('"strcat"');
  expect(text).toContain('0001-01-01T00:30:00.0000000Z');
});

it('leaves the query of a toscalar() as it is', async () => {
  const text = `let Least = toscalar(datatable (N: long) [5]); ${sides('bin(TimeGenerated, 1h)').replace('Level > 1', 'Pid > Least')}`;
  const queriesIn = (root: PlanNode): readonly PlanNode[] =>
    nodesOf(root).flatMap((node) => (node.kind === 'toscalar' ? [node.query] : []));
  const { scheduled } = await compileText(text);
  const pairs = await pairsOf(text);
  if (!pairs.finds) throw new Error(pairs.reason);
  expect(queriesIn(scheduled.root)).toHaveLength(1);
  expect(queriesIn(pairs.root)).toEqual(queriesIn(scheduled.root));
});
