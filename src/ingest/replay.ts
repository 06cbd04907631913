import { deadLetterFormat, type DeadLetter, type DeadLetterOrigin } from '../hunt/dead-letter';
import type { BlobStore, Clock, IncidentSink } from '../hunt/ports';
import { StoredTextProblem } from '../hunt/stored-json';
import type { TableSink } from './ports';
import { rowOfBody } from './table-row';

/** Sends dead letters on to where they belong: those of `hunt` to the Event Hub, those of `ingest-incidents` into the table. */

/** A dead letter as it is stored. */
export interface StoredLetter {
  readonly path: string;
  /** Undefined where the blob is not a dead letter of ours; `problem` says why. */
  readonly letter: DeadLetter | undefined;
  readonly problem: string | undefined;
}

/**
 * What became of one:
 * - replayed: acknowledged now, and marked so.
 * - waiting: it could be sent on (a dry run).
 * - refused: it would be, or was, refused again; `detail` says why.
 * - left: not acknowledged this time; `detail` says why.
 * - unreadable: no dead letter of ours.
 */
export interface ReplayResult extends StoredLetter {
  readonly outcome: 'replayed' | 'waiting' | 'refused' | 'left' | 'unreadable';
  readonly detail: string | undefined;
}

export interface ReplayPorts {
  readonly clock: Clock;
  readonly deadLetters: BlobStore;
  /** Needed where letters of `hunt` are among them. */
  readonly hub: IncidentSink | undefined;
  /** Needed where letters of `ingest-incidents` are among them. */
  readonly table: TableSink | undefined;
}

/** Messages in one call to the hub, and in one upload. */
const PORTION = 100;

/** Paths that `hunt doctor` writes to see whether it may. */
export const DOCTOR_FOLDER = 'doctor/';

/** Those that were not replayed yet, in the order of their paths. Rejects with PortUnavailable. */
export async function readLetters(deadLetters: BlobStore): Promise<readonly StoredLetter[]> {
  const paths = (await deadLetters.list('')).filter((path) => !path.startsWith(DOCTOR_FOLDER));
  const letters: StoredLetter[] = [];
  for (const path of paths) {
    const blob = await deadLetters.read(path);
    if (blob === undefined) continue;
    const letter = parse(path, blob.body);
    if (letter.letter?.replayedAt === undefined) letters.push(letter);
  }
  return letters;
}

function parse(path: string, text: string): StoredLetter {
  try {
    return { path, letter: deadLetterFormat.parse(text), problem: undefined };
  } catch (error) {
    if (!(error instanceof StoredTextProblem)) throw error;
    return { path, letter: undefined, problem: error.message };
  }
}

export function needs(letters: readonly StoredLetter[], origin: DeadLetterOrigin): boolean {
  return letters.some(({ letter }) => letter?.from === origin);
}

type Readable = StoredLetter & { readonly letter: DeadLetter };

interface Verdict {
  readonly outcome: 'replayed' | 'refused' | 'left';
  readonly detail?: string;
}

class Replay {
  private readonly ports: ReplayPorts;

  constructor(ports: ReplayPorts) {
    this.ports = ports;
  }

  /** Sends them on, and marks each that was acknowledged. */
  async send(letters: readonly Readable[]): Promise<readonly ReplayResult[]> {
    const results: ReplayResult[] = [];
    for (let at = 0; at < letters.length; at += PORTION) {
      const portion = letters.slice(at, at + PORTION);
      const verdicts = await (portion[0]?.letter.from === 'hunt' ? this.toHub(portion) : this.toTable(portion));
      for (const [index, letter] of portion.entries()) {
        const { outcome, detail } = verdicts.get(index) ?? { outcome: 'left', detail: 'it was not acknowledged' };
        if (outcome === 'replayed') await this.mark(letter.path);
        results.push({ ...letter, outcome, detail });
      }
    }
    return results;
  }

  private async toHub(letters: readonly Readable[]): Promise<ReadonlyMap<number, Verdict>> {
    const { hub } = this.ports;
    if (hub === undefined) throw new TypeError('letters of hunt and no hub');
    const messages = letters.map(({ letter: { partitionKey, body }, path }) => ({ partitionKey: partitionKey ?? path, body }));
    return verdictsOf(letters.length, await hub.publish(messages));
  }

