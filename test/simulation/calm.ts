import { addTicks, binStart, formatInstant, TICKS_PER_MINUTE, type Instant, type TimeRange } from '../../src/value/instant';
import type { Begun, Instance } from './instance';
import { pairsLeft } from './calm-pairs';
import { textOf } from './messages';
import { shiftOf, type SimulatedPlan } from './rules';
import { shiftedFrom, splitFolder, storedDay, storedHead, type StoredBin } from './stored-ledger';
import { truthOf } from './truth';
import type { World } from './world';

/**
 * What must hold after a cycle that ran alone and came to its end, and to which nothing happened but answers of the row source that came
 * to nothing: those are each their bin's own affair.
 */
export function afterCalm(world: World, instance: Instance): readonly string[] {
  const { plans, workspaceIds, report, hadBadPulls, signal } = instance;
  if (report === undefined) return [];
  const { failure } = report;
  const failed =
    failure === undefined || hadBadPulls || signal.signal.aborted ? [] : [`a cycle failed though nothing was wrong: ${failure}`];
  const lanes = workspaceIds.flatMap((workspace) => plans.map((plan) => ({ workspace, plan })));
  return [
    ...failed,
    ...inTime(instance),
    ...inVain(instance),
    ...lanes.flatMap((lane) => [
      ...order(instance, lane, false),
      ...order(instance, lane, true),
      ...pending(world, lane),
      ...passes(world, instance, lane),
      ...pairsLeft(world, instance, lane),
    ]),
  ];
}

export interface LaneOf {
  readonly workspace: string;
  readonly plan: SimulatedPlan;
}

/** The open bin first, then the one that closed last, then the others, oldest first, then those of older ranges; of the shifted bins those that are pulled. */
function order({ begun, startedAt }: Instance, { workspace, plan }: LaneOf, isShifted: boolean): readonly string[] {
  const { width } = plan.program.grid;
  const shift = isShifted ? (shiftOf(plan) ?? 0n) : 0n;
  const open = addTicks(binStart(addTicks(startedAt, -shift), width), shift);
  const rank = ({ start, isOlder }: Begun): bigint => (isOlder ? start + open : start >= addTicks(open, -width) ? 0n - start : start);
  const ofRule = begun.filter((each) => each.workspace === workspace && each.rule === plan.rule && each.isShifted === isShifted);
  const inTurn = ofRule.filter(({ awaitsSource }) => !awaitsSource);
  const inOrder = inTurn.every((each, index) => index === 0 || rank(inTurn[index - 1] ?? each) < rank(each));
  return inOrder ? [] : [`${plan.rule} took its bins in another order`];
}

/** Bins that are worked on side by side, of all rules. */
const AT_ONCE = 5;

/** Once there is no time, none is begun but those whose turn it was. */
function inTime({ begun, deadline }: Instance): readonly string[] {
  const late = begun.filter(({ at, afterEnd }) => afterEnd || (deadline !== undefined && at >= deadline));
  return late.length < AT_ONCE ? [] : [`${late.length} bins were begun when the time was over`];
}

/** None was pulled for which no pass had come: a tick that comes twice changes nothing. A shifted one may have been given a pair back. */
function inVain({ begun, plans, startedAt }: Instance): readonly string[] {
  const idle = begun.filter(({ rule, start, record, isShifted, awaitsSource }) => {
    const program = plans.find((plan) => plan.rule === rule)?.program;
    if (program === undefined || awaitsSource || (isShifted && record?.superseded !== undefined)) return false;
    return !isOverdue({ start, end: addTicks(start, program.grid.width) }, record, program.monotone, startedAt);
  });
  return idle.map(({ rule, start }) => `${rule} ${formatInstant(start)} was pulled though no pass had come`);
}

/** None is left, but under a head that cannot be read, and of pairs where nobody asks for them: then no day of it is looked at. */
function pending(world: World, { workspace, plan }: LaneOf): readonly string[] {
  const folder = `${workspace}/${plan.rule}/`;
  const isHeadless = (path: string): boolean =>
    [`${folder}head.json`, path.replace(/[^/]+$/, 'head.json')].some((head) => world.damaged.has(head));
  const isOff = (path: string): boolean => plan.program.splitPairs === 'off' && path.startsWith(`${workspace}/${splitFolder(plan.rule)}/`);
  const days = world.ledger
    .entries()
    .filter(([path, body]) => path.startsWith(folder) && body.includes('"pending":[{') && !isHeadless(path) && !isOff(path));
  return days.map(([path]) => `${path} has messages pending after a cycle to which nothing happened`);
}

