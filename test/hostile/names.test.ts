import fc from 'fast-check';
import { createLogAnalyticsSource } from '../../src/azure/log-analytics';
import { evaluate } from '../../src/engine/evaluate';
import { runCycle } from '../../src/hunt/cycle';
import { createProgram } from '../../src/hunt/program';
import { defaultSources } from '../../src/hunt/sources';
import { createKqlExecutor, type TableRows } from '../../src/local/kql-executor';
import { startLogAnalytics } from '../../src/local/log-analytics-server';
import { kqlExpression, kqlString } from '../../src/plan/kql-text';
import type { Expr } from '../../src/plan/plan';
import { pushdownQuery } from '../../src/plan/pushdown';
import { builtInSchemas } from '../../src/schema/built-in';
import { readHuntSettings } from '../../src/settings';
import { SettingsError } from '../../src/settings/environment';
import { instant } from '../../src/value/instant';
import { compileText, processTable, schemasOf, sourceRows } from '../support/compile';
import { compileShippedRules } from '../support/compiled-rules';
import { FakeBlobStore } from '../support/fake-blob-store';
import { createFakeSink } from '../support/fake-sink';
import { expectValidIncident } from '../support/incident-schema';
import { temporaryFolder } from '../support/temporary-folder';
import { loadRules } from '../../src/app/rules';

/** Texts that end a literal, a comment, a line, a statement or a path where they are not taken for what they are. */
const hostile: readonly string[] = [
  "'",
  '"',
  '\\',
  "\\'",
  '\\"',
  "''",
  '""',
  "@'",
  '@"',
  "h'",
  '```',
  '~~~',
  '\n',
  '\r\n',
  'a\u2028b\u2029c\u0085d',
  ';',
  '|',
  '//',
  '/*',
  '#',
  "' or 1 == 1 //",
  '" or 1 == 1 //',
  '") | take 0 //',
  "'; .drop table T",
  '\\u0022 | take 0',
  '\\x22',
  '../',
  '..\\..\\',
  '../../etc/passwd',
  '%2e%2e%2f',
  '\0',
  'a\0b',
  '\u202e\u2066reversed',
  '\ufeff',
  '\ud800',
  '\udc00\ud800',
  '𝒳🙂',
  '{start}',
  '{end}',
  '$(x) ${x} `x`',
  '__proto__',
  'constructor',
  'NaN',
  'null',
  '',
  'x'.repeat(20_000),
  `${"'".repeat(2_000)}"`,
];

const text = fc.oneof(
  fc.constantFrom(...hostile),
  fc.array(fc.constantFrom(...hostile.slice(0, 44)), { maxLength: 4 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const seed = 20_260_310;

/** How an author may write a text, where that form can hold it. */
const verbatim = (value: string): readonly string[] =>
  /[\r\n]/.test(value) ? [] : [`@'${value.replaceAll("'", "''")}'`, `@"${value.replaceAll('"', '""')}"`];

function literalsOf(expr: Expr): readonly string[] {
  if (expr.kind === 'literal') return expr.text === null ? [''] : [expr.text];
  return expr.kind === 'call' ? expr.args.flatMap(literalsOf) : [];
}

describe("a text in a rule's query", () => {
  it.each(hostile.map((value) => [JSON.stringify(value).slice(0, 40), value] as const))(
    'is the same text in the workspace: %s',
    async (_, value) => {
      for (const written of [kqlString(value), ...verbatim(value)]) {
        const { whole } = await compileText(`Proc | where Command == ${written} and Host != 'nowhere'`);
        const predicate = whole.tables[0]?.predicate;
        if (predicate === undefined) throw new Error('no predicate');
        expect(literalsOf(predicate)).toEqual([value, 'nowhere']);
        const again = await compileText(`Proc | where ${kqlExpression(predicate)}`);
        expect(again.whole.tables[0]?.predicate).toEqual(predicate);
      }
    },
  );

  it('is the same text in the workspace, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const { whole } = await compileText(`Proc | where Command has ${kqlString(value)} or Account in (${kqlString(value)}, 'x')`);
        const predicate = whole.tables[0]?.predicate;
        expect(predicate && literalsOf(predicate)).toEqual([value, value, 'x']);
      }),
      { seed, numRuns: 60 },
    );
  });

  it('selects in the local workspace, over HTTP, the rows that have it and no others', async () => {
    const range = { start: instant('2026-03-10T10:00Z'), end: instant('2026-03-10T11:00Z') };
    const rows: TableRows = ['tame', ...hostile].map((Command) => ({
      TimeGenerated: '2026-03-10T10:30:00Z',
      Host: 'ex01',
      Account: 'alice',
      Command,
    }));
    const execute = createKqlExecutor({ schemas: schemasOf(processTable), tables: () => new Map([['Proc', rows]]), now: () => range.end });
    const server = await startLogAnalytics({ execute });
    try {
      const source = createLogAnalyticsSource({ endpoint: server.origin, credential: undefined });
      for (const value of hostile) {
        const { whole } = await compileText(`Proc | where Command == ${kqlString(value)} | project TimeGenerated, Command`);
        const [plan] = whole.tables;
        if (plan === undefined) throw new Error('no table');
        const query = pushdownQuery(plan, 'Proc', range);
        const answer = await source.pull({ workspaceId: '11111111-1111-4111-8111-111111111111', query, timespan: range });
        const at = answer.kind === 'whole' ? answer.table.columns.findIndex(({ name }) => name === 'Command') : -1;
        const found = answer.kind === 'whole' ? answer.table.rows.map((row) => row[at]) : answer;
        expect(found).toEqual([value]);
        const own = evaluate(whole, sourceRows(whole, { Proc: rows }), { now: range.end });
        expect(own.rows.map(({ values }) => values[1])).toEqual([value]);
      }
    } finally {
      await server.close();
    }
  });
});

