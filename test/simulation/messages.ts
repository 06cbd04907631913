import type { Message } from './rules';

export interface Sent {
  readonly message: Message;
  readonly body: string;
}

/** Everything that was ever sent or kept as a dead letter, by incident, in the order in which it came. */
export class Messages {
  private readonly byId = new Map<string, Sent[]>();
  private readonly bodies = new Map<string, Sent>();
  private readonly last = new Map<string, Message>();

  add(body: string): Message {
    const sent = this.bodies.get(body) ?? { message: JSON.parse(body) as Message, body };
    this.bodies.set(body, sent);
    const { message } = sent;
    const others = this.byId.get(message.id) ?? [];
    others.push(sent);
    this.byId.set(message.id, others);
    if ((this.last.get(message.id)?.revision ?? 0) < message.revision) this.last.set(message.id, message);
    return message;
  }

  has(body: string): boolean {
    return this.bodies.has(body);
  }

  /** The highest revision of an incident, which is what a reader keeps. */
  lastOf(id: string): Message | undefined {
    return this.last.get(id);
  }

  /** Id and content of each incident whose highest revision is active. */
  *active(): Generator<readonly [id: string, content: string]> {
    for (const [id, message] of this.last) if (message.status === 'active') yield [id, textOf(message)];
  }

  entries(): Iterable<readonly [id: string, sent: readonly Sent[]]> {
    return this.byId;
  }
}

/** The content of an active message as the truth has it. */
export function textOf({ content }: Message): string {
  return content?.join('\n') ?? '';
}
