import { binAt, binKey, dayOf, type Bin } from '../../src/hunt/bins';
import { addTicks, TICKS_PER_SECOND, type Instant, type TimeRange } from '../../src/value/instant';
import { Counter } from './counted';
import { Hits } from './hits';
import type { Condition, History, HistoryRow, Service, Table } from './history';
import { Messages, type Message } from './messages';
import { hashOf } from './random';
import { EXCLUDED_HOST, planOf, shiftOf, type SimulatedPlan } from './rules';
import { Store } from './store';
import { DAMAGED, letterIn, splitFolder, storedDay, type StoredBin } from './stored-ledger';

export interface Received {
  readonly partitionKey: string;
  readonly body: string;
  readonly message: Message;
}

interface Recorded {
  readonly bin: Bin;
  readonly record: StoredBin | undefined;
}

/** What a pull asks for, read back from a program's query. */
export interface Question {
  readonly workspace: string;
  readonly plan: SimulatedPlan;
  readonly table: Table;
  readonly range: TimeRange;
  /** Whether it asks for one row alone, whichever it is. */
  readonly isForAny: boolean;
}

/** What is outside of the program: time, rows, the hub, the stores, and what holds for all instances alike. */
export class World {
  now: Instant;
  /** The latest that the clock of an instance said when it ended. */
  lastReading: Instant;
  readonly hits = new Hits();
  readonly ledger: Store = new Store(() => this.now);
  readonly deadLetters: Store = new Store(() => this.now);
  /** What is in the hub, in the order in which it came. */
  readonly received: Received[] = [];
  /** That, and what is in the dead letters. */
  readonly messages = new Messages();
  /** What was done since the cycle that began last began. */
  readonly counter = new Counter();
  /** Whether the write that is made at the moment is `hunt restore`'s. */
  isRestoring = false;
  /** Texts of blobs that can be read no more, as they were. */
  readonly damaged = new Map<string, string>();
  /** Days of the ledger that were restored, and the incidents of them that the restored version did not know. */
  readonly restored = new Set<string>();
  readonly forgotten = new Set<string>();
  /** What instances did that none may do. */
  readonly forbidden = new Set<string>();
  /** Told of every message that the hub takes. */
  onReceive: ((body: string) => void) | undefined;
  readonly history: History;
  private readonly gone = new Set<HistoryRow>();
  private readonly shelves = new Map<string, HistoryRow[]>();
  private retention: readonly (Condition & { readonly kind: 'retention' })[];

  constructor(history: History) {
    this.history = history;
    this.now = history.start;
    this.lastReading = history.start;
    this.ledger.isVersioned = history.commands.some(({ kind }) => kind === 'damage');
    for (const row of history.rows) this.shelf(row.workspace, row.table).push(row);
    this.retention = history.conditions.filter((condition) => condition.kind === 'retention');
    this.deadLetters.onWrite = (_, __, body) => void this.messages.add(letterIn(body));
  }

  receive(partitionKey: string, body: string): void {
    this.onReceive?.(body);
    this.received.push({ partitionKey, body, message: this.messages.add(body) });
  }

  passSeconds(seconds: number): void {
    this.now = addTicks(this.now, BigInt(Math.round(seconds * 1000)) * (TICKS_PER_SECOND / 1000n));
  }

  /** Moves the time on to an instant, if it is not later already. */
  passUntil(instant: Instant, deployed: readonly SimulatedPlan[]): void {
    if (this.now < instant) this.now = instant;
    const reached = this.retention.filter(({ from }) => from <= this.now);
    if (reached.length === 0) return;
    this.retention = [];
    for (const row of this.history.rows.filter((each) => this.isSeenWhole(each, deployed))) {
      this.gone.add(row);
      this.hits.count('condition: retention');
    }
  }

  /** The conditions of that kind that hold now. */
  holding<K extends Condition['kind']>(kind: K): readonly (Condition & { readonly kind: K })[] {
    const holds = (condition: Condition): condition is Condition & { readonly kind: K } =>
      condition.kind === kind && condition.from <= this.now && (!('to' in condition) || this.now < condition.to);
    return this.history.conditions.filter(holds);
  }

