import type { SourceRow } from '../../src/engine/rows';
import type { RuleProgram, SplitPairs } from '../../src/hunt/rule-program';
import type { IncidentDraft, Match, RawIdentity } from '../../src/incident/incident';
import { activeMessage, withdrawnMessage } from '../../src/incident/message';
import type { RuleFacts } from '../../src/plan/compiled-rule';
import { addTicks, binStart, formatInstant, TICKS_PER_HOUR, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import type { Deployment, Table } from './history';
import { across, evidenceRows, few, many, pairs, type Cells, type Found } from './found';
import { hashOf } from './random';
import { pairsOf } from '../../src/hunt/shifted-program';

/**
 * Three small rules, each with another plan to deploy later:
 * - pair: an export and a removal by one account on one host in 15 minutes. Monotone, two tables; pulled by the hour.
 * - few: a host with few exports in six hours, copies counted. Not monotone: more rows take an incident away.
 * - many: a host with removals by several accounts in four hours. Monotone, and finds those that an edge of its bins parts; two of its plans
 *   have no such pairs.
 */
export type RuleName = 'pair' | 'few' | 'many';

interface PlanSpec {
  readonly rule: RuleName;
  readonly tables: readonly Table[];
  readonly monotone: boolean;
  /** Of the rule's own bins. */
  readonly width: bigint;
  /** Of the bins that are pulled. */
  readonly unit: bigint;
  /** By these rows of one bin of the rule, one host and, for pair, one account; undefined for none. */
  readonly find: (rows: readonly Cells[]) => Found | undefined;
  /** By the rows before an edge, and those after it, of one bin shifted by half; undefined for none. */
  readonly findSplit?: (before: readonly Cells[], after: readonly Cells[]) => Found | undefined;
}

const pair = {
  rule: 'pair',
  tables: ['Exports', 'Removals'],
  monotone: true,
  width: 15n * TICKS_PER_MINUTE,
  unit: TICKS_PER_HOUR,
} as const;
const fewest = { rule: 'few', tables: ['Exports'], monotone: false, width: 6n * TICKS_PER_HOUR, unit: 6n * TICKS_PER_HOUR } as const;
const manyest = { rule: 'many', tables: ['Removals'], monotone: true } as const;
const withoutPairs = { ...manyest, width: 4n * TICKS_PER_HOUR, unit: 4n * TICKS_PER_HOUR };

/** Keyed by plan hash. The first plan of each rule is deployed at the beginning. */
const specs: Readonly<Record<string, PlanSpec>> = {
  'pair-1': { ...pair, find: (rows) => pairs(rows, () => true) },
  'pair-2': { ...pair, find: (rows) => pairs(rows, (exported, removed) => exported.at <= removed.at) },
  'few-1': { ...fewest, find: (rows) => few(rows, 2) },
  'few-2': { ...fewest, find: (rows) => few(rows, 1) },
  'many-1': severalIn(2, 4n),
  'many-2': severalIn(1, 4n),
  // The same with bins of another width.
  'many-3': severalIn(2, 3n),
  // Fewer incidents, and the same pairs.
  'many-6': severalIn(3, 4n, 2),
  // Without a join on the bin, or not monotone: an edge parts no pair.
  'many-4': { ...withoutPairs, monotone: true, find: (rows) => many(rows, 2) },
  'many-5': { ...withoutPairs, monotone: false, find: (rows) => (rows.length > 3 ? undefined : many(rows, 2)) },
};

/** `across`: how many accounts it takes on both sides of an edge together. */
function severalIn(least: number, hours: bigint, acrossLeast: number = least): PlanSpec {
  const width = hours * TICKS_PER_HOUR;
  return {
    ...manyest,
    width,
    unit: width,
    find: (rows) => many(rows, least),
    findSplit: (before, after) => across(before, after, acrossLeast),
  };
}

/** What the messages of each rule say of it; judge-messages.ts has it once more. */
const facts: Readonly<Record<RuleName, RuleFacts>> = {
  pair: factsOf('pair', 'Export and removal', 'High', ['Collection', 'Exfiltration'], ['T1114.002']),
  few: factsOf('few', 'Few exports', 'Informational', [], []),
  many: factsOf('many', 'Removals by several accounts', 'Medium', ['DefenseEvasion'], ['T1070']),
};

function factsOf(
  id: RuleName,
  name: string,
  severity: RuleFacts['severity'],
  tactics: readonly string[],
  techniques: readonly string[],
): RuleFacts {
  return { id, name, description: `${name}, simulated.`, severity, tactics, techniques, entityMappings: [] };
}

/** A plan as a cycle runs it, and what the judge knows of it. */
export interface SimulatedPlan {
  readonly hash: string;
  readonly rule: RuleName;
  readonly tables: readonly Table[];
  readonly program: RuleProgram;
}

export const plans: ReadonlyMap<string, SimulatedPlan> = new Map(
  Object.entries(specs).map(([hash, spec]) => [hash, { hash, rule: spec.rule, tables: spec.tables, program: programOf(hash, spec) }]),
);

/** The same with pairs that are not asked for. */
const plansWithoutPairs: ReadonlyMap<string, SimulatedPlan> = new Map(
  [...plans].map(([hash, plan]) => [hash, { ...plan, program: { ...plan.program, splitPairs: 'off' } }]),
);

const firstPlans = ['pair-1', 'few-1', 'many-1'] as const;

export const ruleNames: readonly RuleName[] = ['pair', 'few', 'many'];

/** All plans that a rule may have. */
export function plansOf(rule: string): readonly SimulatedPlan[] {
  return [...plans.values()].filter((plan) => plan.rule === rule);
}

/** The plan of each rule that is deployed at an instant. */
export function deployedAt(deployments: readonly Deployment[], now: Instant): readonly SimulatedPlan[] {
  const current = new Map<RuleName, string>(firstPlans.map((hash) => [planOf(hash).rule, hash]));
  const due = deployments.filter(({ at }) => at <= now).sort((left, right) => Number(left.at - right.at));
  let all = plans;
  for (const deployment of due) {
    if ('plan' in deployment) current.set(planOf(deployment.plan).rule, deployment.plan);
    else all = deployment.splitPairs === 'off' ? plansWithoutPairs : plans;
  }
  return [...current.values()].flatMap((hash) => all.get(hash) ?? []);
}

/** How far the bins are shifted in which a plan finds pairs; undefined where it finds none. */
export function shiftOf({ program }: SimulatedPlan): bigint | undefined {
  return pairsOf(program)?.shift;
}

/** Half the widths of the bins with which a rule finds pairs that an edge parts. */
export function halvesOf(rule: string): readonly bigint[] {
  return plansOf(rule).flatMap((plan) => shiftOf(plan) ?? []);
}

export function planOf(hash: string): SimulatedPlan {
  const plan = plans.get(hash);
  if (plan === undefined) throw new RangeError(`there is no plan ${hash}`);
  return plan;
}

/** Every incident of this host is excluded, always. */
export const EXCLUDED_HOST = 'lab01';

export function hostOf({ entities }: IncidentDraft): string {
  return entities[0]?.['FullName'] ?? '';
}

/** How a note begins that makes a message larger than the hub takes. */
export const LONG_NOTE = 'long';

const PADDING = { padding: 'x'.repeat(6_000) };

export const COLUMNS = ['at', 'host', 'account', 'note'];

function programOf(hash: string, spec: PlanSpec): RuleProgram {
  const { rule, tables, monotone, unit, width, findSplit } = spec;
  const speaker = { rule: { facts: facts[rule] }, ruleHash: hash };
  return {
    id: rule,
    hash,
    grid: { width: unit, shift: 0n },
    monotone,
    ledgerFolder: rule,
    tables,
    query: (table, { start, end }) => [hash, table, start, end].join(' '),
    anyRowQuery: (table, { start, end }) => [hash, table, start, end, 'any'].join(' '),
    decode: (table, { columns, rows }) => {
      if (columns.length !== COLUMNS.length) return { kind: 'problem', problem: 'the answer lacks a column' };
      return {
        kind: 'rows',
        rows: rows.map(([at, ...texts]) => ({ table, values: [BigInt(String(at)), ...texts.map(String)], evidence: [] })),
      };
    },
    draft: ({ workspaceId, rows }) => drafts(spec, workspaceId, [...rows.values()].flat().map(cells)),
    ...(findSplit === undefined ? {} : { splitPairs: splitPairsOf(spec, width / 2n, findSplit) }),
    activeMessage: (input) => activeMessage({ ...speaker, ...input }),
    withdrawnMessage: (input) => withdrawnMessage({ ...speaker, ...input }),
  };
}

function splitPairsOf({ rule, width }: PlanSpec, shift: bigint, find: NonNullable<PlanSpec['findSplit']>): SplitPairs {
  return {
    shift,
    eventTime: ({ values: [at] }) => at as Instant,
    draft: ({ workspaceId, rows }) => {
      const all = [...rows.values()].flat().map(cells);
      const groups = new Map(all.map((row) => [`${startOf(row)} ${row.host}`, row]));
      return [...groups.values()].flatMap((one) => {
        const start = startOf(one);
        const near = all.filter((row) => row.host === one.host && startOf(row) === start);
        const edge = addTicks(start, shift);
        const isBefore = ({ at }: Cells): boolean => at < edge;
        const found = find(
          near.filter(isBefore),
          near.filter((row) => !isBefore(row)),
        );
        return found === undefined ? [] : [draftOf(rule, workspaceId, 'split-by-bin-edge', start, width, [one.host], found)];
      });
    },
  };
  function startOf({ at }: Cells): Instant {
    return addTicks(binStart(addTicks(at, -shift), width), shift);
  }
}

function cells({ table, values }: SourceRow): Cells {
  const [at, host, account, note] = values;
  return { table, at: at as Instant, host: String(host), account: String(account), note: String(note) };
}

function drafts({ rule, width, find }: PlanSpec, workspaceId: string, rows: readonly Cells[]): readonly IncidentDraft[] {
  const groups = new Map<string, { readonly start: Instant; readonly who: readonly string[]; readonly rows: Cells[] }>();
  for (const row of rows) {
    const start = binStart(row.at, width);
    const who = rule === 'pair' ? [row.host, row.account] : [row.host];
    const key = `${start} ${who.join(' ')}`;
    const group = groups.get(key) ?? { start, who, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ start, who, rows: ofGroup }) => {
    const found = find(ofGroup);
    return found === undefined ? [] : [draftOf(rule, workspaceId, 'rule', start, width, who, found)];
  });
}

