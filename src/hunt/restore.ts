import { addTicks, instant, TICKS_PER_DAY, TICKS_PER_SECOND, type Instant } from '../value/instant';
import { parseBinKey } from './bins';
import { Coverage, coverageStart } from './coverage';
import { dayFormat, headFormat, type RecordFormat } from './ledger-format';
import { RuleLedger } from './ledger';
import type { DayRecord, Head } from './ledger-record';
import type { BlobVersion, VersionedBlobStore } from './ports';
import { clip, union } from './ranges';
import type { RuleProgram } from './rule-program';
import { sideBySide } from './side-by-side';
import { NewerFormat, StoredTextProblem } from './stored-json';
import { SwappedBlobs } from './compare-and-swap';

/**
 * Brings damaged blobs of the ledger back to their newest version that can be read. What was written after that version is not known any
 * more, and a message of it may have been sent. So a restored day gets a revision floor that no lost revision can have reached, its
 * bins are evaluated anew, and their incidents are told again above it: no revision can have two contents.
 */

const BLOBS_AT_ONCE = 8;

/** Seconds that the clock here may be behind the store's, by which a version was written. */
const CLOCKS_DIFFER = 600;

export interface RestoreContext {
  readonly store: VersionedBlobStore;
  readonly workspaceId: string;
  readonly program: RuleProgram;
  readonly startAt: Instant | undefined;
  readonly now: Instant;
  /** Finds out what would be restored, and writes nothing. */
  readonly dryRun: boolean;
  /** Begins a blob anew of which no version can be read. */
  readonly startOver: boolean;
}

/**
 * What became of one blob that cannot be read.
 * - restored: it holds what the version held; `lost` later versions are passed over.
 * - begun-anew: it holds nothing of what it held.
 * - newer-program: it is not damaged: this program is too old for it. It is left as it is.
 * - no-version: none of its versions can be read. It is left as it is.
 * - changed: another write came in between. It is left as it is.
 */
export type Restoration = { readonly path: string } & (
  | { readonly kind: 'restored'; readonly version: BlobVersion; readonly lost: number }
  | { readonly kind: 'begun-anew' | 'newer-program' | 'changed' }
  | { readonly kind: 'no-version'; readonly versions: number }
);

export interface RestoreReport {
  /** Blobs that were looked at. */
  readonly blobs: number;
  /** Those that could not be read, the head first. */
  readonly restorations: readonly Restoration[];
}

/** Looks at every blob of one workspace and rule. Rejects with PortUnavailable. */
export async function restoreLedger(context: RestoreContext): Promise<RestoreReport> {
  const folder = `${context.workspaceId}/${context.program.ledgerFolder}/`;
  const names = (await context.store.list(folder)).map((path) => path.slice(folder.length)).filter((name) => BLOB.test(name));
  const damaged = (await sideBySide(names, BLOBS_AT_ONCE, (name) => damageOf(context, folder, name))).flat();
  const restorations: Restoration[] = [];
  for (const damage of damaged.filter(({ name }) => name === HEAD)) {
    const days = names.filter((name) => name !== HEAD && !damaged.some((other) => other.name === name));
    restorations.push(await restoreHead(context, damage, folder, days));
  }
  for (const damage of damaged.filter(({ name }) => name !== HEAD)) restorations.push(await restoreDay(context, damage));
  return { blobs: names.length, restorations };
}

const HEAD = 'head.json';
const BLOB = /^(?:head|\d{4}-\d\d-\d\d)\.json$/;

interface Damage {
  readonly name: string;
  readonly path: string;
  readonly etag: string;
  readonly isNewer: boolean;
}

async function damageOf({ store }: RestoreContext, folder: string, name: string): Promise<readonly Damage[]> {
  const path = `${folder}${name}`;
  const blob = await store.read(path);
  if (blob === undefined) return [];
  const problem = name === HEAD ? readable(headFormat, blob.body) : readable(dayFormat, blob.body);
  return problem instanceof StoredTextProblem ? [{ name, path, etag: blob.etag, isNewer: problem instanceof NewerFormat }] : [];
}

/** The record, or why the text is not one. */
function readable<T extends object>(format: RecordFormat<T>, text: string): T | StoredTextProblem {
  try {
    return format.parse(text);
  } catch (error) {
    if (error instanceof StoredTextProblem) return error;
    throw error;
  }
}

interface Found<T> {
  readonly version: BlobVersion;
  /** Later versions, with the one that is there now. */
  readonly lost: number;
  readonly record: T;
}

/** The newest version that can be read; else how many cannot, or that a newer program wrote one. */
async function newestReadable<T extends object>(
  { store }: RestoreContext,
  { path, isNewer }: Damage,
  format: RecordFormat<T>,
): Promise<Found<T> | { readonly kind: 'newer-program' } | { readonly kind: 'no-version'; readonly versions: number }> {
  if (isNewer) return { kind: 'newer-program' };
  const versions = await store.versions(path);
  for (const [index, version] of versions.entries()) {
    const text = await store.readVersion(path, version.id);
    const record = text === undefined ? undefined : readable(format, text);
    if (record instanceof NewerFormat) return { kind: 'newer-program' };
    if (record !== undefined && !(record instanceof StoredTextProblem)) return { version, lost: index + 1, record };
  }
  return { kind: 'no-version', versions: versions.length };
}

