import {
  addTicks,
  binStart,
  formatInstant,
  instant,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  type Instant,
} from '../../src/value/instant';
import { quietTicks } from './generate';
import { judgeMessages } from './judge-messages';
import { judgeTruth } from './judge-truth';
import { messageOf, textOf, type Message, type Sent } from './messages';
import type { Outcome } from './play';
import { deployedAt, halvesOf, partsOf, planOf, plansOf, ruleNames, shiftOf } from './rules';
import { LARGEST_MESSAGE } from './simulated-ports';
import { backfilled, hasGap } from './judge-backfill';
import { letterIn, shiftedFrom, splitFolder, storedHead, type LedgerBin } from './stored-ledger';

/** What is wrong at the end of a history; nothing where all is as it must be. */
export function judge(outcome: Outcome): readonly string[] {
  return [
    ...new Set(outcome.broken),
    ...[...outcome.world.messages.entries()].flatMap(([id, sent]) => revisions(outcome, id, sent)),
    ...judgeMessages(outcome),
    ...partitionKeys(outcome),
    ...deadLetters(outcome),
    ...coverage(outcome),
    ...backfilled(outcome),
    ...shiftedCoverage(outcome),
    ...plansOfPasses(outcome),
    ...ledgerAgrees(outcome),
    ...judgeTruth(outcome),
  ];
}

/**
 * One content a revision; 1, 2, 3 …, first sent or kept in this order; each different from the one before. On a day that was restored, which
 * revisions were made is not known: numbers may be left out, and what is active is told again.
 */
function revisions({ world }: Outcome, id: string, sent: readonly Sent[]): readonly string[] {
  const wrong: string[] = [];
  const first = new Map<number, Sent>();
  for (const each of sent) {
    const { revision } = each.message;
    const known = first.get(revision);
    if (known !== undefined && known.body !== each.body) wrong.push(`${id} revision ${revision} has two contents`);
    if (known === undefined) first.set(revision, each);
  }
  const asTheyCame = [...first.values()].map(({ message }) => message);
  const inOrder = [...asTheyCame].sort((left, right) => left.revision - right.revision);
  const { rule, workspace } = partsOf(id);
  const folder = asTheyCame[0]?.match === 'rule' ? rule : splitFolder(rule);
  if (world.restored.has(`${workspace}/${folder}/${asTheyCame[0]?.bin.start.slice(0, 10) ?? ''}.json`)) return wrong;
  if (inOrder.some(({ revision }, index) => revision !== index + 1))
    wrong.push(`${id} has the revisions ${inOrder.map(({ revision }) => revision).join(', ')}`);
  inOrder.forEach((message, index) => wrong.push(...step(message, inOrder[index - 1])));
  return wrong;
}

/** A monotone rule takes nothing back, and under one plan only adds; another one speaks of closed bins only. */
function step(message: Message, before: Message | undefined): readonly string[] {
  const wrong: string[] = [];
  const { monotone } = planOf(message.hash).program;
  const name = `${message.id} revision ${message.revision}`;
  if ((message.match === 'split-by-bin-edge') !== message.id.endsWith('.split')) wrong.push(`${name} has the match ${message.match}`);
  if (
    message.names !==
    message.id
      .split('.')
      .slice(4, message.match === 'rule' ? undefined : -1)
      .join('.')
  )
    wrong.push(`${name} names ${message.names}`);
  if (before?.status === message.status && textOf(before) === textOf(message)) wrong.push(`${name} repeats the one before`);
  if (before === undefined && message.status === 'withdrawn') wrong.push(`${name} takes back what was never sent`);
  if (message.status === 'withdrawn') {
    if (message.match === 'rule' && message.reason === 'superseded') wrong.push(`${name} of the rule itself is withdrawn: superseded`);
    if (monotone && message.reason === 'no-longer-matches') wrong.push(`${name} of a monotone rule is withdrawn: ${message.reason}`);
  } else if (monotone && before?.status === 'active' && before.hash === message.hash) {
    const lost = before.content.filter((item) => !message.content.includes(item));
    if (lost.length > 0) wrong.push(`${name} of a monotone rule has lost content`);
  }
  if (
    !monotone &&
    message.status === 'active' &&
    instant(message.detectedAt) < addTicks(instant(message.bin.end), 15n * TICKS_PER_MINUTE)
  ) {
    wrong.push(`${name} of a rule that is not monotone came before its bin was settled`);
  }
  return wrong;
}