  /** Whether a service is away, for this workspace. */
  isOut(service: Service, workspaceId?: string): boolean {
    return this.holding('outage').some(
      ({ service: away, workspace }) => away === service && (workspace === undefined || workspace === workspaceId),
    );
  }

  /** The hosts whose incidents a cycle that begins now excludes. */
  excludedHosts(): ReadonlySet<string> {
    return new Set([EXCLUDED_HOST, ...this.holding('exclusion').map(({ host }) => host)]);
  }

  /** The rows that the workspace has now. */
  rows(question: Question): readonly HistoryRow[] {
    const { workspace, table, range } = question;
    return this.shelf(workspace, table).filter(
      (row) => row.at >= range.start && row.at < range.end && row.arrives <= this.now && !this.gone.has(row),
    );
  }

  isGone(row: HistoryRow): boolean {
    return this.gone.has(row);
  }

  /** Of the rows, fewer than the ledger has recorded; undefined where it has none recorded under this plan. */
  thinned({ workspace, plan, table, range }: Question, rows: readonly HistoryRow[]): readonly HistoryRow[] | undefined {
    const { bin, record } = this.recorded(workspace, plan, range.start);
    const known = record?.ruleHash === plan.hash && bin.end === range.end ? (record.tables[table]?.rows ?? 0) : 0;
    if (known === 0) return undefined;
    const order = (row: HistoryRow): number => hashOf(`${row.note} ${this.now}`);
    return [...rows].sort((left, right) => order(left) - order(right)).slice(0, hashOf(`${range.start} ${this.now}`) % known);
  }

  /** Damages a blob of the ledger: which of those that are there, by a number from 0 to 1. */
  damage(which: number): void {
    const all = this.ledger.entries().filter(([path]) => !this.damaged.has(path));
    const [path, body] = all[Math.floor(which * all.length)] ?? [];
    if (path === undefined || body === undefined) return;
    this.hits.count(`damage: ${path.endsWith('/head.json') ? 'head' : path.includes('/split/') ? 'day of shifted bins' : 'day'}`);
    this.damaged.set(path, body);
    this.ledger.damage(path, DAMAGED);
  }

  private shelf(workspace: string, table: Table): HistoryRow[] {
    const key = `${workspace} ${table}`;
    const shelf = this.shelves.get(key) ?? [];
    this.shelves.set(key, shelf);
    return shelf;
  }

  private recorded(workspace: string, { rule, program }: SimulatedPlan, at: Instant, shift: bigint = 0n): Recorded {
    const bin = binAt({ ...program.grid, shift }, at);
    const folder = shift === 0n ? rule : splitFolder(rule);
    const body = this.ledger.read(`${workspace}/${folder}/${dayOf(bin.start)}.json`)?.body;
    return { bin, record: body === undefined ? undefined : storedDay(body).get(binKey(bin)) };
  }

  /** Whether every rule that reads the row has a whole evaluation of its bin with all the rows that the history has for it. */
  private isSeenWhole(row: HistoryRow, deployed: readonly SimulatedPlan[]): boolean {
    return deployed.every((plan) => {
      if (!plan.tables.includes(row.table)) return true;
      const shift = shiftOf(plan);
      return [0n, ...(shift === undefined ? [] : [shift])].every((by) => {
        const { bin, record } = this.recorded(row.workspace, plan, row.at, by);
        const evaluatedAt = record?.evaluatedAt;
        if (evaluatedAt === undefined || record?.ruleHash !== plan.hash) return false;
        const others = this.history.rows.filter((each) => each.workspace === row.workspace && plan.tables.includes(each.table));
        return others.every((each) => each.at < bin.start || each.at >= bin.end || each.arrives <= evaluatedAt);
      });
    });
  }
}

export function questionOf(workspace: string, query: string): Question {
  const [hash = '', table = '', start = '', end = '', any] = query.split(' ');
  const range = { start: BigInt(start) as Instant, end: BigInt(end) as Instant };
  return { workspace, plan: planOf(hash), table: table as Table, range, isForAny: any !== undefined };
}