/** Every bin was evaluated since its latest pass, or is failing and waits; and what it found is what its rows say. */
function passes(world: World, instance: Instance, lane: LaneOf): readonly string[] {
  const { workspace, plan } = lane;
  const { startedAt, until } = instance;
  const { rule, program } = plan;
  const summary = instance.report?.rules.find((each) => each.summary.ruleId === rule && each.summary.workspaceId === workspace)?.summary;
  const { coveredFrom, settledThrough, unsettled } = storedHead(world.ledger, workspace, rule);
  const isHeadless = [rule, splitFolder(rule)].some((folder) => world.damaged.has(`${workspace}/${folder}/head.json`));
  if (summary === undefined || coveredFrom === undefined || isHeadless) return [];
  const { width } = program.grid;
  const shifted = shiftedPasses(world, instance, lane, summary.bins.left === 0);
  const wrong: string[] = [];
  const isAll = until !== undefined || summary.bins.left === 0;
  if (!isAll && !isCutShort(instance)) wrong.push(`${rule} says that ${summary.bins.left} bins are left, though there was time`);
  let { failing } = shifted;
  let uncovered: Instant | undefined;
  const fresh = new Map<Instant, StoredBin>();
  // Of what another instance evaluated, whose clock is ahead, it knows no more than the record says.
  const isPulled = (at: Instant): boolean =>
    instance.begun.some(({ start, rule: of, workspace: where }) => start === at && of === rule && where === workspace);
  const first = binStart(settledThrough ?? coveredFrom, width);
  for (const start of startsIn([...unsettled, { start: first, end: addTicks(startedAt, 1n) }], width)) {
    const bin = { start, end: addTicks(start, width) };
    const record = recordOf(world, lane, bin);
    const isHidden = isDamaged(world, lane, start);
    if (isHidden || record?.failure !== undefined) failing += 1;
    if (start >= first) uncovered ??= closedUncovered(bin, record, startedAt);
    if (isHidden) continue;
    if (isPulled(start) && record?.evaluatedAt !== undefined && record.evaluatedAt >= startedAt && record.ruleHash === plan.hash)
      fresh.set(start, record);
    const isInPart = until === undefined || start < until;
    if (isAll && isInPart && isOverdue(bin, record, program.monotone, startedAt))
      wrong.push(`${rule} ${formatInstant(start)} was due and was passed over at ${formatInstant(startedAt)}`);
  }
  if (summary.bins.failing !== failing) wrong.push(`${rule} reports ${summary.bins.failing} failing bins, and ${failing} are`);
  const oldest = [uncovered, shifted.uncovered].flatMap((close) =>
    close === undefined ? [] : Number((startedAt - close) / TICKS_PER_MINUTE),
  );
  const { oldestUncoveredMinutes: said } = summary;
  if (said !== Math.max(0, ...oldest)) wrong.push(`${rule} says that ${said} minutes are not covered, and ${Math.max(0, ...oldest)} are`);
  return [...shifted.wrong, ...wrong, ...findings(world, instance, lane, fresh)];
}

/** It had no time for all of its bins. */
function isCutShort({ deadline, endedAt, signal }: Instance): boolean {
  return signal.signal.aborted || (deadline !== undefined && endedAt !== undefined && endedAt >= deadline);
}

/** The close of a bin without an evaluation that began after it. */
function closedUncovered({ end }: TimeRange, record: StoredBin | undefined, now: Instant): Instant | undefined {
  return end <= now && (record?.evaluatedAt ?? 0n) <= end ? end : undefined;
}

interface ShiftedPasses {
  readonly failing: number;
  /** The close of the oldest one that was not evaluated since. */
  readonly uncovered: Instant | undefined;
  readonly wrong: readonly string[];
}

/** The same of the bins that are shifted by half, which are due from their first edge on. */
function shiftedPasses(world: World, { startedAt, until }: Instance, lane: LaneOf, isAll: boolean): ShiftedPasses {
  const { workspace, plan } = lane;
  const folder = splitFolder(plan.rule);
  const { settledThrough, unsettled } = storedHead(world.ledger, workspace, folder);
  const shift = shiftOf(plan);
  const from = shift === undefined ? undefined : shiftedFrom(world.ledger, workspace, plan.rule, [shift]);
  if (shift === undefined || from === undefined) return { failing: 0, uncovered: undefined, wrong: [] };
  const { width } = plan.program.grid;
  const wrong: string[] = [];
  let failing = 0;
  let uncovered: Instant | undefined;
  const first = addTicks(binStart(addTicks(settledThrough ?? from, -shift), width), shift);
  for (const start of startsIn([...unsettled, { start: first, end: addTicks(startedAt, 1n) }], width, shift)) {
    const bin = { start, end: addTicks(start, width) };
    const record = recordOf(world, lane, bin, folder);
    const isHidden = isDamaged(world, lane, start, folder);
    if (isHidden || record?.failure !== undefined) failing += 1;
    if (start >= first) uncovered ??= closedUncovered(bin, record, startedAt);
    // Nor is one looked at under which an own bin cannot be read.
    if (isHidden || [start, addTicks(start, shift)].some((under) => isDamaged(world, lane, binStart(under, width)))) continue;
    const hasEdge = addTicks(start, shift) <= startedAt;
    if (isAll && hasEdge && until === undefined && isOverdue(bin, record, true, startedAt))
      wrong.push(`${folder} ${formatInstant(start)} was due and was passed over at ${formatInstant(startedAt)}`);
  }
  return { failing, uncovered, wrong };
}