/** All revisions of an incident have one partition key: workspace/rule/bin start. */
function partitionKeys({ world }: Outcome): readonly string[] {
  return world.received.flatMap(({ partitionKey, message: { id, rule, revision, bin } }) =>
    partitionKey === `${partsOf(id).workspace}/${rule}/${bin.start}`
      ? []
      : [`${id} revision ${revision} has the partition key ${partitionKey}`],
  );
}

/** What is too large for the hub is kept, once, under its own name, and recorded as refused; nothing else is. */
function deadLetters({ world, atEnd }: Outcome): readonly string[] {
  const kept = new Map(world.deadLetters.entries().map(([path, text]) => [path, letterIn(text)]));
  const wrong: string[] = [];
  for (const [path, body] of kept) {
    const { rule, id, revision } = messageOf(body);
    if (path !== `${partsOf(id).workspace}/${rule}/${id}/${revision}.json`)
      wrong.push(`the dead letter ${path} holds ${id} revision ${revision}`);
    if (Buffer.byteLength(body) <= LARGEST_MESSAGE) wrong.push(`the dead letter ${path} was not too large`);
  }
  const recorded = new Set<string>();
  for (const { workspace, rule, record } of atEnd) {
    for (const [id, { refused }] of Object.entries(record.incidents)) {
      for (const revision of refused) recorded.add(`${workspace}/${rule}/${id}/${revision}.json`);
    }
  }
  for (const path of recorded) if (!kept.has(path)) wrong.push(`${path} was refused and is nowhere`);
  // What a restored day does not know is not recorded there any more.
  if (world.restored.size === 0)
    for (const path of kept.keys()) if (!recorded.has(path)) wrong.push(`the dead letter ${path} is not recorded as refused`);
  return wrong;
}

const AUDIT_AFTER = 7n * TICKS_PER_DAY;

/** From coveredFrom to the end, no instant without a bin that was evaluated 7 days after its close. */
function coverage(outcome: Outcome): readonly string[] {
  const { world, history, workspaceIds, instances, atEnd } = outcome;
  return workspaceIds.flatMap((workspace) =>
    ruleNames.flatMap((rule) => {
      const wrong: string[] = [];
      const { coveredFrom, settledThrough } = storedHead(world.ledger, workspace, rule);
      if (coveredFrom === undefined) return [`${workspace}/${rule} covers nothing`];
      // The head is written by the first cycle that can; one to which nothing happened could.
      const calm = instances.findIndex(
        ({ troubled, isCommand, plans: had, workspaceIds: of }) =>
          !troubled && !isCommand && of.includes(workspace) && had.some((plan) => plan.rule === rule),
      );
      const first = instances.slice(0, calm + 1).map(({ startedAt }) => addTicks(startedAt, -49n * TICKS_PER_HOUR));
      const starts = history.startAt === undefined ? first : [history.startAt];
      const widths = plansOf(rule).map(({ program }) => program.grid.width);
      if (!starts.some((at) => widths.some((width) => binStart(at, width) === coveredFrom)))
        wrong.push(`${workspace}/${rule} covers from ${formatInstant(coveredFrom)}`);
      const bins = atEnd.filter((each) => each.workspace === workspace && each.folder === rule);
      let covered = coveredFrom;
      for (const { bin, record } of bins) {
        if (isAuditedBin({ bin, record }) && bin.start <= covered && bin.end > covered) covered = bin.end;
      }
      for (const range of storedHead(world.ledger, workspace, rule).backfilled) {
        const missed = hasGap(
          range,
          bins.filter(isAuditedBin).map(({ bin }) => bin),
        );
        if (missed) wrong.push(`${workspace}/${rule} was backfilled from ${formatInstant(range.start)} and is not covered`);
      }
      if (covered < history.end) wrong.push(`${workspace}/${rule} is not covered at ${formatInstant(covered)}`);
      const last = instances.flatMap((instance) => instance.plans).findLast((plan) => plan.rule === rule);
      for (const { bin, record } of bins) {
        const isDone = bin.start < history.end && last !== undefined && bin.end - bin.start === last.program.grid.width;
        if (isDone && record.failure !== undefined) wrong.push(`${workspace}/${rule} ${formatInstant(bin.start)} is failing at the end`);
        const pending = Object.values(record.incidents).some((incident) => incident.pending.length > 0);
        if (pending) wrong.push(`${workspace}/${rule} ${formatInstant(bin.start)} has messages pending at the end`);
      }
      const isSettled = settledThrough !== undefined && settledThrough >= history.end;
      if (coveredFrom < history.end && !isSettled) wrong.push(`${workspace}/${rule} is not settled to the end`);
      return wrong;
    }),
  );
}

