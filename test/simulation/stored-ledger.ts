import type { Bin } from '../../src/hunt/bins';
import { addTicks, instantFromUnixMilliseconds, type Instant } from '../../src/value/instant';
import type { Store } from './store';

/** The ledger's texts, read here once more and without the program's own reader: as much as a judge looks at. */
export interface StoredBin {
  readonly evaluatedAt?: Instant;
  readonly ruleHash?: string;
  readonly tables: Readonly<Record<string, { readonly rows: number }>>;
  readonly failure?: { readonly count: number; readonly lastAt: Instant };
  readonly incidents: Readonly<Record<string, StoredIncident>>;
}

export interface StoredIncident {
  readonly revision: number;
  readonly status: 'active' | 'withdrawn' | 'excluded';
  readonly pending: readonly { readonly revision: number; readonly body: string }[];
  readonly refused: readonly number[];
}

export interface StoredHead {
  readonly coveredFrom?: Instant;
  readonly settledThrough?: Instant;
}

/** The bins of a day, by key. */
export type StoredDay = Readonly<Record<string, StoredBin>>;

/** Texts read before, the last ones: several look at each. */
const days = new Map<string, StoredDay>();
const REMEMBERED = 100;

export function storedDay(body: string): StoredDay {
  const known = days.get(body);
  if (known !== undefined) return known;
  const { bins } = JSON.parse(body) as { readonly bins: Readonly<Record<string, Stored<StoredBin>>> };
  const read = ({ evaluatedAt, failure, ...rest }: Stored<StoredBin>): StoredBin => ({
    ...rest,
    ...(evaluatedAt === undefined ? {} : { evaluatedAt: instantOf(evaluatedAt) }),
    ...(failure === undefined ? {} : { failure: { count: failure.count, lastAt: instantOf(failure.lastAt) } }),
  });
  const day = Object.fromEntries(Object.entries(bins).map(([key, bin]) => [key, read(bin)]));
  if (days.size >= REMEMBERED) days.clear();
  days.set(body, day);
  return day;
}

export function storedHead(ledger: Store, workspace: string, rule: string): StoredHead {
  const stored = JSON.parse(ledger.read(`${workspace}/${rule}/head.json`)?.body ?? '{}') as Stored<StoredHead>;
  const instants = Object.entries(stored).flatMap(([name, text]) => (typeof text === 'string' ? [[name, instantOf(text)] as const] : []));
  return Object.fromEntries(instants);
}

/** The message in a dead letter. */
export function letterIn(text: string): string {
  return (JSON.parse(text) as { readonly body: string }).body;
}

export interface LedgerBin {
  readonly workspace: string;
  readonly rule: string;
  readonly bin: Bin;
  readonly record: StoredBin;
}

/** Every bin that is recorded, in the order of workspaces, rules and time. */
export function storedBins(ledger: Store): readonly LedgerBin[] {
  const days = ledger.entries().filter(([path]) => !path.endsWith('/head.json'));
  const bins = days.flatMap(([path, body]) => {
    const [workspace = '', rule = ''] = path.split('/');
    return Object.entries(storedDay(body)).map(([key, record]) => ({ workspace, rule, bin: parseBin(key), record }));
  });
  return bins.sort((left, right) => Number(left.bin.start - right.bin.start));
}

/** As it stands in the text. */
type Stored<T> = T extends Instant ? string : T extends object ? { readonly [K in keyof T]: Stored<T[K]> } : T;

export function parseBin(key: string): Bin {
  const [start = '', end = ''] = key.split('/');
  return { start: instantOf(start), end: instantOf(end) };
}

/** Of the ledger's own form, seven fraction digits. */
function instantOf(text: string): Instant {
  const whole = instantFromUnixMilliseconds(Date.parse(`${text.slice(0, 23)}Z`));
  return addTicks(whole, BigInt(text.slice(23, 27)));
}
