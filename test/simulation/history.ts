import { formatInstant, parseInstant, TICKS_PER_SECOND, type Instant } from '../../src/value/instant';

/**
 * A history is data alone: what arrives when, when instances of the program run, and what goes wrong. Played twice it gives the same
 * outcome; with parts left out it is still a history, so a failing one can be made short.
 */
export interface History {
  readonly start: Instant;
  /** Every row within the promise has an event time before it. */
  readonly end: Instant;
  /** HUNT_START; undefined for 49 h before the first cycle. */
  readonly startAt: Instant | undefined;
  /** What a pull takes, in seconds. */
  readonly latency: number;
  readonly rows: readonly HistoryRow[];
  readonly ticks: readonly Tick[];
  readonly conditions: readonly Condition[];
  readonly deployments: readonly Deployment[];
  readonly commands: readonly Command[];
}

export type Table = 'Exports' | 'Removals';

export interface HistoryRow {
  readonly workspace: string;
  readonly table: Table;
  /** Event time. */
  readonly at: Instant;
  /** When the workspace has it. */
  readonly arrives: Instant;
  readonly host: string;
  readonly account: string;
  readonly note: string;
}

/** How a tick of the timer came out. A lost one has no runs. */
export type Fate = 'on time' | 'late' | 'lost' | 'doubled' | 'overlapping' | 'held';

export interface Tick {
  readonly at: Instant;
  readonly fate: Fate;
  /** Seeds the interleaving of its runs. */
  readonly seed: number;
  /** Instances that begin a cycle at this moment. */
  readonly runs: readonly Run[];
}

/** One instance of the program through one cycle. Calls are counted from 1: over all ports, or over those of one kind where `on` names it. */
export interface Run {
  /** By how many seconds its clock is ahead; below 0 it is behind. */
  readonly skew?: number;
  /** The invocation's time, in seconds. */
  readonly budget?: number;
  readonly faults: readonly Fault[];
  /** The process ends just before or just after a call. */
  readonly death?: { readonly on?: Operation; readonly call: number; readonly side: 'before' | 'after' };
  /** The process stands still before a call for so many minutes, while others run. */
  readonly hold?: { readonly call: number; readonly minutes: number };
  /** The host ends the invocation at a call. */
  readonly abort?: number;
}

export const faultKinds = {
  probe: ['unreachable', 'throws'],
  publish: ['unreachable', 'cut off half-way', 'acknowledgement lost', 'nothing acknowledged', 'stored twice', 'throws'],
  pull: [
    'slow',
    'throttled',
    'result set too large',
    'runaway query',
    'too many rows',
    'gateway timeout',
    'partial error',
    'empty body',
    'half a body',
    'server error',
    'reset',
    'no token',
    'no source',
    'wrong columns',
    'throws',
  ],
  read: ['unavailable'],
  write: ['another writer', 'own first try', 'unavailable before', 'unavailable after'],
  'dead-letter': ['unavailable before', 'unavailable after'],
} as const;

export type Operation = keyof typeof faultKinds;

export type Fault = {
  readonly [O in Operation]: { readonly on: O; readonly kind: (typeof faultKinds)[O][number]; readonly call: number };
}[Operation];

export const SERVICES = ['row source', 'hub', 'ledger', 'dead letters'] as const;

export type Service = (typeof SERVICES)[number];

/**
 * What holds for a while, for every instance.
 * - outage: a service is away.
 * - limit: the row source gives no more than so many rows at a time.
 * - no-source: the workspaces lack a table.
 * - thin: the row source gives fewer rows of a bin than the ledger has recorded.
 * - retention: from then on the rows are gone that every rule has seen whole.
 * - poison: every answer with an instant of a table in it fails, so one bin of each rule that reads it fails again and again.
 * - exclusion: cycles that begin while it holds exclude the incidents of a host that are new to them.
 */
export type Condition =
  /** `workspace` where the service is away for one workspace alone. */
  | { readonly kind: 'outage'; readonly service: Service; readonly workspace?: string; readonly from: Instant; readonly to: Instant }
  | { readonly kind: 'limit'; readonly rows: number; readonly from: Instant; readonly to: Instant }
  | { readonly kind: 'no-source'; readonly table: Table; readonly from: Instant; readonly to: Instant }
  | { readonly kind: 'thin'; readonly from: Instant; readonly to: Instant }
  | { readonly kind: 'retention'; readonly from: Instant }
  | { readonly kind: 'poison'; readonly table: Table; readonly at: Instant; readonly from: Instant; readonly to: Instant }
  | { readonly kind: 'exclusion'; readonly host: string; readonly from: Instant; readonly to: Instant };

/** From then on, instances that begin have another plan of a rule, or look for pairs that an edge parts, or do not. */
export type Deployment =
  /** `plan` is a key of `plans` in rules.ts. */
  { readonly at: Instant; readonly plan: string } | { readonly at: Instant; readonly splitPairs: 'on' | 'off' };

/** The deployments of rules. */
export function planChanges(deployments: readonly Deployment[]): readonly (Deployment & { readonly plan: string })[] {
  return deployments.flatMap((deployment) => ('plan' in deployment ? [deployment] : []));
}

/**
 * What an operator does beside the function, and why.
 * - backfill: `hunt backfill` of a range.
 * - damage: a blob of the ledger, which one by a number from 0 to 1, can be read no more.
 * - restore: `hunt restore`, where so many of the newest versions are not kept.
 */
export type Command =
  | {
      readonly kind: 'backfill';
      readonly at: Instant;
      readonly from: Instant;
      readonly to: Instant;
      readonly run: Run;
      readonly beside: readonly Run[];
    }
  | { readonly kind: 'damage'; readonly at: Instant; readonly which: number }
  | { readonly kind: 'restore'; readonly at: Instant; readonly forgotten: number; readonly run: Run; readonly beside: readonly Run[] };

/** By how much the clock is ahead that is ahead most, in ticks: an evaluation may have begun so much earlier than it says. */
export function mostAhead({ ticks, commands }: Pick<History, 'ticks' | 'commands'>): bigint {
  const ofCommands = commands.flatMap((command) => (command.kind === 'damage' ? [] : [command.run, ...command.beside]));
  const skews = [...ticks.flatMap(({ runs }) => runs), ...ofCommands].map(({ skew = 0 }) => skew);
  return BigInt(Math.max(0, ...skews)) * TICKS_PER_SECOND;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/;

/** JSON on few lines, instants as ISO 8601. */
export function formatHistory(history: History): string {
  const line = (value: unknown): string =>
    JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? formatInstant(member as Instant) : member));
  const members = Object.entries(history)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]: [string, unknown]) => {
      if (!Array.isArray(value) || value.length === 0) return `  ${JSON.stringify(name)}: ${line(value)}`;
      return `  ${JSON.stringify(name)}: [\n${value.map((item) => `    ${line(item)}`).join(',\n')}\n  ]`;
    });
  return `{\n${members.join(',\n')}\n}`;
}

export function parseHistory(text: string): History {
  const revive = (_: string, member: unknown): unknown =>
    typeof member === 'string' && INSTANT.test(member) ? parseInstant(member) : member;
  return { commands: [], ...(JSON.parse(text, revive) as Omit<History, 'commands'> & Partial<History>) };
}