function isAuditedBin({ bin, record }: Pick<LedgerBin, 'bin' | 'record'>): boolean {
  return record.evaluatedAt !== undefined && record.evaluatedAt >= addTicks(bin.end, AUDIT_AFTER);
}

/** Of the shifted bins the same, from half a bin after the beginning to less than half a bin before the end. */
function shiftedCoverage({ world, history, workspaceIds, atEnd }: Outcome): readonly string[] {
  return workspaceIds.flatMap((workspace) =>
    ruleNames.flatMap((rule) => {
      const halves = halvesOf(rule);
      const own = storedHead(world.ledger, workspace, rule).coveredFrom;
      const plan = deployedAt(history.deployments, quietTicks(history).audit).find((each) => each.rule === rule);
      const isOff = plan?.program.splitPairs === 'off';
      if (halves.length === 0 || own === undefined || own >= history.end || isOff) return [];
      const name = `${workspace}/${splitFolder(rule)}`;
      const { coveredFrom, settledThrough } = storedHead(world.ledger, workspace, splitFolder(rule));
      const finds = plan !== undefined && shiftOf(plan) !== undefined;
      if (coveredFrom === undefined && !finds) return [];
      if (coveredFrom === undefined) return [`${name} covers nothing`];
      const wrong: string[] = [];
      const isShiftedFrom = (at: Instant): boolean => halves.some((half) => addTicks(binStart(at, 2n * half), half) === coveredFrom);
      // Where plans without pairs came between, it begins with what was not settled when one with pairs ran first.
      const hadNone = history.deployments.some((each) =>
        'plan' in each ? planOf(each.plan).rule === rule && shiftOf(planOf(each.plan)) === undefined : each.splitPairs === 'off',
      );
      const mayBeLater = hadNone && halves.some((half) => isShiftedFrom(addTicks(coveredFrom, -half))) && coveredFrom > own;
      if (!isShiftedFrom(own) && !mayBeLater) wrong.push(`${name} covers from ${formatInstant(coveredFrom)}`);
      const half = halves.reduce((widest, each) => (each > widest ? each : widest));
      let covered = shiftedFrom(world.ledger, workspace, rule, halves) ?? coveredFrom;
      for (const { bin, record } of atEnd.filter((each) => each.workspace === workspace && each.folder === splitFolder(rule))) {
        const isAudited = record.evaluatedAt !== undefined && record.evaluatedAt >= addTicks(bin.end, AUDIT_AFTER);
        if (isAudited && bin.start <= covered && bin.end > covered) covered = bin.end;
        const isPending = Object.values(record.incidents).some(({ pending }) => pending.length > 0);
        if (isPending) wrong.push(`${name} ${formatInstant(bin.start)} has messages pending at the end`);
      }
      if (finds && addTicks(covered, half) < history.end) wrong.push(`${name} is not covered at ${formatInstant(covered)}`);
      if (addTicks(settledThrough ?? coveredFrom, half) < history.end) wrong.push(`${name} is not settled to the end`);
      return wrong;
    }),
  );
}

/** The plan that a bin's record names was that of an instance that ran when the record says. */
function plansOfPasses({ atEnd, instances }: Outcome): readonly string[] {
  return atEnd.flatMap(({ rule, bin, record: { evaluatedAt, ruleHash } }) => {
    if (evaluatedAt === undefined) return [];
    const ran = instances.some(
      ({ plans: had, startedAt, endedAt }) =>
        startedAt <= evaluatedAt && (endedAt === undefined || evaluatedAt <= endedAt) && had.some(({ hash }) => hash === ruleHash),
    );
    return ran ? [] : [`${rule} ${formatInstant(bin.start)} names ${ruleHash ?? 'no plan'} for a time when it did not run`];
  });
}

/** The ledger says of every incident what the hub and the dead letters have, unless a message of it waits: whether one may, coverage says. */
function ledgerAgrees({ atEnd, world: { messages } }: Outcome): readonly string[] {
  return atEnd.flatMap(({ record }) =>
    Object.entries(record.incidents).flatMap(([id, { status, revision, pending }]) => {
      if (pending.length > 0) return [];
      const last = messages.lastOf(id);
      if (status === 'excluded') return last === undefined ? [] : [`${id} is excluded and was sent`];
      return last?.revision === revision && last.status === status
        ? []
        : [`${id}: the ledger says ${status}, revision ${revision}; the hub has another last one`];
    }),
  );
}
