import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { DEFAULT_RULE } from '../../src/app/rules';
import { runCycle, type CyclePorts } from '../../src/hunt/cycle';
import type { PullRequest, WireTable } from '../../src/hunt/ports';
import { createProgram } from '../../src/hunt/program';
import type { RuleProgram } from '../../src/hunt/rule-program';
import { defaultSources } from '../../src/hunt/sources';
import type { IncidentMessage } from '../../src/incident/message';
import type { CompiledRule } from '../../src/plan/compiled-rule';
import { addTicks, formatInstant, instant, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import { compileShippedRules } from '../support/compiled-rules';
import { FakeBlobStore } from '../support/fake-blob-store';
import { createFakeRowSource } from '../support/fake-row-source';
import { createFakeSink } from '../support/fake-sink';
import { VirtualClock, WORKSPACE } from '../support/hunt-fakes';
import { temporaryFolder } from '../support/temporary-folder';

/** The shipped rule through whole cycles, against what a split pair is by the rows alone. */

const SEED = 20260310;
const START = instant('2026-03-10T06:00Z');
const HOURS = 5;
/** When cycles run: within the hours, and after them. */
const CYCLES = ['2026-03-10T09:07Z', '2026-03-10T11:05Z', '2026-03-10T11:50Z', '2026-03-10T21:00Z'];

interface Event {
  /** Minutes after the start. */
  readonly minute: number;
  readonly host: string;
  readonly account: string;
  readonly verbs: readonly string[];
  /** The cycle by which it has arrived. */
  readonly cycle: number;
}

const event: fc.Arbitrary<Event> = fc.record({
  minute: fc
    .record({ edge: fc.integer({ min: 1, max: HOURS - 1 }), from: fc.integer({ min: -35, max: 34 }) })
    .map(({ edge, from }) => edge * 60 + from),
  host: fc.constantFrom('ex01', 'ex02'),
  account: fc.constantFrom('alice', ''),
  verbs: fc.constantFrom(['New'], ['Remove'], ['New'], ['Remove'], ['New'], ['Remove'], ['New', 'Remove'], ['Get']),
  cycle: fc.integer({ min: 0, max: CYCLES.length - 1 }),
});

/** An export shortly before an edge, and a removal shortly after it, or the other way round. */
const acrossEdge: fc.Arbitrary<readonly Event[]> = fc
  .record({ edge: fc.integer({ min: 1, max: HOURS - 1 }), before: fc.integer({ min: 1, max: 35 }), after: fc.integer({ min: 0, max: 34 }) })
  .chain(({ edge, before, after }) =>
    fc.tuple(event, fc.boolean()).map(([each, exportFirst]) => [
      { ...each, minute: edge * 60 - before, verbs: [exportFirst ? 'New' : 'Remove'] },
      { ...each, minute: edge * 60 + after, verbs: [exportFirst ? 'Remove' : 'New'] },
    ]),
  );

const history = fc
  .tuple(fc.array(acrossEdge, { minLength: 1, maxLength: 4 }), fc.array(event, { maxLength: 4 }))
  .map(([pairs, others]) => [...pairs.flat(), ...others]);

let rule: CompiledRule;

beforeAll(async () => {
  const folder = await temporaryFolder();
  await compileShippedRules(folder.path);
  rule = JSON.parse(await readFile(join(folder.path, `${DEFAULT_RULE}.json`), 'utf8')) as CompiledRule;
  await folder.remove();
});

const timeOf = ({ minute }: Event): Instant => addTicks(START, BigInt(minute) * TICKS_PER_MINUTE);

function wireTable(request: PullRequest, events: readonly Event[]): WireTable {
  const [from = '', to = ''] = [...request.query.matchAll(/datetime\(([^)]+)\)/g)].map(([, text = '']) => text);
  const [table] = rule.plan.tables;
  const columns = [...(table?.columns.map(({ name }) => name) ?? []), ...(table?.evidenceColumns ?? [])];
  const cell = (each: Event, column: string): string => {
    const cells: Readonly<Record<string, string>> = {
      TimeGenerated: formatInstant(timeOf(each)),
      Dvc: each.host,
      ActorUsername: each.account,
      Process: 'powershell.exe',
      CommandLine: each.verbs.map((verb) => `${verb}-MailboxExportRequest`).join('; '),
    };
    return cells[column] ?? '';
  };
  const inRange = events.filter((each) => timeOf(each) >= instant(from) && timeOf(each) < instant(to));
  return {
    columns: columns.map((name) => ({ name, type: 'string' })),
    rows: inRange.map((each) => columns.map((column) => cell(each, column))),
  };
}