/** Starts of the bins that share time with the ranges, in their order. */
function startsIn(ranges: readonly TimeRange[], width: bigint, shift: bigint = 0n): readonly Instant[] {
  return ranges.flatMap((range) => {
    const starts: Instant[] = [];
    let start = addTicks(binStart(addTicks(range.start, -shift), width), shift);
    for (; start < range.end; start = addTicks(start, width)) starts.push(start);
    return starts;
  });
}

const MINUTES_AFTER_CLOSE = [15, 30, 60, 120, 240, 480, 960, 1920, 49 * 60, 7 * 24 * 60];

/** DESIGN in numbers: 15 min to 32 h after the close, 49 h, 7 d; before that a monotone rule's bin is due at each tick. */
export function isOverdue({ start, end }: TimeRange, record: StoredBin | undefined, monotone: boolean, now: Instant): boolean {
  const reached = MINUTES_AFTER_CLOSE.map((minutes) => addTicks(end, BigInt(minutes) * TICKS_PER_MINUTE)).filter((pass) => pass <= now);
  const pass = reached.at(-1) ?? (monotone && now >= start ? now : undefined);
  if (pass === undefined || (record?.evaluatedAt !== undefined && record.evaluatedAt >= pass)) return false;
  if (record?.failure === undefined) return true;
  const minutes = Math.min(5 * 2 ** (record.failure.count - 1), 60);
  return addTicks(record.failure.lastAt, BigInt(minutes) * TICKS_PER_MINUTE) <= now;
}

/** What the incidents of bins say that this cycle evaluated, against all their rows that had arrived. */
function findings(
  world: World,
  { skew }: Instance,
  { workspace, plan }: LaneOf,
  fresh: ReadonlyMap<Instant, StoredBin>,
): readonly string[] {
  const { history, messages } = world;
  const isWhole = !history.conditions.some(({ kind }) => kind === 'thin' || kind === 'retention');
  if (!isWhole || fresh.size === 0) return [];
  const { width } = plan.program.grid;
  // Whether a pull met the rows that came while it waited for its answer is not known here; then nothing is said of the bin.
  const moot = new Set<Instant>();
  const rows = history.rows.filter((row) => {
    const start = binStart(row.at, width);
    const evaluatedAt = fresh.get(start)?.evaluatedAt;
    if (row.workspace !== workspace || evaluatedAt === undefined) return false;
    const begun = addTicks(evaluatedAt, -skew);
    if (row.arrives > begun && row.arrives <= world.now) moot.add(start);
    return row.arrives <= begun;
  });
  const isSure = (start: Instant): boolean => !moot.has(start);
  const truth = truthOf(
    plan.hash,
    rows.filter(({ at }) => isSure(binStart(at, width))),
  );
  const recorded = new Map([...fresh].flatMap(([start, { incidents }]) => (isSure(start) ? Object.entries(incidents) : [])));
  const wrong: string[] = [];
  for (const [id, { content }] of truth) {
    const last = messages.lastOf(id);
    if (recorded.get(id)?.status === 'excluded') continue;
    if (last?.status !== 'active' || textOf(last) !== content) wrong.push(`${id} is missed right after its bin was evaluated`);
  }
  for (const id of recorded.keys())
    if (!truth.has(id) && messages.lastOf(id)?.status === 'active')
      wrong.push(`${id} is active right after its bin was evaluated, and not true`);
  return wrong;
}

function isDamaged({ damaged }: World, { workspace, plan }: LaneOf, start: Instant, folder: string = plan.rule): boolean {
  return damaged.has(`${workspace}/${folder}/${formatInstant(start).slice(0, 10)}.json`);
}

function recordOf(world: World, { workspace, plan }: LaneOf, { start, end }: TimeRange, folder: string = plan.rule): StoredBin | undefined {
  const text = formatInstant(start);
  const body = world.ledger.read(`${workspace}/${folder}/${text.slice(0, 10)}.json`)?.body;
  return body === undefined ? undefined : storedDay(body).get(`${text}/${formatInstant(end)}`);
}
