import type { Bin } from '../../src/hunt/bins';
import { addTicks, binStart, instantFromUnixMilliseconds, type Instant } from '../../src/value/instant';
import { Remembered } from './remembered';
import type { Store } from './store';

/** The ledger's texts, read here once more and without the program's own reader: as much as a judge looks at. */
export interface StoredBin {
  readonly evaluatedAt?: Instant;
  readonly ruleHash?: string;
  readonly tables: Readonly<Record<string, { readonly rows: number }>>;
  readonly failure?: { readonly count: number; readonly since: Instant; readonly lastAt: Instant };
  readonly superseded?: unknown;
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
  readonly backfilled: readonly Bin[];
  readonly unsettled: readonly Bin[];
}

/** The text of a blob that is damaged. */
export const DAMAGED = '{"formatVersion":1,';

/** The bins of a day, by key. */
export type StoredDay = ReadonlyMap<string, StoredBin>;

/** Where a bin begins in the text of a day. */
const KEY = /"(\d{4}-\d\d-\d\dT[\d:.]+Z\/\d{4}-\d\d-\d\dT[\d:.]+Z)":(?=\{)/;

/**
 * The same texts are read over and over, and a write changes one bin of a day: what was read of a text, whole or one bin's, is remembered.
 * So a bin that a write left as it was is the same object.
 */
const days = new Remembered((text): StoredDay => {
  const [, ...parts] = text.split(KEY);
  return new Map(parts.flatMap((key, index) => (index % 2 === 0 ? [[key, bins.of(parts[index + 1] ?? '')] as const] : [])));
});
const bins = new Remembered((text): StoredBin => {
  const { evaluatedAt, failure, ...rest } = JSON.parse(text.replace(/,$|\}\}\n$/, '')) as Stored<StoredBin>;
  return {
    ...rest,
    ...(evaluatedAt === undefined ? {} : { evaluatedAt: instantOf(evaluatedAt) }),
    ...(failure === undefined
      ? {}
      : { failure: { count: failure.count, since: instantOf(failure.since), lastAt: instantOf(failure.lastAt) } }),
  };
});
const heads = new Remembered((text): StoredHead => {
  if (text === DAMAGED) return { backfilled: [], unsettled: [] };
  const { backfilled = [], unsettled = [], ...rest } = JSON.parse(text) as Partial<Stored<StoredHead>>;
  const instants = Object.entries(rest).flatMap(([name, value]) => (typeof value === 'string' ? [[name, instantOf(value)] as const] : []));
  const ranges = (list: readonly Stored<Bin>[]): readonly Bin[] =>
    list.map(({ start, end }) => ({ start: instantOf(start), end: instantOf(end) }));
  return { ...Object.fromEntries(instants), backfilled: ranges(backfilled), unsettled: ranges(unsettled) };
});

export function storedDay(body: string): StoredDay {
  return days.of(body);
}

export function headOf(body: string): StoredHead {
  return heads.of(body);
}

/** `folder` is a rule's, or that of its shifted bins. */
export function storedHead(ledger: Store, workspace: string, folder: string): StoredHead {
  return headOf(ledger.read(`${workspace}/${folder}/head.json`)?.body ?? '{}');
}

/**
 * Where the shifted bins of a rule begin at the latest, for bins of these half widths: with a bin that begins half a bin after the rule's own,
 * also where they began under another width. Undefined where they have not begun.
 */
export function shiftedFrom(ledger: Store, workspace: string, rule: string, halves: readonly bigint[]): Instant | undefined {
  const own = storedHead(ledger, workspace, rule).coveredFrom;
  const { coveredFrom } = storedHead(ledger, workspace, splitFolder(rule));
  if (own === undefined || coveredFrom === undefined) return undefined;
  const starts = halves.map((half) => addTicks(binStart(own, 2n * half), half));
  return starts.reduce((latest, start) => (start > latest ? start : latest), coveredFrom);
}

/** The message in a dead letter. */
export function letterIn(text: string): string {
  return (JSON.parse(text) as { readonly body: string }).body;
}

export interface LedgerBin {
  readonly workspace: string;
  readonly rule: string;
  /** The rule, or, of bins that are shifted by half, `splitFolder` of it. */
  readonly folder: string;
  readonly bin: Bin;
  readonly record: StoredBin;
}

/** Every bin that is recorded, in the order of workspaces, rules and time. */
export function storedBins(ledger: Store): readonly LedgerBin[] {
  const written = ledger.entries().filter(([path]) => !path.endsWith('/head.json'));
  const found = written.flatMap(([path, body]) => {
    const { workspace, rule, folder } = placeOf(path);
    return [...storedDay(body)].map(([key, record]) => ({ workspace, rule, folder, bin: parseBin(key), record }));
  });
  return found.sort((left, right) => Number(left.bin.start - right.bin.start));
}

/** Where the records of a rule's shifted bins lie. */
export function splitFolder(rule: string): string {
  return `${rule}/split`;
}

export function placeOf(path: string): Pick<LedgerBin, 'workspace' | 'rule' | 'folder'> {
  const [workspace = '', ...names] = path.split('/').slice(0, -1);
  return { workspace, rule: names[0] ?? '', folder: names.join('/') };
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
