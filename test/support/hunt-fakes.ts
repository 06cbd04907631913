import { createHash } from 'node:crypto';
import type { SourceRow } from '../../src/engine/rows';
import { runCycle, type CycleOptions, type CyclePorts } from '../../src/hunt/cycle';
import type { Clock, PullRequest, WireTable } from '../../src/hunt/ports';
import type { RuleProgram } from '../../src/hunt/rule-program';
import type { CycleReport, RuleReport } from '../../src/hunt/summary';
import { incidentId } from '../../src/incident/identity';
import type { IncidentDraft, Match, RawIdentity } from '../../src/incident/incident';
import {
  addTicks,
  binStart,
  formatInstant,
  instant,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  type Instant,
  type TimeRange,
} from '../../src/value/instant';
import { FakeBlobStore } from './fake-blob-store';
import { createFakeRowSource, type FakeRowSource } from './fake-row-source';
import { createFakeSink, type FakeSink } from './fake-sink';

export const WORKSPACE = '11111111-1111-4111-8111-111111111111';
export const RULE = '22222222-2222-4222-8222-222222222222';

/** A clock that stands still until it is moved. */
export class VirtualClock implements Clock {
  private instant: Instant;

  constructor(start: string) {
    this.instant = instant(start);
  }

  now(): Instant {
    return this.instant;
  }

  set(time: string): void {
    this.instant = instant(time);
  }

  advanceMinutes(minutes: number): void {
    this.instant = addTicks(this.instant, BigInt(minutes) * TICKS_PER_MINUTE);
  }
}

export interface FakeRow {
  readonly table?: string;
  /** Event time. */
  readonly at: string;
  /** What the fake rule makes an incident of, one for each bin. */
  readonly host: string;
  /** What its evidence says. */
  readonly note: string;
  /** Ingestion time; default the event time. */
  readonly arrives?: string;
}

export interface FakeProgramOptions {
  readonly id?: string;
  readonly hash?: string;
  readonly width?: bigint;
  readonly monotone?: boolean;
  readonly tables?: readonly string[];
  /** Whether the rows of one host in one bin make an incident; default: any row does. */
  readonly matches?: (notes: readonly string[]) => boolean;
}

/** A rule that finds one incident for each host and bin, with the distinct notes of its rows as content. Its query is JSON. */
export function fakeProgram(options: FakeProgramOptions = {}): RuleProgram {
  const { id = RULE, hash = 'plan-1', width = TICKS_PER_HOUR, monotone = true, tables = ['Events'], matches = () => true } = options;
  return {
    id,
    hash,
    grid: { width, shift: 0n },
    monotone,
    ledgerFolder: id,
    tables,
    query: (table, { start, end }) => JSON.stringify({ table, start: formatInstant(start), end: formatInstant(end) }),
    anyRowQuery: (table, { start, end }) => JSON.stringify({ table, start: formatInstant(start), end: formatInstant(end), any: true }),
    decode: (table, answer) => ({
      kind: 'rows',
      rows: answer.rows.map(([at, host, note]) => ({ table, values: [instant(String(at)), String(host), String(note)], evidence: [] })),
    }),
    draft: ({ workspaceId, bin, rows }) => drafts({ id, workspaceId, bin, rows: [...rows.values()].flat(), matches }),
    activeMessage: ({ draft, revision, detectedAt }) =>
      encode({
        id: draft.id,
        revision,
        status: 'active',
        match: draft.identity[2],
        hash,
        notes: notesOf(draft),
        detectedAt: formatInstant(detectedAt),
      }),
    withdrawnMessage: ({ id: incident, identity, revision, reason, entities, bin, detectedAt }) =>
      encode({
        id: incident,
        revision,
        status: 'withdrawn',
        match: identity[2],
        hash,
        reason,
        host: entities[0]?.['FullName'],
        end: formatInstant(bin.end),
        detectedAt: formatInstant(detectedAt),
      }),
  };
}

/** Whether a host has an export and a removal in the bin. */
const isPair = (notes: readonly string[]): boolean => notes.includes('export') && notes.includes('removal');

/** As fakeProgram, for an export and a removal on one host in one bin; also over bins shifted by half their width. */
export function fakePairProgram(options: Omit<FakeProgramOptions, 'matches'> & { readonly binWidth?: bigint } = {}): RuleProgram {
  const program = fakeProgram({ ...options, matches: isPair });
  const width = options.binWidth ?? program.grid.width;
  const shift = width / 2n;
  const timeOf = ({ values }: SourceRow): Instant => values[0] as Instant;
  const binsOf = (all: readonly SourceRow[], by: bigint): ReadonlyMap<Instant, readonly SourceRow[]> => {
    const bins = new Map<Instant, SourceRow[]>();
    for (const row of all) {
      const start = addTicks(binStart(addTicks(timeOf(row), -by), width), by);
      bins.set(start, [...(bins.get(start) ?? []), row]);
    }
    return bins;
  };
  const draft =
    (by: bigint, match: Match): RuleProgram['draft'] =>
    ({ workspaceId, rows }) =>
      [...binsOf([...rows.values()].flat(), by)].flatMap(([start, inBin]) => {
        const bin = { start, end: addTicks(start, width) };
        const edge = addTicks(start, by);
        const parts = (row: SourceRow): boolean =>
          by === 0n ||
          inBin.some(
            (other) =>
              other.values[1] === row.values[1] && timeOf(other) < edge !== timeOf(row) < edge && other.values[2] !== row.values[2],
          );
        return drafts({ id: program.id, workspaceId, bin, rows: inBin.filter(parts), matches: isPair, match });
      });
  return {
    ...program,
    draft: draft(0n, 'rule'),
    splitPairs: { shift, eventTime: timeOf, draft: draft(shift, 'split-by-bin-edge') },
  };
}

