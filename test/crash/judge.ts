import type { IncidentMessage } from '../../src/incident/message';
import type { ReadIncident } from '../../src/local/incident-reader';
import { formatInstant, TICKS_PER_HOUR, type Instant } from '../../src/value/instant';
import { storedBins, storedHead } from '../simulation/stored-ledger';
import type { Store } from '../simulation/store';
import { expectValidIncident } from '../support/incident-schema';
import { WORKSPACES, type ProcessRow } from './rows';
import { contentOf, trueRules, truthOf, truthOfParted } from './truth';

/** How the world stands when the app is at rest. */
export interface AtRest {
  readonly rows: readonly ProcessRow[];
  /** Everything that is in the hub, in the order of each partition. */
  readonly messages: readonly Pick<ReadIncident, 'bytes' | 'partitionKey'>[];
  readonly ledger: Store;
  readonly deadLetters: Store;
  /** The hour of HUNT_START. */
  readonly coveredFrom: Instant;
  /** When the last cycle began. */
  readonly restedAt: Instant;
}

interface Sent {
  readonly message: IncidentMessage;
  readonly body: string;
}

/** What is wrong, by the rows alone; nothing where all is as it must be. */
export function judge(atRest: AtRest): readonly string[] {
  const byId = new Map<string, Sent[]>();
  const wrong: string[] = [];
  for (const { bytes, partitionKey } of atRest.messages) {
    const message = expectValidIncident(bytes);
    const { id, workspaceId, rule, bin } = message;
    byId.set(id, [...(byId.get(id) ?? []), { message, body: Buffer.from(bytes).toString('utf8') }]);
    if (partitionKey !== `${workspaceId}/${rule.id}/${bin.start}`) wrong.push(`a message of ${id} has the partition key ${partitionKey}`);
  }
  return [
    ...new Set([
      ...wrong,
      ...revisions(byId),
      ...truths(atRest, byId),
      ...partedPairs(atRest, byId),
      ...coverage(atRest),
      ...ledgerAgrees(atRest, byId),
    ]),
  ];
}

/** One content a revision; 1, 2, 3 …; a rule that is monotone takes nothing back. */
function revisions(byId: ReadonlyMap<string, readonly Sent[]>): readonly string[] {
  return [...byId].flatMap(([id, sent]) => {
    const wrong: string[] = [];
    const bodies = new Map<number, string>();
    for (const { message, body } of sent) {
      const { revision, status, rule } = message;
      if ((bodies.get(revision) ?? body) !== body) wrong.push(`${id} revision ${revision} has two contents`);
      if (!bodies.has(revision) && revision !== bodies.size + 1) wrong.push(`${id} revision ${revision} came as number ${bodies.size + 1}`);
      bodies.set(revision, body);
      const monotone = trueRules.some((each) => each.id === rule.id && each.monotone);
      if (monotone && status === 'withdrawn' && !isSuperseded(message)) wrong.push(`${id} of a monotone rule was withdrawn`);
    }
    return wrong;
  });
}

/** A pair that an edge parts gives way to an incident of the rule itself. */
function isSuperseded({ match, reason }: IncidentMessage): boolean {
  return match === 'split-by-bin-edge' && reason === 'superseded';
}

/** The pairs of which the hub last said that an edge parts them are the truth. */
function partedPairs({ rows, coveredFrom }: AtRest, byId: ReadonlyMap<string, readonly Sent[]>): readonly string[] {
  const active = [...byId.values()].flatMap((sent) => {
    const last = lastOf(sent);
    if (last?.match !== 'split-by-bin-edge' || last.status !== 'active') return [];
    const nameOf = (type: string): string => last.entities.find((entity) => entity['Type'] === type)?.['FullName'] ?? '';
    return [[last.workspaceId, last.bin.start, nameOf('host'), nameOf('account')].join(' ')];
  });
  const truth = truthOfParted(rows, coveredFrom);
  return [
    ...[...truth].filter((pair) => !active.includes(pair)).map((pair) => `${pair} was parted and is not reported`),
    ...active
      .filter((pair, index) => !truth.has(pair) || active.indexOf(pair) !== index)
      .map((pair) => `${pair} is reported as parted and is not`),
  ];
}

/** The ids whose last revision is active, and what it says, are the truth. */
function truths({ rows }: AtRest, byId: ReadonlyMap<string, readonly Sent[]>): readonly string[] {
  const truth = truthOf(rows);
  const wrong: string[] = [];
  for (const [id, content] of truth) {
    const last = lastOf(byId.get(id));
    if (last === undefined) wrong.push(`${id} was never sent`);
    else if (last.status !== 'active') wrong.push(`${id} is withdrawn and true`);
    else if (contentOf(last) !== content) wrong.push(`${id} says other than the rows`);
  }
  for (const [id, sent] of byId) {
    const last = lastOf(sent);
    if (last?.match === 'rule' && last.status === 'active' && !truth.has(id)) wrong.push(`${id} is active and not true`);
  }
  return wrong;
}

/** Each hour from coveredFrom to the last one that closed was evaluated after its close; nothing is failing, pending or dead. */
function coverage({ ledger, deadLetters, coveredFrom, restedAt }: AtRest): readonly string[] {
  const bins = storedBins(ledger);
  return WORKSPACES.flatMap((workspace) =>
    trueRules.flatMap(({ id: rule }) => {
      const wrong: string[] = [];
      const head = storedHead(ledger, workspace, rule);
      if (head.coveredFrom !== coveredFrom) wrong.push(`${workspace}/${rule} does not cover from ${formatInstant(coveredFrom)}`);
      const own = new Map(bins.filter((each) => each.workspace === workspace && each.rule === rule).map((each) => [each.bin.start, each]));
      for (let start = coveredFrom; start + 2n * TICKS_PER_HOUR <= restedAt; start = (start + TICKS_PER_HOUR) as Instant) {
        const { evaluatedAt } = own.get(start)?.record ?? {};
        if (evaluatedAt === undefined || evaluatedAt < start + TICKS_PER_HOUR)
          wrong.push(`${workspace}/${rule} ${formatInstant(start)} is not covered`);
      }
      for (const { bin, record } of own.values()) {
        if (record.failure !== undefined) wrong.push(`${workspace}/${rule} ${formatInstant(bin.start)} is failing`);
        const pending = Object.values(record.incidents).some((incident) => incident.pending.length > 0);
        if (pending) wrong.push(`${workspace}/${rule} ${formatInstant(bin.start)} has messages pending`);
      }
      return wrong;
    }),
  ).concat(deadLetters.entries().map(([path]) => `${path} is a dead letter`));
}

/** The ledger and the hub name the same last revisions. */
function ledgerAgrees({ ledger }: AtRest, byId: ReadonlyMap<string, readonly Sent[]>): readonly string[] {
  const recorded = new Map(storedBins(ledger).flatMap(({ record }) => Object.entries(record.incidents)));
  const wrong = [...byId.keys()].filter((id) => !recorded.has(id)).map((id) => `${id} was sent and is not in the ledger`);
  for (const [id, { revision, status }] of recorded) {
    const last = lastOf(byId.get(id));
    if (last?.revision !== revision || last.status !== status) wrong.push(`${id}: the ledger and the hub have other last revisions`);
  }
  return wrong;
}

function lastOf(sent: readonly Sent[] = []): IncidentMessage | undefined {
  return sent
    .map(({ message }) => message)
    .reduce<IncidentMessage | undefined>((last, next) => (last === undefined || next.revision > last.revision ? next : last), undefined);
}
