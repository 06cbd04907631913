import type { Bin } from '../../src/hunt/bins';
import { addTicks, formatInstant, TICKS_PER_DAY, TICKS_PER_HOUR } from '../../src/value/instant';
import { mostAhead, planChanges } from './history';
import { isOverdue } from './calm';
import { hasGap } from './judge-backfill';
import { halvesOf, planOf, shiftOf } from './rules';
import {
  headOf,
  parseBin,
  placeOf,
  shiftedFrom,
  storedBins,
  storedHead,
  storedDay,
  type StoredBin,
  type StoredDay,
  type StoredIncident,
} from './stored-ledger';
import type { Counted } from './counted';
import type { World } from './world';

/** What must hold of every write of the ledger and of every message sent, and not only at the end. */
export class Watch {
  private readonly world: World;
  private readonly wrong = new Set<string>();
  /** Every message that the ledger ever had pending. */
  private readonly written = new Set<string>();
  /** A source that gives fewer rows than it has makes the counts say nothing. */
  private readonly countsSay: boolean;
  private readonly mostAhead: bigint;

  constructor(world: World) {
    this.world = world;
    this.countsSay = !world.history.conditions.some(({ kind }) => kind === 'thin' || kind === 'retention');
    this.mostAhead = mostAhead(world.history);
    world.ledger.onWrite = (path, before, after) => {
      if (world.isRestoring) this.restored(path, after);
      else if (path.endsWith('/head.json')) this.headWritten(path, before, after);
      else this.dayWritten(path, before === undefined ? new Map() : storedDay(before), storedDay(after));
    };
    world.onReceive = (body) => {
      if (!this.written.has(body)) this.wrong.add('a message was sent that the ledger never had pending');
    };
  }

  /** What was seen to be wrong until now. */
  found(): readonly string[] {
    return [...this.wrong];
  }

  /** What is not known any more is what was told of it before: a version that is brought back says less, and nothing else. */
  private restored(path: string, after: string): void {
    const { damaged, restored, forgotten, hits } = this.world;
    const before = damaged.get(path);
    if (before === undefined) return;
    damaged.delete(path);
    const isHead = path.endsWith('/head.json');
    hits.count(`restored: ${isHead ? 'head' : path.includes('/split/') ? 'day of shifted bins' : 'day'}`);
    if (isHead) return;
    restored.add(path);
    const known = storedDay(after);
    const { rule } = placeOf(path);
    if (planChanges(this.world.history.deployments).some(({ plan }) => planOf(plan).rule === rule))
      hits.count('restored: of a rule that is deployed again');
    for (const [key, { incidents }] of storedDay(before)) {
      for (const id of Object.keys(incidents)) if (known.get(key)?.incidents[id] === undefined) forgotten.add(id);
    }
  }

  /** Called before the write: what is settled must have been audited, with nothing pending, when that is written. */
  private headWritten(path: string, before: string | undefined, after: string): void {
    const { workspace, rule, folder } = placeOf(path);
    const was = headOf(before ?? '{}');
    const { coveredFrom, settledThrough } = headOf(after);
    if (was.coveredFrom !== undefined && was.coveredFrom !== coveredFrom) this.wrong.add(`${path} covers from another time than before`);
    if (was.settledThrough !== undefined && (settledThrough ?? 0n) < was.settledThrough)
      this.wrong.add(`${path} is settled less far than before`);
    if (settledThrough === undefined || settledThrough === was.settledThrough) return;
    const from = folder === rule ? coveredFrom : shiftedFrom(this.world.ledger, workspace, rule, halvesOf(rule));
    const { unsettled } = headOf(after);
    const isLater = ({ start }: Bin): boolean => unsettled.some((range) => start >= range.start && start < range.end);
    // A shifted bin that shares time with an unsettled range is looked at as a whole.
    const half = folder === rule ? 0n : halvesOf(rule).reduce((widest, each) => (each > widest ? each : widest), 0n);
    const done: Bin[] = unsettled.map(({ start, end }) => ({ start, end: addTicks(end, half) }));
    for (const each of storedBins(this.world.ledger)) {
      if (each.workspace !== workspace || each.folder !== folder) continue;
      const { bin, record } = each;
      if (record.evaluatedAt !== undefined && record.evaluatedAt >= addTicks(bin.end, 7n * TICKS_PER_DAY)) done.push(bin);
      const isPending = Object.values(record.incidents).some(({ pending }) => pending.length > 0);
      if (isPending && bin.start < settledThrough && !isLater(bin))
        this.wrong.add(`${path} settles ${formatInstant(bin.start)} with a message pending`);
    }
    done.sort((left, right) => Number(left.start - right.start));
    const isAudited = !hasGap({ start: from ?? coveredFrom ?? settledThrough, end: settledThrough }, done);
    // Under a plan that finds no pairs the shifted bins are settled with the rule's own, unaudited.
    const hasFormer =
      folder !== rule &&
      planChanges(this.world.history.deployments).some(({ plan }) => planOf(plan).rule === rule && shiftOf(planOf(plan)) === undefined);
    const own = storedHead(this.world.ledger, workspace, rule).settledThrough ?? 0n;
    if (hasFormer ? settledThrough > own : !isAudited) this.wrong.add(`${path} settles bins that were not audited`);
  }