interface DraftsInput {
  readonly id: string;
  readonly workspaceId: string;
  readonly bin: TimeRange;
  readonly rows: readonly SourceRow[];
  readonly matches: (notes: readonly string[]) => boolean;
  readonly match?: Match;
}

function drafts({ id, workspaceId, bin, rows, matches, match = 'rule' }: DraftsInput): readonly IncidentDraft[] {
  const hosts = [...new Set(rows.map(({ values }) => String(values[1])))].sort();
  return hosts.flatMap((host) => {
    const notes = rows.filter(({ values }) => values[1] === host).map(({ values }) => String(values[2]));
    return matches(notes) ? [fakeDraft({ ruleId: id, workspaceId, bin, host, notes, match })] : [];
  });
}

export interface FakeDraftInput {
  readonly ruleId?: string;
  readonly workspaceId?: string;
  readonly bin: TimeRange;
  readonly host: string;
  readonly notes: readonly string[];
  readonly match?: Match;
}

export function fakeDraft({ ruleId = RULE, workspaceId = WORKSPACE, bin, host, notes, match = 'rule' }: FakeDraftInput): IncidentDraft {
  const width = Number(bin.end - bin.start);
  const identity: RawIdentity = [ruleId, workspaceId, match, formatInstant(bin.start), width, [['Host', [['FullName', host]]]]];
  const distinct = [...new Set(notes)].sort();
  return {
    id: incidentId(identity),
    identity,
    bin,
    entities: [{ $id: '1', Type: 'host', FullName: host }],
    missingEntities: [],
    results: distinct.map((note) => ({ note })),
    rows: [],
    digest: createHash('sha256')
      .update(JSON.stringify([host, distinct]))
      .digest('hex'),
  };
}

function notesOf(draft: IncidentDraft): readonly unknown[] {
  return draft.results.map(({ note }) => note);
}

function encode(message: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(message));
}

export interface FakeMessage {
  readonly id: string;
  readonly revision: number;
  readonly status: string;
  readonly match: string;
  readonly hash: string;
  readonly notes?: readonly string[];
  readonly reason?: string;
  readonly host?: string;
}

/** Ports that work, rows that arrive as the clock moves, and cycles over them. */
export class FakeWorld {
  readonly clock: VirtualClock;
  readonly rows: FakeRow[] = [];
  readonly source: FakeRowSource = createFakeRowSource((request) => this.answer(request));
  readonly sink: FakeSink = createFakeSink();
  readonly ledger = new FakeBlobStore();
  readonly deadLetters = new FakeBlobStore();

  constructor(start: string) {
    this.clock = new VirtualClock(start);
  }

  get ports(): CyclePorts {
    const { clock, source, sink, ledger, deadLetters } = this;
    return { clock, source, sink, ledger, deadLetters };
  }

  cycle(options: Partial<CycleOptions> = {}, ports: Partial<CyclePorts> = {}): Promise<CycleReport> {
    return runCycle({ ...this.ports, ...ports }, { workspaceIds: [WORKSPACE], programs: [fakeProgram()], ...options });
  }

  /** A cycle of one workspace and rule. */
  async cycleOfOne(options: Partial<CycleOptions> = {}, ports: Partial<CyclePorts> = {}): Promise<RuleReport> {
    const { rules } = await this.cycle(options, ports);
    const [rule] = rules;
    if (rule === undefined || rules.length > 1) throw new Error(`${rules.length} reports instead of one`);
    return rule;
  }

  /** Everything that the hub got, in order. */
  get messages(): readonly FakeMessage[] {
    return this.sink.received.map(({ body }) => JSON.parse(new TextDecoder().decode(body)) as FakeMessage);
  }

  /** A ledger blob of the usual rule, as JSON. */
  stored(name: string): StoredFake {
    return JSON.parse(this.ledger.peek(`${WORKSPACE}/${RULE}/${name}.json`) ?? 'null') as StoredFake;
  }

  private answer({ query }: PullRequest): WireTable {
    const asked = JSON.parse(query) as { readonly table: string; readonly start: string; readonly end: string };
    const inRange = ({ at }: FakeRow): boolean => instant(at) >= instant(asked.start) && instant(at) < instant(asked.end);
    const hasArrived = ({ at, arrives = at }: FakeRow): boolean => instant(arrives) <= this.clock.now();
    const rows = this.rows.filter((row) => (row.table ?? 'Events') === asked.table && inRange(row) && hasArrived(row));
    const columns = ['TimeGenerated', 'host', 'note'].map((name) => ({ name, type: 'string' }));
    return { columns, rows: rows.map(({ at, host, note }) => [at, host, note]) };
  }
}

/** As much of a ledger blob as tests look at. */
export interface StoredFake {
  readonly coveredFrom?: string;
  readonly settledThrough?: string;
  readonly backfilled?: readonly { readonly start: string; readonly end: string }[];
  readonly unsettled?: readonly { readonly start: string; readonly end: string }[];
  readonly noSource?: { readonly since: string; readonly askedAt: string };
  readonly bins?: Readonly<Record<string, StoredBin>>;
}

export interface StoredBin {
  readonly evaluatedAt?: string;
  readonly ruleHash?: string;
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly digest: string }>>;
  readonly failure?: { readonly count: number; readonly since: string; readonly lastAt: string; readonly code: string };
  readonly incidents: Readonly<
    Record<
      string,
      { readonly revision: number; readonly status: string; readonly pending: readonly unknown[]; readonly refused: readonly number[] }
    >
  >;
}

/** The bin of one hour that holds the instant. */
export function hourOf(time: string): TimeRange {
  const start = binStart(instant(time), TICKS_PER_HOUR);
  return { start, end: addTicks(start, TICKS_PER_HOUR) };
}