async function restoreDay(context: RestoreContext, damage: Damage): Promise<Restoration> {
  const { path, name } = damage;
  const found = await newestReadable(context, damage, dayFormat);
  const start = instant(name.slice(0, 10));
  if ('record' in found) {
    const day = reopened(found.record, found.lost + secondsSince(found.version.writtenAt, context.now));
    const written = await replace(context, damage, dayFormat.serialise(day), start);
    return written ? { path, kind: 'restored', version: found.version, lost: found.lost } : { path, kind: 'changed' };
  }
  if (found.kind === 'newer-program' || !context.startOver) return { path, ...found };
  const day = reopened({ bins: {} }, found.versions + 1 + secondsSince(start, context.now));
  const written = await replace(context, damage, dayFormat.serialise(day), start);
  return { path, kind: written ? 'begun-anew' : 'changed' };
}

/**
 * The day with its bins due again, and a floor above every revision that may have been made since.
 * @param lost revisions that one incident can have got since at most: a revision takes a write, and no incident gets one each second
 */
function reopened({ bins, revisionFloor = 0 }: DayRecord, lost: number): DayRecord {
  const revisions = Object.values(bins).flatMap(({ incidents }) => Object.values(incidents).map(({ revision }) => revision));
  const highest = revisions.reduce((most, revision) => Math.max(most, revision), revisionFloor);
  const again = Object.entries(bins).map(([key, bin]) => [key, { ...bin, evaluatedAt: undefined, failure: undefined }] as const);
  return { revisionFloor: highest + lost, bins: Object.fromEntries(again) };
}

/** At least as many as there were: `then` is by another clock. */
function secondsSince(then: Instant, now: Instant): number {
  return (now > then ? Number((now - then) / TICKS_PER_SECOND) + 1 : 0) + CLOCKS_DIFFER;
}

/** Writes a day, after the head says that cycles look at it: what is pending there is published by them. */
async function replace(context: RestoreContext, { path, etag }: Damage, body: string, start: Instant): Promise<boolean> {
  const { store, workspaceId, program, startAt, dryRun } = context;
  if (dryRun) return true;
  const ledger = new RuleLedger(new SwappedBlobs(store), `${workspaceId}/${program.ledgerFolder}`);
  const coverage = await Coverage.read(ledger, program.grid, startAt);
  await coverage?.revisit({ start, end: addTicks(start, TICKS_PER_DAY) });
  return (await store.write(path, body, etag)) !== 'conflict';
}

async function restoreHead(context: RestoreContext, damage: Damage, folder: string, days: readonly string[]): Promise<Restoration> {
  const { path, etag } = damage;
  const { store, startAt, now, program, dryRun } = context;
  const found = await newestReadable(context, damage, headFormat);
  if (!('record' in found) && (found.kind === 'newer-program' || !context.startOver)) return { path, ...found };
  const recorded = await recordedBins(context, folder, days);
  const head = 'record' in found ? reread(found.record, recorded, startAt, program) : anew(recorded, now);
  const written = dryRun || (await store.write(path, headFormat.serialise(head), etag)) !== 'conflict';
  if (!written) return { path, kind: 'changed' };
  return 'record' in found ? { path, kind: 'restored', version: found.version, lost: found.lost } : { path, kind: 'begun-anew' };
}

/** The time of all bins that the readable days have a record of, as a set of ranges. */
async function recordedBins({ store }: RestoreContext, folder: string, days: readonly string[]): Promise<Head['backfilled']> {
  const bins = await sideBySide(days, BLOBS_AT_ONCE, async (name) => {
    const day = readable(dayFormat, (await store.read(`${folder}${name}`))?.body ?? '');
    return day instanceof StoredTextProblem ? [] : Object.keys(day.bins).flatMap((key) => parseBinKey(key) ?? []);
  });
  return union(...bins.flat());
}

/** What was settled or backfilled since may be forgotten, so all is looked at once more. */
function reread(head: Head, recorded: Head['backfilled'], startAt: Instant | undefined, { grid }: RuleProgram): Head {
  const start = coverageStart(head, grid, startAt);
  const older = recorded.flatMap((range) => clip(range, { start: range.start, end: start }));
  return {
    ...head,
    settledThrough: undefined,
    backfilled: union(...head.backfilled, ...older),
    unsettled: union(...head.unsettled, ...older),
  };
}

/** Covers all from the oldest bin that has a record. */
function anew(recorded: Head['backfilled'], now: Instant): Head {
  const coveredFrom = recorded[0]?.start;
  return { firstCycleAt: now, coveredFrom, backfilled: [], settledThrough: undefined, unsettled: [], noSource: undefined };
}
