import { isDue, isFinal, retryAt } from '../../src/hunt/due';
import { isBetweenAudits, PROMISE, quietTicks } from './generate';
import { planChanges, type History, type HistoryRow } from './history';
import type { Outcome } from './play';
import { messageOf } from './messages';
import { planOf, shiftOf } from './rules';
import type { LedgerBin } from './stored-ledger';
import { instant, TICKS_PER_HOUR } from '../../src/value/instant';

/** Counts what a history had in it and where it came to: kinds of rows, states of bins, kinds of change. */
export function countEndPoints(outcome: Outcome): void {
  const { world, history, instances, inHistory, atEnd } = outcome;
  const { hits } = world;
  history.rows.forEach((row, index) => hits.count(`row: ${kindOfRow(row, history.rows.slice(0, index))}`));
  history.rows
    .filter(({ at }) => at % TICKS_PER_HOUR === 0n || (at + 1n) % TICKS_PER_HOUR === 0n)
    .forEach(() => hits.count('row: at an edge'));
  for (const { at, plan } of planChanges(history.deployments)) hits.count(`deployment: ${kindOfDeployment(history, at, plan)}`);
  for (const deployment of history.deployments) {
    const turn = 'splitPairs' in deployment ? deployment.splitPairs : undefined;
    if (turn !== undefined) hits.count(`split pairs: turned ${turn}`);
  }
  for (const each of inHistory.bins) for (const state of statesOf(each, inHistory.at)) hits.count(`bin in mid-history: ${state}`);
  for (const { rule, folder, bin, record } of atEnd) {
    if (record.evaluatedAt !== undefined && record.evaluatedAt >= bin.end + 7n * 24n * TICKS_PER_HOUR) hits.count('bin: audited');
    if (record.evaluatedAt === undefined && Object.keys(record.incidents).length > 0) hits.count('bin: retired');
    for (const { status, refused } of Object.values(record.incidents)) {
      if (status === 'excluded') hits.count(folder === rule ? 'change: excluded' : 'split pair: excluded');
      hits.count('message: refused', refused.length);
    }
  }
  for (const { report, troubled, until } of instances) {
    for (const { shrunk } of report?.rules ?? []) hits.count('bin: shrunk', shrunk.length);
    const isOutOfTime = !troubled && until === undefined && report?.rules.some(({ summary }) => summary.bins.left > 0);
    if (isOutOfTime === true) hits.count('cycle: out of time');
  }
  countMessages(outcome);
}

function kindOfRow({ arrives, at, host, note, account, table, workspace }: HistoryRow, earlier: readonly HistoryRow[]): string {
  const isCopy = earlier.some(
    (other) =>
      other.at === at &&
      other.host === host &&
      other.note === note &&
      other.account === account &&
      other.table === table &&
      other.workspace === workspace,
  );
  if (isCopy) return 'copy';
  const lateness = arrives - at;
  if (lateness > PROMISE) return 'row after the promise';
  if (lateness === PROMISE) return 'latest row';
  return lateness > TICKS_PER_HOUR ? 'late row' : 'on time';
}

function kindOfDeployment(history: History, at: History['end'], plan: string): string {
  const quiet = quietTicks(history);
  if (at > quiet.audit) return 'after the audit';
  if (isBetweenAudits(history, at)) return 'between two audits';
  if (at > quiet.final) return 'between final and audit';
  const before = planChanges(history.deployments).findLast((other) => other.at < at && planOf(other.plan).rule === planOf(plan).rule);
  const had = before === undefined || shiftOf(planOf(before.plan)) !== undefined;
  if (planOf(plan).rule === 'many' && had !== (shiftOf(planOf(plan)) !== undefined))
    return had ? 'without split pairs' : 'with split pairs';
  return plan === 'many-3' ? 'other bins' : 'same bins';
}

function statesOf({ bin, record }: LedgerBin, now: History['end']): readonly string[] {
  const { evaluatedAt, failure, incidents, ruleHash } = record;
  const states: string[] = [];
  const recorded = { evaluatedAt, ruleHash, failure: undefined, tables: {}, incidents: {} };
  const { monotone } = planOf(ruleHash ?? 'pair-1').program;
  if (failure !== undefined) {
    const mayRetry = retryAt({ ...failure, since: failure.lastAt, code: '', range: bin }) <= now;
    states.push(mayRetry ? 'failing and due' : 'failing');
  } else if (isDue(bin, recorded, monotone, now)) states.push('due');
  if (bin.end > now) states.push('open');
  else if (evaluatedAt === undefined) states.push('closed, not evaluated');
  else if (isFinal(bin, recorded)) states.push('final');
  else states.push('evaluated');
  if (Object.values(incidents).some(({ pending }) => pending.length > 0)) states.push('with a message pending');
  return states;
}

function countMessages({ world, history, whenFinal }: Outcome): void {
  const { hits } = world;
  const finalAt = new Map(
    whenFinal.flatMap(({ bin, record: { evaluatedAt, incidents } }) =>
      evaluatedAt !== undefined && evaluatedAt >= bin.end + 49n * TICKS_PER_HOUR
        ? Object.entries(incidents).map(([id, { revision }]) => [id, revision] as const)
        : [],
    ),
  );
  const between = history.deployments.filter(({ at }) => isBetweenAudits(history, at));
  const times = new Map<string, number>();
  const withdrawn = new Set<string>();
  const revisions = new Map<string, number>();
  for (const { body } of world.received) {
    const count = (times.get(body) ?? 0) + 1;
    times.set(body, count);
    hits.count(count === 1 ? 'message: sent once' : 'message: sent again');
    if (count > 1) continue;
    const { id, match, revision, status, reason, hash, detectedAt } = messageOf(body);
    if (revision > (revisions.get(id) ?? 0) + 1) hits.count(`restored: ${revisions.has(id) ? 'told again' : 'begins above revision 1'}`);
    revisions.set(id, Math.max(revision, revisions.get(id) ?? 0));
    const [active, taken] = match === 'rule' ? ['change: ', 'change: withdrawn: '] : ['split pair: ', 'split pair: '];
    if (status === 'withdrawn') {
      withdrawn.add(id);
      hits.count(`${taken}${reason ?? 'for no reason'}`);
      if (match !== 'rule' && reason === 'rule-changed' && shiftOf(planOf(hash)) === undefined)
        hits.count('split pair: taken back for good');
      if (reason === 'superseded' && revision > (finalAt.get(id) ?? revision)) hits.count('split pair: superseded when final');
    } else if (match !== 'rule' && between.some(({ at }) => instant(detectedAt) >= at)) hits.count('split pair: given back');
    else hits.count(`${active}${revision === 1 ? 'new' : withdrawn.has(id) ? 'active again' : 'revised'}`);
  }
}
