import type { Match } from '../../src/incident/incident';
import type { IncidentMessage } from '../../src/incident/message';

/** What the hub gets, as much as a judge looks at. */
export interface Message {
  readonly id: string;
  readonly revision: number;
  readonly status: 'active' | 'withdrawn';
  readonly reason?: string;
  readonly match: Match;
  readonly rule: string;
  readonly hash: string;
  readonly bin: { readonly start: string; readonly end: string };
  /** What the rule found, and the rows behind it; empty where it is withdrawn. */
  readonly content: readonly string[];
  /** The entities. */
  readonly names: string;
  readonly detectedAt: string;
  readonly whole: IncidentMessage;
}

export function messageOf(body: string): Message {
  const whole = JSON.parse(body) as IncidentMessage;
  const { rule, evidence, entities, ...rest } = whole;
  const results = evidence.results.map(({ is }) => String(is));
  const rows = evidence.rows.map(({ table, columns }) => [table, ...Object.values(columns)].join(' '));
  const names = entities.map((entity) => entity['FullName']).join('.');
  return { ...rest, rule: rule.id, hash: rule.hash, content: [...results, ...rows.sort()], names, whole };
}

export interface Sent {
  readonly message: Message;
  readonly body: string;
  /** The number of messages that had come before it when it came first. */
  readonly order: number;
}

/** Everything that was ever sent or kept as a dead letter, by incident, in the order in which it came. */
export class Messages {
  private readonly byId = new Map<string, Sent[]>();
  private readonly bodies = new Map<string, Sent>();
  private readonly last = new Map<string, Sent>();
  /** How many have come. */
  count = 0;

  add(body: string): Message {
    const sent = this.bodies.get(body) ?? { message: messageOf(body), body, order: this.count };
    this.count += 1;
    this.bodies.set(body, sent);
    const { message } = sent;
    const others = this.byId.get(message.id) ?? [];
    others.push(sent);
    this.byId.set(message.id, others);
    if ((this.last.get(message.id)?.message.revision ?? 0) < message.revision) this.last.set(message.id, sent);
    return message;
  }

  has(body: string): boolean {
    return this.bodies.has(body);
  }

  /** The highest revision of an incident, which is what a reader keeps. */
  lastOf(id: string): Message | undefined {
    return this.last.get(id)?.message;
  }

  lastSentOf(id: string): Sent | undefined {
    return this.last.get(id);
  }

  /** Id and content of each incident whose highest revision is active. */
  *active(): Generator<readonly [id: string, content: string]> {
    for (const [id, { message }] of this.last) if (message.status === 'active') yield [id, textOf(message)];
  }

  entries(): Iterable<readonly [id: string, sent: readonly Sent[]]> {
    return this.byId;
  }
}

/** The content of an active message as the truth has it. */
export function textOf({ content }: Message): string {
  return content.join('\n');
}
