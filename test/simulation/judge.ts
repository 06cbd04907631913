import {
  binStart,
  addTicks,
  formatInstant,
  instant,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  type Instant,
} from '../../src/value/instant';
import { binAt, isOnGrid } from '../../src/hunt/bins';
import type { HistoryRow } from './history';
import type { Outcome } from './play';
import { planOf, plans, type Message } from './rules';
import { LARGEST_MESSAGE } from './simulated-ports';
import { storedHead, type LedgerBin } from './stored-ledger';
import { truthOf } from './truth';

/** What is wrong at the end of a history; nothing where all is as it must be. */
export function judge(outcome: Outcome): readonly string[] {
  const messages = messagesOf(outcome);
  const wrong = [
    ...new Set(outcome.broken),
    ...revisions(messages),
    ...deadLetters(outcome),
    ...coverage(outcome),
    ...plansOfPasses(outcome),
    ...truths(outcome, messages),
    ...ledgerAgrees(outcome, messages),
    ...lateAfterFinal(outcome),
  ];
  return wrong;
}

interface Sent {
  readonly message: Message;
  readonly body: string;
}

/** Everything that was ever sent or kept as a dead letter, by incident; revisions in the order in which they first came. */
type Messages = ReadonlyMap<string, readonly Sent[]>;

/** The message in a dead letter. */
function bodyOf(letter: string): string {
  return (JSON.parse(letter) as { readonly body: string }).body;
}

function messagesOf({ world }: Outcome): Messages {
  const byId = new Map<string, Sent[]>();
  const bodies = [...world.received.map(({ body }) => body), ...world.deadLetters.entries().map(([, letter]) => bodyOf(letter))];
  for (const body of bodies) {
    const message = JSON.parse(body) as Message;
    const sent = byId.get(message.id) ?? [];
    sent.push({ message, body });
    byId.set(message.id, sent);
  }
  return byId;
}

function lastOf(sent: readonly Sent[]): Message | undefined {
  return sent.reduce<Message | undefined>(
    (last, { message }) => (last === undefined || message.revision > last.revision ? message : last),
    undefined,
  );
}

/** One content a revision; 1, 2, 3 …; each different from the one before; a monotone rule takes nothing back, and under one plan only adds. */
function revisions(messages: Messages): readonly string[] {
  return [...messages].flatMap(([id, sent]) => {
    const wrong: string[] = [];
    const bodies = new Map<number, string>();
    for (const { message, body } of sent) {
      if ((bodies.get(message.revision) ?? body) !== body) wrong.push(`${id} revision ${message.revision} has two contents`);
      bodies.set(message.revision, body);
    }
    const inOrder = [...bodies.keys()].sort((left, right) => left - right);
    if (inOrder.some((revision, index) => revision !== index + 1)) wrong.push(`${id} has the revisions ${inOrder.join(', ')}`);
    const each = inOrder.map((revision) => JSON.parse(bodies.get(revision) ?? '') as Message);
    each.forEach((message, index) => wrong.push(...step(message, each[index - 1])));
    return wrong;
  });
}

function step(message: Message, before: Message | undefined): readonly string[] {
  const wrong: string[] = [];
  const { monotone } = planOf(message.hash).program;
  const name = `${message.id} revision ${message.revision}`;
  if (before?.status === message.status && before.content?.join('\n') === message.content?.join('\n'))
    wrong.push(`${name} repeats the one before`);
  if (before === undefined && message.status === 'withdrawn') wrong.push(`${name} takes back what was never sent`);
  if (message.status === 'withdrawn') {
    if (monotone && message.reason === 'no-longer-matches') wrong.push(`${name} of a monotone rule is withdrawn: ${message.reason}`);
  } else if (monotone && before?.status === 'active' && before.hash === message.hash) {
    const lost = before.content?.filter((item) => message.content?.includes(item) !== true) ?? [];
    if (lost.length > 0) wrong.push(`${name} of a monotone rule has lost content`);
  }
  if (!monotone && instant(message.detectedAt) < addTicks(instant(message.bin.end), 15n * TICKS_PER_MINUTE)) {
    wrong.push(`${name} of a rule that is not monotone came before its bin was settled`);
  }
  return wrong;
}