  private async toTable(letters: readonly Readable[]): Promise<ReadonlyMap<number, Verdict>> {
    const { table, clock } = this.ports;
    if (table === undefined) throw new TypeError('letters of ingest-incidents and no table');
    const made = letters.map(({ letter: { body } }) => rowOfBody(body, clock.now()));
    const sound = made.flatMap((each, index) => ('row' in each ? [{ index, row: each.row }] : []));
    const { accepted, refused, unavailable } = await table.upload(sound.map(({ row }) => row));
    const place = (index: number): number => sound[index]?.index ?? -1;
    return verdictsOf(letters.length, {
      acknowledged: accepted.map(place),
      refused: [
        ...made.flatMap((each, index) => ('reason' in each ? [{ index, reason: each.reason }] : [])),
        ...refused.map(({ index, reason }) => ({ index: place(index), reason })),
      ],
      unreachable: unavailable,
    });
  }

  /** By compare-and-swap, so that two replays at once leave one mark. A mark that fails leads to one more delivery, which readers expect. */
  private async mark(path: string): Promise<void> {
    const { deadLetters, clock } = this.ports;
    for (;;) {
      const blob = await deadLetters.read(path);
      const letter = blob === undefined ? undefined : parse(path, blob.body).letter;
      if (blob === undefined || letter === undefined || letter.replayedAt !== undefined) return;
      const marked = deadLetterFormat.serialise({ ...letter, replayedAt: clock.now() });
      if ((await deadLetters.write(path, marked, blob.etag)) !== 'conflict') return;
    }
  }
}

interface Acknowledgements {
  readonly acknowledged: readonly number[];
  readonly refused: readonly { readonly index: number; readonly reason: string }[];
  readonly unreachable?: string | undefined;
}

function verdictsOf(count: number, { acknowledged, refused, unreachable }: Acknowledgements): ReadonlyMap<number, Verdict> {
  const left = Array.from(
    { length: count },
    (_, index) => [index, { outcome: 'left', detail: unreachable ?? 'it was not acknowledged' }] as const,
  );
  return new Map<number, Verdict>([
    ...left,
    ...acknowledged.map((index) => [index, { outcome: 'replayed' }] as const),
    ...refused.map(({ index, reason }) => [index, { outcome: 'refused', detail: reason }] as const),
  ]);
}

/** What a dry run says of a letter: whether it would be sent on. */
function wouldBe(letter: Readable, clock: Clock): ReplayResult {
  const made = letter.letter.from === 'hunt' ? undefined : rowOfBody(letter.letter.body, clock.now());
  const reason = made !== undefined && 'reason' in made ? made.reason : undefined;
  return { ...letter, outcome: reason === undefined ? 'waiting' : 'refused', detail: reason };
}

/**
 * Sends letters on, at least once; each is marked as replayed only when it was acknowledged. A dry run sends and marks nothing.
 * Results in the order of the letters. Rejects with PortUnavailable where a mark cannot be written; what was sent until then stays sent.
 */
export async function replay(letters: readonly StoredLetter[], ports: ReplayPorts, dryRun: boolean): Promise<readonly ReplayResult[]> {
  const readable = letters.filter((each): each is Readable => each.letter !== undefined);
  const work = new Replay(ports);
  const results: ReplayResult[] = letters
    .filter(({ letter }) => letter === undefined)
    .map((each) => ({ ...each, outcome: 'unreadable', detail: each.problem }));
  if (dryRun) results.push(...readable.map((each) => wouldBe(each, ports.clock)));
  else {
    for (const origin of ['hunt', 'ingest-incidents'] as const) {
      results.push(...(await work.send(readable.filter(({ letter }) => letter.from === origin))));
    }
  }
  const order = new Map(letters.map(({ path }, index) => [path, index]));
  return results.sort((left, right) => (order.get(left.path) ?? 0) - (order.get(right.path) ?? 0));
}
