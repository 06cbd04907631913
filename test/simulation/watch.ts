import type { Bin } from '../../src/hunt/bins';
import { formatInstant, type Instant } from '../../src/value/instant';
import type { Instance } from './instance';
import { planOf } from './rules';
import { parseBin, storedDay, type StoredBin } from './stored-ledger';
import type { World } from './world';

/** What must hold all along, and not only at the end. */
export class Watch {
  private readonly world: World;
  private readonly seen = new Map<string, Instant>();
  private readonly bodies = new Map<string, string>();
  /** A source that gives fewer rows than it has makes the counts say nothing. */
  private readonly isWhole: boolean;

  private readonly lost: string[] = [];

  /** While instances share the world, no write may undo another's. */
  constructor(world: World, isShared: () => boolean) {
    this.world = world;
    world.ledger.onWrite = (path, before, after) => {
      if (isShared() && !path.endsWith('/head.json')) this.lost.push(...lostBetween(path, before, after));
    };
    this.isWhole = !world.history.conditions.some(({ kind }) => kind === 'thin' || kind === 'retention');
  }

  /** Since it was last asked: no record was lost, and no bin was marked evaluated by an evaluation that had not all the rows that were there when it began. */
  evaluations(): readonly string[] {
    const wrong = this.lost.splice(0);
    if (!this.isWhole) return wrong;
    for (const [path, body] of this.world.ledger.entries()) {
      if (path.endsWith('/head.json') || this.bodies.get(path) === body) continue;
      this.bodies.set(path, body);
      const [workspace = ''] = path.split('/');
      for (const [key, record] of Object.entries(storedDay(body))) {
        const { evaluatedAt } = record;
        const name = `${path} ${key}`;
        if (evaluatedAt === undefined || this.seen.get(name) === evaluatedAt) continue;
        this.seen.set(name, evaluatedAt);
        if (!this.isComplete(workspace, parseBin(key), record))
          wrong.push(`${path} ${key} was marked evaluated at ${formatInstant(evaluatedAt)} without all its rows`);
      }
    }
    return wrong;
  }

  /** After a cycle to which nothing happened, nothing is pending, and it did not fail. */
  afterCalm({ report, plans, workspaceIds, signal }: Instance): readonly string[] {
    const failed =
      report?.failure === undefined || signal.signal.aborted ? [] : [`a cycle failed though nothing was wrong: ${report.failure}`];
    const folders = plans.flatMap(({ rule }) => workspaceIds.map((workspace) => `${workspace}/${rule}/`));
    const pending = this.world.ledger
      .entries()
      .filter(([path, body]) => folders.some((each) => path.startsWith(each)) && body.includes('"pending":[{'));
    return [...failed, ...pending.map(([path]) => `${path} has messages pending after a cycle to which nothing happened`)];
  }

  private isComplete(workspace: string, bin: Bin, { evaluatedAt = bin.start, ruleHash = '', tables }: StoredBin): boolean {
    return planOf(ruleHash).tables.every((table) => {
      const there = this.world.history.rows.filter(
        (row) =>
          row.workspace === workspace && row.table === table && row.at >= bin.start && row.at < bin.end && row.arrives <= evaluatedAt,
      );
      return there.length <= (tables[table]?.rows ?? 0);
    });
  }
}

function lostBetween(path: string, before: string, after: string): readonly string[] {
  const next = storedDay(after);
  return Object.entries(storedDay(before)).flatMap(([key, record]) => {
    const now = next[key];
    const isOlder = record.evaluatedAt !== undefined && now?.evaluatedAt !== undefined && now.evaluatedAt < record.evaluatedAt;
    const isForgotten = Object.entries(record.incidents).some(([id, { revision }]) => (now?.incidents[id]?.revision ?? 0) < revision);
    return now === undefined || isOlder || isForgotten ? [`a write of ${path} undid what was recorded of ${key}`] : [];
  });
}