/** What is too large for the hub is kept, once, under its own name; nothing else is. */
function deadLetters({ world, atEnd }: Outcome): readonly string[] {
  const kept = new Map(world.deadLetters.entries());
  const wrong: string[] = [];
  for (const [path, letter] of kept) {
    const body = bodyOf(letter);
    const { rule, id, revision } = JSON.parse(body) as Message;
    if (!path.endsWith(`/${rule}/${id}/${revision}.json`)) wrong.push(`the dead letter ${path} holds ${id} revision ${revision}`);
    if (Buffer.byteLength(body) <= LARGEST_MESSAGE) wrong.push(`the dead letter ${path} was not too large`);
  }
  for (const { workspace, rule, record } of atEnd) {
    for (const [id, { refused }] of Object.entries(record.incidents)) {
      for (const revision of refused)
        if (!kept.has(`${workspace}/${rule}/${id}/${revision}.json`)) wrong.push(`${id} revision ${revision} was refused and is nowhere`);
    }
  }
  return wrong;
}

const FINAL_AFTER = 49n * TICKS_PER_HOUR;
const AUDIT_AFTER = 7n * TICKS_PER_DAY;

/** From coveredFrom to the end, no instant without a bin that was evaluated 7 days after its close. */
function coverage(outcome: Outcome): readonly string[] {
  const { world, history, workspaceIds, instances, atEnd } = outcome;
  return workspaceIds.flatMap((workspace) =>
    [...new Set([...plans.values()].map(({ rule }) => rule))].flatMap((rule) => {
      const wrong: string[] = [];
      const { coveredFrom, settledThrough } = storedHead(world.ledger, workspace, rule);
      if (coveredFrom === undefined) return [`${workspace}/${rule} covers nothing`];
      // The head is written by the first cycle that can; one to which nothing happened could.
      const calm = instances.findIndex(
        ({ troubled, plans: had, workspaceIds: of }) => !troubled && of.includes(workspace) && had.some((plan) => plan.rule === rule),
      );
      const first = instances.slice(0, calm + 1).map(({ startedAt }) => addTicks(startedAt, -49n * TICKS_PER_HOUR));
      const starts = history.startAt === undefined ? first : [history.startAt];
      const grids = [...plans.values()].filter((plan) => plan.rule === rule).map(({ program }) => program.grid);
      if (!starts.some((at) => grids.some((grid) => binAt(grid, at).start === coveredFrom)))
        wrong.push(`${workspace}/${rule} covers from ${formatInstant(coveredFrom)}`);
      const bins = atEnd.filter((each) => each.workspace === workspace && each.rule === rule);
      let covered = coveredFrom;
      for (const { bin, record } of bins) {
        const isAudited = record.evaluatedAt !== undefined && record.evaluatedAt >= addTicks(bin.end, AUDIT_AFTER);
        if (isAudited && bin.start <= covered && bin.end > covered) covered = bin.end;
      }
      if (covered < history.end) wrong.push(`${workspace}/${rule} is not covered at ${formatInstant(covered)}`);
      const last = instances.flatMap((instance) => instance.plans).findLast((plan) => plan.rule === rule);
      for (const { bin, record } of bins) {
        const isDone = bin.start < history.end && last !== undefined && isOnGrid(last.program.grid, bin);
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

/** The ids whose last revision is active, and its content, are the truth of the plan of each bin's last pass. */
function truths(outcome: Outcome, messages: Messages): readonly string[] {
  const active = new Map(
    [...messages].flatMap(([id, sent]) => {
      const last = lastOf(sent);
      return last?.status === 'active' ? [[id, last.content?.join('\n') ?? ''] as const] : [];
    }),
  );
  const expected = expectedAt(outcome, outcome.atEnd);
  const possible = ofWhatIsLeft(outcome);
  const wrong: string[] = [];
  for (const [id, content] of expected) {
    const found = active.get(id);
    if (found === undefined) wrong.push(`${id} is missed`);
    else if (found !== content) wrong.push(`${id} says other than the rows`);
  }
  for (const [id, content] of active) if (!expected.has(id) && possible.get(id) !== content) wrong.push(`${id} is active and not true`);
  return wrong;
}

/** The truth of each recorded bin under the plan of its last pass. Of rows later than the promise, those that were there at that pass count. */
function expectedAt({ history }: Outcome, bins: readonly LedgerBin[]): ReadonlyMap<string, string> {
  const evaluated = new Map<string, LedgerBin>();
  for (const each of bins)
    if (each.record.evaluatedAt !== undefined) evaluated.set(keyOf(each.workspace, each.record.ruleHash ?? '', each.bin.start), each);
  const binOf = (workspace: string, hash: string, at: Instant): LedgerBin | undefined =>
    evaluated.get(keyOf(workspace, hash, binStart(at, planOf(hash).program.grid.width)));

  const expected = new Map<string, string>();
  for (const hash of new Set(bins.flatMap(({ record }) => record.ruleHash ?? []))) {
    const seen = (row: HistoryRow): boolean => {
      const { evaluatedAt } = binOf(row.workspace, hash, row.at)?.record ?? {};
      return evaluatedAt !== undefined && row.arrives <= evaluatedAt;
    };
    for (const [id, { content }] of truthOf(hash, history.rows.filter(seen))) expected.set(id, content);
  }
  return expected;
}

/** Where rows are gone, a rule that is not monotone may find something new in the rest, and post it, whatever the gone rows said. */
function ofWhatIsLeft(outcome: Outcome): ReadonlyMap<string, string> {
  const { history, world } = outcome;
  const rows = history.rows.filter((row) => !world.isGone(row));
  if (rows.length === history.rows.length) return new Map();
  const bins = outcome.atEnd.filter(({ record }) => record.ruleHash !== undefined && !planOf(record.ruleHash).program.monotone);
  return expectedAt({ ...outcome, history: { ...history, rows } }, bins);
}

function keyOf(workspace: string, hash: string, start: Instant): string {
  return `${workspace} ${hash} ${start}`;
}

/** The ledger says of every incident what the hub and the dead letters have. */
function ledgerAgrees({ atEnd }: Outcome, messages: Messages): readonly string[] {
  return atEnd.flatMap(({ record }) =>
    Object.entries(record.incidents).flatMap(([id, { status, revision }]) => {
      const last = lastOf(messages.get(id) ?? []);
      if (status === 'excluded') return last === undefined ? [] : [`${id} is excluded and was sent`];
      return last?.revision === revision && last.status === status
        ? []
        : [`${id}: the ledger says ${status}, revision ${revision}; the hub has another last one`];
    }),
  );
}

/** What the audits found anew is counted, no more and no less; but for rows that were missing and not late, and for another plan. */
function lateAfterFinal(outcome: Outcome): readonly string[] {
  const { instances, history, world } = outcome;
  const wasFinal = outcome.whenFinal.filter(
    ({ bin, record }) => record.evaluatedAt !== undefined && record.evaluatedAt >= addTicks(bin.end, FINAL_AFTER),
  );
  const final = new Set(wasFinal.map(({ workspace, record, bin }) => keyOf(workspace, record.ruleHash ?? '', bin.start)));
  const audited = outcome.atEnd.filter(({ workspace, record, bin }) => final.has(keyOf(workspace, record.ruleHash ?? '', bin.start)));
  const counted = instances.flatMap(({ report }) => report?.rules ?? []).reduce((sum, { summary }) => sum + summary.lateAfterFinal, 0);
  const isWhole = !history.conditions.some(({ kind }) => kind === 'thin' || kind === 'retention');
  const isComparable = isWhole && history.deployments.length === 0;
  const changed = !isComparable ? undefined : differences(expectedAt(outcome, wasFinal), expectedAt(outcome, audited));
  world.hits.count('late after final', counted);
  return changed === undefined || changed === counted
    ? []
    : [`lateAfterFinal is ${counted}, and ${changed} detections came after the final evaluation`];
}

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): number {
  return [...new Set([...before.keys(), ...after.keys()])].filter((id) => before.get(id) !== after.get(id)).length;
}
