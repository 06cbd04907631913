import { faultKinds, SERVICES } from './history';

/** How often each thing happened that a history can run into, over many histories. What never happened was never tested. */
export class Hits {
  private readonly counts = new Map<string, number>();

  count(name: string, times: number = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + times);
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  add(other: Hits): void {
    for (const [name, times] of other.counts) this.count(name, times);
  }

  entries(): readonly (readonly [name: string, times: number])[] {
    return [...this.counts];
  }

  /** Everything that must happen and did not. */
  missing(): readonly string[] {
    return expected.filter((name) => this.of(name) === 0);
  }

  /** A line for each thing, what is expected first, in its order. */
  table(): string {
    const others = [...this.counts.keys()].filter((name) => !expected.includes(name)).sort();
    return [...expected, ...others].map((name) => `${String(this.of(name)).padStart(9)}  ${name}`).join('\n');
  }
}

const calls = ['probe', 'publish', 'pull', 'read head', 'write head', 'read day', 'write day', 'write dead-letter'];

const expected: readonly string[] = [
  ...['on time', 'late', 'lost', 'doubled', 'overlapping', 'held'].map((fate) => `tick: ${fate}`),
  ...Object.entries(faultKinds).flatMap(([on, kinds]) => kinds.map((kind) => `fault: ${on}: ${kind}`)),
  'fault: ended by the host',
  ...SERVICES.map((service) => `outage: ${service}`),
  'outage: row source of one workspace',
  'condition: limit',
  'condition: poison',
  'condition: no-source',
  'condition: thin',
  'condition: retention',
  ...calls.flatMap((call) => [`death: before ${call}`, `death: after ${call}`]),
  ...['on time', 'late row', 'latest row', 'row after the promise', 'copy', 'at an edge'].map((kind) => `row: ${kind}`),
  ...[
    'same bins',
    'other bins',
    'without split pairs',
    'with split pairs',
    'between final and audit',
    'between two audits',
    'after the audit',
  ].map((kind) => `deployment: ${kind}`),
  ...['off', 'on'].map((turn) => `split pairs: turned ${turn}`),
  ...['open', 'closed, not evaluated', 'evaluated', 'due', 'failing', 'failing and due', 'with a message pending', 'final'].map(
    (state) => `bin in mid-history: ${state}`,
  ),
  ...[
    'backfill',
    'backfill beside a cycle',
    'backfill before the coverage',
    'backfill of hours that are refused',
    'backfill that is interrupted',
    'restore',
    'restore beside a cycle',
  ].map((command) => `command: ${command}`),
  ...['day', 'day of shifted bins', 'head'].flatMap((blob) => [`damage: ${blob}`, `restored: ${blob}`]),
  'restored: of a rule that is deployed again',
  'restored: told again',
  'restored: begins above revision 1',
  ...['audited', 'shrunk', 'retired'].map((state) => `bin: ${state}`),
  ...['new', 'revised', 'withdrawn: no-longer-matches', 'withdrawn: rule-changed', 'active again', 'excluded'].map(
    (kind) => `change: ${kind}`,
  ),
  ...[
    'new',
    'revised',
    'superseded',
    'superseded when final',
    'rule-changed',
    'taken back for good',
    'given back',
    'active again',
    'excluded',
  ].map((kind) => `split pair: ${kind}`),
  ...['sent once', 'sent again', 'refused'].map((kind) => `message: ${kind}`),
  ...['ahead', 'behind', 'earlier than that of an instance before'].map((how) => `clock: ${how}`),
  'cycle: out of time',
  'late after final',
];