/** The incidents that are active at the end: match, minute of the bin's start, host, account. */
async function found(events: readonly Event[], program: RuleProgram): Promise<readonly string[]> {
  const clock = new VirtualClock('2026-03-10T06:00Z');
  let cycle = 0;
  const source = createFakeRowSource((request) =>
    wireTable(
      request,
      events.filter((each) => each.cycle <= cycle),
    ),
  );
  const sink = createFakeSink();
  const ports: CyclePorts = { clock, source, sink, ledger: new FakeBlobStore(), deadLetters: new FakeBlobStore() };
  for (const [index, time] of CYCLES.entries()) {
    cycle = index;
    clock.set(time);
    const report = await runCycle(ports, { workspaceIds: [WORKSPACE], programs: [program], startAt: START });
    if (report.failure !== undefined) throw new Error(report.failure);
  }
  const last = new Map<string, IncidentMessage>();
  for (const { body } of sink.received) {
    const message = JSON.parse(new TextDecoder().decode(body)) as IncidentMessage;
    last.set(message.id, message);
  }
  const active = [...last.values()].filter(({ status }) => status === 'active');
  const nameOf = ({ entities }: IncidentMessage, type: string): string =>
    entities.find((entity) => entity['Type'] === type)?.['FullName'] ?? '';
  return active
    .map((message) => {
      const minute = Number((instant(message.bin.start) - START) / TICKS_PER_MINUTE);
      return [message.match, minute, nameOf(message, 'host'), nameOf(message, 'account')].join(' ');
    })
    .sort();
}

/** The same by the definition, from the rows alone. */
function expected(all: readonly Event[]): readonly string[] {
  const incidents = new Set<string>();
  const pairs = all.flatMap((left) => all.map((right) => [left, right] as const));
  const fitting = pairs.filter(
    ([left, right]) =>
      left.host === right.host && left.account === right.account && left.verbs.includes('New') && right.verbs.includes('Remove'),
  );
  const hourOf = ({ minute }: Event): number => Math.trunc(minute / 60);
  for (const [left, right] of fitting)
    if (hourOf(left) === hourOf(right)) incidents.add(`rule ${hourOf(left) * 60} ${left.host} ${left.account}`);
  const rules = new Set(incidents);
  for (const [left, right] of fitting) {
    const edge = Math.max(hourOf(left), hourOf(right)) * 60;
    const isParted = Math.abs(hourOf(left) - hourOf(right)) === 1;
    const isNear = [left, right].every(({ minute }) => minute >= edge - 30 && minute < edge + 30);
    const isTold = [edge - 60, edge].some((start) => rules.has(`rule ${start} ${left.host} ${left.account}`));
    if (isParted && isNear && !isTold) incidents.add(`split-by-bin-edge ${edge - 30} ${left.host} ${left.account}`);
  }
  return [...incidents].sort();
}

it('finds the split pairs that the rows alone give, whenever the rows come', async () => {
  const program = createProgram(rule, defaultSources, rule.companions);
  let split = 0;
  await fc.assert(
    fc.asyncProperty(history, async (events) => {
      const wanted = expected(events);
      split += wanted.filter((each) => each.startsWith('split')).length;
      expect(await found(events, program)).toEqual(wanted);
    }),
    { seed: SEED, numRuns: 50 },
  );
  expect(split).toBeGreaterThan(20);
});

it('finds every pair that is up to half an hour apart, in the hour or across its edge', async () => {
  const program = createProgram(rule, defaultSources, rule.companions);
  const near = fc.record({ minute: fc.integer({ min: 31, max: (HOURS - 1) * 60 - 31 }), apart: fc.integer({ min: -30, max: 30 }) });
  await fc.assert(
    fc.asyncProperty(near, async ({ minute, apart }) => {
      const one: Event = { minute, host: 'ex01', account: 'alice', verbs: ['New'], cycle: 0 };
      expect(await found([one, { ...one, minute: minute + apart, verbs: ['Remove'] }], program)).toHaveLength(1);
    }),
    { seed: SEED, numRuns: 25 },
  );
});
