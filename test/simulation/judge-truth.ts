import { addTicks, binStart, instant, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import { isBetweenAudits, lullBefore, quietTicks } from './generate';
import { planChanges, type HistoryRow } from './history';
import type { Outcome } from './play';
import { deployedAt, EXCLUDED_HOST, partsOf, planOf, plansOf, ruleNames, shiftOf, type SimulatedPlan } from './rules';
import { splitFolder, storedHead, type LedgerBin } from './stored-ledger';
import { truthOf } from './truth';
import { partedOf, unlessBeside, type PartedPair, type PartedTruth } from './truth-parted';

/** Id -> content. */
type Contents = ReadonlyMap<string, string>;

/** What is posted at the end, and what the audits counted, against the rows alone. */
export function judgeTruth(outcome: Outcome): readonly string[] {
  return [...truths(outcome), ...exclusions(outcome), ...lateAfterFinal(outcome)];
}

/** The ids whose last revision is active, and its content, are the truth of the plan of each bin's last pass. */
function truths(outcome: Outcome): readonly string[] {
  const { history, world } = outcome;
  const active = new Map(world.messages.active());
  const expected = expectedOf(outcome, history.rows);
  const possible = ofWhatIsLeft(outcome);
  const excluded = excludedIds(outcome);
  const wrong: string[] = [];
  for (const [id, content] of expected) {
    const found = active.get(id);
    if (found === content || (found === undefined && (excluded.has(id) || isAcrossBeginning(outcome, id)))) continue;
    wrong.push(found === undefined ? `${id} is missed` : `${id} says other than the rows`);
  }
  for (const [id, content] of active) {
    const isAllowed = possible.get(id) === content || isLeftFromBefore(outcome, id, content) || isForgotten(outcome, id);
    if (!expected.has(id) && !isAllowed) wrong.push(`${id} is active and not true`);
  }
  return wrong;
}

/** A restored day does not know what was first told after the version; so it is not taken back, should it be gone since. */
function isForgotten({ world, history }: Outcome, id: string): boolean {
  const { rule } = partsOf(id);
  const isDeployedAgain = planChanges(history.deployments).some(({ plan }) => planOf(plan).rule === rule);
  return world.forgotten.has(id) && (id.endsWith('.split') || isDeployedAgain || plansOf(rule).some(({ program }) => !program.monotone));
}

/** Pairs across the edge at which two commands met, or one met the coverage, are found where both sides are covered when it runs. */
function isAcrossBeginning({ backfills, world }: Outcome, id: string): boolean {
  if (backfills.length === 0 || !id.endsWith('.split')) return false;
  const [, workspace = '', start = '', minutes = ''] = id.split('.');
  const half = (BigInt(minutes.slice(0, -1)) * TICKS_PER_MINUTE) / 2n;
  const edge = addTicks(instant(`${start.slice(0, 13)}:${start.slice(13)}Z`), half);
  const { coveredFrom } = storedHead(world.ledger, workspace, partsOf(id).rule);
  const ends = backfills.flatMap(({ command, startedAt }) => [command.from, addTicks(command.to, 2n * half - 1n), startedAt]);
  return [...ends, ...(coveredFrom === undefined ? [] : [coveredFrom])].some((at) => binStart(at, 2n * half) === edge);
}

/** Where pairs are not asked for in the end, those that were found before are left as they were: what a plan of the rule found by rows that were there. */
function isLeftFromBefore({ history }: Outcome, id: string, content: string): boolean {
  const { rule, workspace } = partsOf(id);
  const isOff = id.endsWith('.split') && planAt(history, rule, quietTicks(history).audit).program.splitPairs === 'off';
  const rows = history.rows.filter((row) => row.workspace === workspace);
  return (
    isOff &&
    plansOf(rule).some(({ hash }) => {
      const found = partedOf(hash, rows).get(id)?.content.split('\n') ?? [];
      return content.split('\n').every((line) => found.includes(line));
    })
  );
}

/**
 * The incidents of all the rows that were there at the audit, evaluated at once, from coveredFrom on: by the plan that was deployed then,
 * which every bin had its last pass with. Only where bins were not settled when a later plan came is it that one's.
 */
function expectedOf(outcome: Outcome, all: readonly HistoryRow[]): Contents {
  const { history, workspaceIds, world, settled } = outcome;
  const { audit, after } = quietTicks(history);
  const excluded = excludedIds(outcome);
  const expected = new Map<string, string>();
  for (const workspace of workspaceIds) {
    const rows = all.filter((row) => row.workspace === workspace && row.arrives <= audit);
    for (const rule of ruleNames) {
      const { coveredFrom, backfilled } = storedHead(world.ledger, workspace, rule);
      if (coveredFrom === undefined) continue;
      const isCovered = (start: Instant, width: bigint): boolean =>
        start >= binStart(coveredFrom, width) || backfilled.some((range) => start >= range.start && start < range.end);
      const last = planAt(history, rule, audit);
      const later = planAt(history, rule, after);
      const end = later.hash === last.hash ? undefined : settled.get(`${workspace}/${rule}`);
      const of = (plan: SimulatedPlan, from: Instant | undefined, to: Instant | undefined): void => {
        const { width } = plan.program.grid;
        const isAfter = (start: Instant): boolean => from === undefined || start >= binStart(from, width);
        const isIn = (start: Instant): boolean =>
          isCovered(start, width) && isAfter(start) && (to === undefined || start < binStart(to, width));
        for (const [id, { content }] of truthOf(
          plan.hash,
          rows.filter(({ at }) => isIn(binStart(at, width))),
        ))
          expected.set(id, content);
      };
      const [change] = changesBetweenAudits(outcome, workspace, rule);
      if (change !== undefined) of(change.before, undefined, change.auditedTo);
      of(last, change?.auditedTo, end);
      if (end !== undefined) of(later, end, undefined);
      if (last.program.splitPairs === 'off') continue;
      const { width } = last.program.grid;
      const covered = rows.filter(({ at }) => isCovered(binStart(at, width), width));
      const stands = (own: string): boolean => expected.has(own) && !excluded.has(own);
      const parted = change === undefined ? partedOf(last.hash, covered) : partedInParts(change, last, covered, excluded, stands);
      for (const [id, content] of unlessBeside(parted, stands)) expected.set(id, content);
    }
  }
  return expected;
}

/** A plan that came when some bins were audited and others not. */
interface Change {
  readonly before: SimulatedPlan;
  /** Bins that end by then had their last pass with the plan from before. */
  readonly auditedTo: Instant;
}

function changesBetweenAudits({ history, instances }: Outcome, workspace: string, rule: string): readonly Change[] {
  return history.deployments.flatMap((deployment) => {
    if (!isBetweenAudits(history, deployment.at)) return [];
    const inLull = instances.filter(({ startedAt }) => startedAt >= lullBefore(deployment) && startedAt < deployment.at);
    const lull = inLull.find((each) => each.workspaceIds.includes(workspace) && each.plans.some((plan) => plan.rule === rule))?.startedAt;
    if (lull === undefined) throw new RangeError(`nothing ran before ${rule} was deployed between audits`);
    const before = planAt(history, rule, lull);
    const isOther = before.hash !== planAt(history, rule, deployment.at).hash;
    return isOther ? [{ before, auditedTo: addTicks(lull, -AUDIT_AFTER) }] : [];
  });
}

/**
 * Pairs by the plan of the last pass of their shifted bin; which is the later plan's also where by the earlier one a pair was left to an
 * incident of the rule that the later plan has no more.
 */
function partedInParts(
  { before, auditedTo }: Change,
  last: SimulatedPlan,
  rows: readonly HistoryRow[],
  excluded: ReadonlySet<string>,
  stands: (own: string) => boolean,
): PartedTruth {
  const { width } = before.program.grid;
  const isEarly = ({ bin }: PartedPair): boolean => addTicks(instant(`${bin}Z`), width) <= auditedTo;
  const early = [...partedOf(before.hash, rows)].filter(([, pair]) => isEarly(pair));
  const stood = truthOf(before.hash, rows);
  const wasLeft = ({ beside }: PartedPair): boolean => beside.some((own) => stood.has(own) && !excluded.has(own));
  const again = new Set(early.filter(([, pair]) => wasLeft(pair) && !pair.beside.some(stands)).map(([, { bin }]) => bin));
  const late = [...partedOf(last.hash, rows)].filter(([, pair]) => !isEarly(pair) || again.has(pair.bin));
  return new Map([...early.filter(([, { bin }]) => !again.has(bin)), ...late]);
}

function planAt({ deployments }: Outcome['history'], rule: string, now: Instant): SimulatedPlan {
  const plan = deployedAt(deployments, now).find((each) => each.rule === rule);
  if (plan === undefined) throw new RangeError(`there is no rule ${rule}`);
  return plan;
}

/** Where rows are gone, a rule that is not monotone may find something new in the rest, and post it, whatever the gone rows said. */
function ofWhatIsLeft(outcome: Outcome): Contents {
  const { history, world } = outcome;
  const rows = history.rows.filter((row) => !world.isGone(row));
  if (rows.length === history.rows.length) return new Map();
  const isUnsteady = (id: string): boolean => plansOf(partsOf(id).rule).some(({ program }) => !program.monotone);
  return new Map([...expectedOf(outcome, rows)].filter(([id]) => isUnsteady(id)));
}

function excludedIds({ atEnd }: Outcome): ReadonlySet<string> {
  const incidents = atEnd.flatMap(({ record }) => Object.entries(record.incidents));
  return new Set(incidents.filter(([, { status }]) => status === 'excluded').map(([id]) => id));
}

/** An exclusion is decided once, by a cycle that began while it held, of what such a cycle can have seen. */
function exclusions(outcome: Outcome): readonly string[] {
  const { history, instances, world } = outcome;
  const windows = history.conditions.filter((condition) => condition.kind === 'exclusion');
  const isExcluding = (host: string, at: Instant): boolean => windows.some((each) => each.host === host && each.from <= at && at < each.to);
  const wrong: string[] = [];
  for (const id of excludedIds(outcome)) {
    const host = partsOf(id).host;
    if (host === EXCLUDED_HOST) continue;
    const ends = instances.flatMap(({ startedAt, endedAt, skew }) => {
      return endedAt !== undefined && isExcluding(host, addTicks(startedAt, -skew)) ? [addTicks(endedAt, -skew)] : [];
    });
    const rows = history.rows.filter(({ arrives }) => ends.some((end) => arrives <= end));
    const could = plansOf(partsOf(id).rule).some(
      ({ hash, program }) => ends.length > 0 && (!program.monotone || truthOf(hash, rows).has(id) || partedOf(hash, rows).has(id)),
    );
    if (!could) wrong.push(`${id} is excluded, and no cycle that excludes it can have found it`);
  }
  for (const [id, [first]] of world.messages.entries()) {
    const at = instant(first?.message.detectedAt ?? '');
    const runs = instances.filter(({ startedAt, endedAt }) => startedAt <= at && (endedAt === undefined || at <= endedAt));
    if (runs.every(({ startedAt, skew }) => isExcluding(partsOf(id).host, addTicks(startedAt, -skew))))
      wrong.push(`${id} was sent though all cycles at its time exclude it`);
  }
  return wrong;
}

const FINAL_AFTER = 49n * TICKS_PER_HOUR;
const AUDIT_AFTER = 7n * TICKS_PER_DAY;

/** What the audits found anew is counted, no more and no less; but for rows that were missing and not late, and for another plan. */
function lateAfterFinal(outcome: Outcome): readonly string[] {
  const { instances, history, world } = outcome;
  const counted = instances.flatMap(({ report }) => report?.rules ?? []).reduce((sum, { summary }) => sum + summary.lateAfterFinal, 0);
  world.hits.count('late after final', counted);
  const isWhole = !history.conditions.some(({ kind }) => kind === 'thin' || kind === 'retention');
  if (!isWhole || history.deployments.length > 0 || world.restored.size > 0) return [];

  const isFinal = ({ bin, record: { evaluatedAt } }: LedgerBin): boolean =>
    evaluatedAt !== undefined && evaluatedAt >= addTicks(bin.end, FINAL_AFTER);
  const wasFinal = new Map(outcome.whenFinal.filter(isFinal).map((each) => [keyOf(each), each.record.evaluatedAt]));
  const audited = new Map(outcome.atEnd.filter((each) => wasFinal.has(keyOf(each))).map((each) => [keyOf(each), each.record.evaluatedAt]));
  const excluded = excludedIds(outcome);
  const before = seenBy(outcome, wasFinal);
  const after = seenBy(outcome, audited);
  const ofRules = [...new Set([...before.keys(), ...after.keys()])].filter((id) => before.get(id) !== after.get(id));
  // What the rule's own incidents take back is theirs to be counted.
  const pairsBefore = pairsSeenBy(outcome, wasFinal);
  const pairs = [...unlessBeside(pairsSeenBy(outcome, audited), (id) => after.has(id) && !excluded.has(id))];
  const ofPairs = pairs.flatMap(([id, content]) => (pairsBefore.get(id)?.content === content ? [] : [id]));
  const changed = [...ofRules, ...ofPairs].filter((id) => !excluded.has(id));
  return changed.length === counted
    ? []
    : [`lateAfterFinal is ${counted}, and ${changed.length} detections came after the final evaluation: ${changed.join(', ')}`];
}

/** What the rows say that had arrived when their bin was evaluated; nothing of other bins. */
function seenBy({ history }: Outcome, evaluations: ReadonlyMap<string, Instant | undefined>): Contents {
  const found = ruleNames.flatMap((rule) => {
    const { hash, program } = planAt(history, rule, history.start);
    const rows = history.rows.filter((row) => {
      const start = binStart(row.at, program.grid.width);
      const evaluatedAt = evaluations.get(keyOf({ workspace: row.workspace, folder: rule, bin: { start } }));
      return evaluatedAt !== undefined && row.arrives <= evaluatedAt;
    });
    return [...truthOf(hash, rows)].map(([id, { content }]) => [id, content] as const);
  });
  return new Map(found);
}

/** Of pairs that an edge parts the same, by the evaluations of the shifted bins. */
function pairsSeenBy({ history }: Outcome, evaluations: ReadonlyMap<string, Instant | undefined>): PartedTruth {
  const found = ruleNames.flatMap((rule) => {
    const plan = planAt(history, rule, history.start);
    const { hash, program } = plan;
    const shift = shiftOf(plan);
    if (shift === undefined) return [];
    const rows = history.rows.filter((row) => {
      const start = addTicks(binStart(addTicks(row.at, -shift), program.grid.width), shift);
      const evaluatedAt = evaluations.get(keyOf({ workspace: row.workspace, folder: splitFolder(rule), bin: { start } }));
      return evaluatedAt !== undefined && row.arrives <= evaluatedAt;
    });
    return [...partedOf(hash, rows)];
  });
  return new Map(found);
}

function keyOf({
  workspace,
  folder,
  bin,
}: Pick<LedgerBin, 'workspace' | 'folder'> & { readonly bin: { readonly start: Instant } }): string {
  return `${workspace} ${folder} ${bin.start}`;
}
