import { keepDeadLetter } from './dead-letter';
import type { DayRecord, IncidentRecord, PendingMessage } from './ledger-record';
import type { Hub } from './hub';
import type { RuleLedger } from './ledger';
import type { BlobStore, Clock } from './ports';
import type { Tally } from './tally';

/** Messages in one call to the hub. */
const PORTION = 100;

export interface OutboxContext {
  readonly ledger: RuleLedger;
  readonly hub: Hub;
  readonly deadLetters: BlobStore;
  readonly clock: Clock;
  readonly workspaceId: string;
  readonly ruleId: string;
  readonly tally: Tally;
}

/** A pending message and where it stands. */
interface Posting extends PendingMessage {
  readonly binKey: string;
  readonly incidentId: string;
  /** workspace/rule/start of the incident's bin: the same for all its revisions. */
  readonly partitionKey: string;
}

/** Publishes what is pending in the ledger. */
export class Outbox {
  private readonly context: OutboxContext;
  /** By day: the publishing that is or was at work, and the one that begins when it is over. */
  private readonly last = new Map<string, Promise<unknown>>();
  private readonly next = new Map<string, Promise<boolean>>();

  constructor(context: OutboxContext) {
    this.context = context;
  }

  /**
   * Reads the day, publishes exactly the bytes that are pending there, and marks what was acknowledged or refused. A process that dies
   * in between leaves messages pending that were sent: they are sent again, byte for byte. Resolves to whether none is pending any more.
   * Of calls side by side for one day, those that come while one is at work share the next.
   */
  publishDay(day: string): Promise<boolean> {
    if (!this.context.ledger.hasPendingOn(day)) return Promise.resolve(true);
    const next = this.next.get(day);
    if (next !== undefined) return next;
    const publishing = (this.last.get(day) ?? Promise.resolve()).then(() => {
      this.next.delete(day);
      return this.publish(day);
    });
    this.next.set(day, publishing);
    this.last.set(
      day,
      publishing.catch(() => undefined),
    );
    return publishing;
  }

  private async publish(day: string): Promise<boolean> {
    const { ledger, hub } = this.context;
    const postings = this.postings(await ledger.readDay(day));
    for (let at = 0; at < postings.length; at += PORTION) {
      const portion = postings.slice(at, at + PORTION);
      const encoder = new TextEncoder();
      const report = await hub.publish(portion.map(({ partitionKey, body }) => ({ partitionKey, body: encoder.encode(body) })));

      await this.mark(day, pick(portion, report.acknowledged), 'sent');
      for (const { index, reason } of report.refused) {
        for (const posting of pick(portion, [index])) await this.keepDeadLetter(posting, reason);
      }
      const refused = pick(
        portion,
        report.refused.map(({ index }) => index),
      );
      await this.mark(day, refused, 'refused');
      this.context.tally.refused += refused.length;
      if (report.acknowledged.length + refused.length < portion.length) return false;
    }
    return true;
  }

  private postings(day: DayRecord | undefined): readonly Posting[] {
    const { workspaceId, ruleId } = this.context;
    return Object.entries(day?.bins ?? {})
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .flatMap(([binKey, bin]) =>
        Object.entries(bin.incidents).flatMap(([incidentId, { identity, pending }]) =>
          pending.map((message) => ({ ...message, binKey, incidentId, partitionKey: `${workspaceId}/${ruleId}/${identity[3]}` })),
        ),
      );
  }

  private async keepDeadLetter({ incidentId, revision, body, partitionKey }: Posting, reason: string): Promise<void> {
    const { workspaceId, ruleId, deadLetters, clock } = this.context;
    await keepDeadLetter(deadLetters, `${workspaceId}/${ruleId}/${incidentId}/${revision}.json`, {
      from: 'hunt',
      reason: `the Event Hub refuses the message for good: ${reason}`,
      keptAt: clock.now(),
      partitionKey,
      body: new TextEncoder().encode(body),
      replayedAt: undefined,
    });
  }

  private async mark(day: string, postings: readonly Posting[], as: 'sent' | 'refused'): Promise<void> {
    if (postings.length === 0) return;
    await this.context.ledger.updateDay(day, (record) => {
      if (record === undefined) return undefined;
      const marked = postings.reduce((bins, posting) => markOne(bins, posting, as), record.bins);
      return marked === record.bins ? undefined : { ...record, bins: marked };
    });
  }
}

/** The same bins where the message is pending no more. */
function markOne(bins: DayRecord['bins'], posting: Posting, as: 'sent' | 'refused'): DayRecord['bins'] {
  const bin = bins[posting.binKey];
  const incident = bin?.incidents[posting.incidentId];
  if (bin === undefined || incident?.pending.some(({ revision }) => revision === posting.revision) !== true) return bins;
  const marked: IncidentRecord = {
    ...incident,
    pending: incident.pending.filter(({ revision }) => revision !== posting.revision),
    refused: as === 'refused' ? [...incident.refused, posting.revision] : incident.refused,
  };
  return { ...bins, [posting.binKey]: { ...bin, incidents: { ...bin.incidents, [posting.incidentId]: marked } } };
}

function pick<T>(items: readonly T[], indices: readonly number[]): readonly T[] {
  return indices.flatMap((index) => items[index] ?? []);
}