/** Readable, and of characters that a path may have. */
export function incidentId(rule: string, workspace: string, start: Instant, minutes: bigint, who: readonly string[]): string {
  return [rule, workspace, formatInstant(start).slice(0, 16).replace(':', ''), `${minutes}m`, ...who].join('.');
}

/** What an incident's id says. */
export function partsOf(id: string): { readonly rule: string; readonly workspace: string; readonly host: string } {
  const [rule = '', workspace = '', , , host = ''] = id.split('.');
  return { rule, workspace, host };
}

function draftOf(
  rule: RuleName,
  workspaceId: string,
  match: Match,
  start: Instant,
  width: bigint,
  who: readonly string[],
  { results, evidence }: Found,
): IncidentDraft {
  const [host = '', account] = who;
  const startText = formatInstant(start);
  const mapped: RawIdentity[5][number][] = [['Host', [['FullName', host]]]];
  if (account !== undefined) mapped.unshift(['Account', [['FullName', account]]]);
  const rows = evidenceRows(evidence);
  return {
    id: incidentId(rule, workspaceId, start, width / TICKS_PER_MINUTE, match === 'rule' ? who : [...who, 'split']),
    identity: [rule, workspaceId, match, startText, Number(width), mapped],
    bin: { start, end: addTicks(start, width) },
    entities: who.map((name, index) => ({ $id: String(index + 1), Type: index === 0 ? 'host' : 'account', FullName: name })),
    missingEntities: [],
    results: results.map((is) => ({ is, ...(is.includes(LONG_NOTE) ? PADDING : {}) })),
    rows,
    digest: hashOf([...results, ...rows.map(({ table, columns }) => `${table} ${Object.values(columns).join(' ')}`)].join('\n')).toString(
      16,
    ),
  };
}