describe('a name in a row', () => {
  const RULE = '4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87';
  const workspaceId = '0a1b2c3d-0000-4000-8000-0000000000aa';

  /** A cycle over an export and its removal by each account on each host. */
  async function cycleOver(names: readonly string[]) {
    const folder = await temporaryFolder();
    await compileShippedRules(folder.path);
    const programs = (await loadRules(folder.path, [RULE])).map((rule) => createProgram(rule, defaultSources, rule.companions));
    await folder.remove();
    const rows = names.flatMap((name) =>
      ['New', 'Remove'].map((verb) => ({
        TimeGenerated: '2026-03-10T10:30:00Z',
        Dvc: name,
        ActorUsername: name,
        Process: 'C:\\powershell.exe',
        CommandLine: `${verb}-MailboxExportRequest ${name}`,
        EventProduct: name,
      })),
    );
    const now = instant('2026-03-10T12:30Z');
    const execute = createKqlExecutor({
      schemas: new Map(Object.entries(builtInSchemas)),
      tables: () => new Map([['_Im_ProcessCreate', rows]]),
      now: () => now,
    });
    const server = await startLogAnalytics({ execute });
    const [ledger, deadLetters, sink] = [new FakeBlobStore(), new FakeBlobStore(), createFakeSink()];
    // Every other one, so that there are messages and dead letters of hostile names.
    sink.refuse((body) => /^\{"schemaVersion":1,"id":"[0-7]/.test(body));
    try {
      const source = createLogAnalyticsSource({ endpoint: server.origin, credential: undefined });
      const report = await runCycle(
        { clock: { now: () => now }, source, sink, ledger, deadLetters },
        { workspaceIds: [workspaceId], programs, startAt: instant('2026-03-10T10:00Z') },
      );
      return { report, queries: server.requests().map(({ query }) => query), ledger, deadLetters, sink };
    } finally {
      await server.close();
    }
  }

  it('changes no query and no path, and comes out of the messages as it was', async () => {
    const tame = await cycleOver(['ex01']);
    const { report, queries, ledger, deadLetters, sink } = await cycleOver(hostile);
    expect(report).toMatchObject({ failure: undefined, rules: [{ failures: [], problems: [] }] });
    expect(queries).toEqual(tame.queries);

    const paths = [...new Set([...ledger.calls, ...deadLetters.calls].map(({ path }) => path))];
    const own = new RegExp(`^${workspaceId}/${RULE}/(?:(?:split/)?head|(?:split/)?\\d{4}-\\d\\d-\\d\\d|[0-9a-f-]{36}/\\d+)\\.json$`);
    expect(paths.filter((path) => !own.test(path))).toEqual([]);
    expect(deadLetters.calls.length).toBeGreaterThan(5);
    expect(new Set(sink.received.map(({ partitionKey }) => partitionKey))).toEqual(
      new Set([`${workspaceId}/${RULE}/2026-03-10T10:00:00.0000000Z`]),
    );

    expect(sink.received.length).toBeGreaterThan(5);
    const sent = sink.received.map(({ body }) => expectValidIncident(body));
    const named = sent.flatMap(({ entities }) => entities.map(({ FullName }) => FullName ?? ''));
    // What is too long for a message is cut, and lone surrogates are no text of UTF-8.
    const whole = hostile.filter((name) => name.length < 1_000 && !/\p{Surrogate}/u.test(name));
    expect(named.filter((name) => whole.includes(name)).length).toBeGreaterThan(5);
  });
});

describe('a setting', () => {
  const workspace = '11111111-1111-4111-8111-111111111111';
  const right = {
    HUNT_WORKSPACES: workspace,
    IncidentHub: 'Endpoint=sb://localhost;SharedAccessKeyName=k;SharedAccessKey=s;UseDevelopmentEmulator=true',
    HuntLedger: 'UseDevelopmentStorage=true',
  };

  const settings: readonly (readonly [setting: string, around: (value: string) => string])[] = [
    ['HUNT_WORKSPACES', (value) => `${workspace}${value}`],
    ['HUNT_RULES', (value) => `${workspace}${value}`],
    ['HUNT_START', (value) => `2026-03-10T00:00:00Z${value}`],
    ['HUNT_SPLIT_PAIRS', (value) => `on${value}`],
    ['HUNT_DRY_RUN', (value) => `true${value}`],
    ['HUNT_SCHEDULE', (value) => `0 */5 * * * *${value}`],
    ['LOG_ANALYTICS_ENDPOINT', (value) => `https://api.loganalytics.io/${value}x`],
  ];

  it.each(settings)('%s with a hostile text in it is refused, and not quoted', (setting, around) => {
    // Space around a setting is cut off, and a word more or a comma may be right.
    const values = hostile.filter((value) => value.trim() !== '');
    for (const value of values) {
      const read = (): unknown => readHuntSettings({ ...right, [setting]: around(value) });
      expect(read).toThrow(SettingsError);
      expect(read).toThrow(new RegExp(`^${setting} `));
      if (value.length > 8) expect(read).not.toThrow(value);
    }
  });
});