  private dayWritten(path: string, before: StoredDay, after: StoredDay): void {
    for (const key of before.keys()) if (!after.has(key)) this.wrong.add(`a write of ${path} forgot ${key}`);
    for (const [key, record] of after) if (before.get(key) !== record) this.binWritten(path, key, before.get(key), record);
  }

  private binWritten(path: string, key: string, before: StoredBin | undefined, after: StoredBin): void {
    const { evaluatedAt } = after;
    const { workspace, rule } = placeOf(path);
    const { counter } = this.world;
    if (evaluatedAt !== undefined && before?.evaluatedAt !== evaluatedAt) {
      if (before?.evaluatedAt !== undefined && evaluatedAt < before.evaluatedAt)
        this.wrong.add(`a write of ${path} took the evaluation of ${key} back`);
      counter.count(workspace, rule, 'done');
      const final = addTicks(parseBin(key).end, 49n * TICKS_PER_HOUR);
      if ((before?.evaluatedAt ?? 0n) < final && evaluatedAt >= final) counter.count(workspace, rule, 'final');
      if (this.countsSay && !this.isComplete(workspace, parseBin(key), after))
        this.wrong.add(`${path} ${key} was marked evaluated at ${formatInstant(evaluatedAt)} without all its rows`);
    }
    const [failed, fails] = [before?.failure, after.failure];
    const isNext = failed === undefined ? fails?.count === 1 : fails?.count === failed.count + 1 && fails.since === failed.since;
    if (fails !== undefined && fails.lastAt !== failed?.lastAt && !isNext) this.wrong.add(`${path} ${key} does not count its failures`);
    // One that was evaluated for its pass would not be tried again before the next. A shifted one may have been given a pair back.
    const wasDone = evaluatedAt !== undefined && evaluatedAt === before?.evaluatedAt && after.superseded === undefined;
    if (wasDone && fails !== undefined && fails.lastAt !== failed?.lastAt) {
      const { failure: _, ...whole } = after;
      if (!isOverdue(parseBin(key), whole, true, fails.lastAt)) this.wrong.add(`${path} ${key} is failing, and was evaluated for its pass`);
    }
    if (fails === undefined && failed !== undefined && evaluatedAt === before?.evaluatedAt && evaluatedAt !== undefined)
      this.wrong.add(`${path} ${key} is failing no more, and was not evaluated`);
    for (const [id, incident] of Object.entries(after.incidents)) {
      const was = before?.incidents[id];
      this.incidentWritten(id, was, incident);
      counter.count(workspace, rule, 'refused', incident.refused.length - (was?.refused.length ?? 0));
      if (incident.revision !== was?.revision) counter.count(workspace, rule, kindOf(was, incident));
    }
    for (const id of Object.keys(before?.incidents ?? {}))
      if (after.incidents[id] === undefined) this.wrong.add(`a write of ${path} forgot ${id}`);
  }

  private incidentWritten(id: string, before: StoredIncident | undefined, after: StoredIncident): void {
    const since = before?.revision ?? 0;
    if (after.revision < since) this.wrong.add(`${id} went back from revision ${since} to ${after.revision}`);
    if (before?.status === 'excluded' && (after.status !== 'excluded' || after.revision !== since))
      this.wrong.add(`${id} was excluded and is not any more`);
    for (const { body } of after.pending) this.written.add(body);
    const kept = new Set(after.pending.map(({ body }) => body));
    for (const { revision, body } of before?.pending ?? []) {
      if (!kept.has(body) && !this.world.messages.has(body))
        this.wrong.add(`${id} revision ${revision} was pending, and is no more, and the hub has it not`);
    }
  }

  /** Whether an evaluation had as many rows as there were when it began. */
  private isComplete(workspace: string, bin: Bin, { evaluatedAt = bin.start, ruleHash = '', tables }: StoredBin): boolean {
    const begun = addTicks(evaluatedAt, -this.mostAhead);
    return planOf(ruleHash).tables.every((table) => {
      const there = this.world.history.rows.filter(
        (row) => row.workspace === workspace && row.table === table && row.at >= bin.start && row.at < bin.end && row.arrives <= begun,
      );
      return there.length <= (tables[table]?.rows ?? 0);
    });
  }
}

function kindOf(before: StoredIncident | undefined, { status }: StoredIncident): Counted {
  if (status !== 'active') return status;
  return before === undefined ? 'new' : 'revised';
}
