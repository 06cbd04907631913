import type { Entity, RawIdentity } from '../incident/incident';
import { formatInstant, type Instant, type TimeRange } from '../value/instant';
import { parseBinKey } from './bins';
import type { BinRecord, DayRecord, FailureRecord, Head, IncidentRecord, TableCount } from './ledger-record';
import { NewerFormat, StoredJson } from './stored-json';

/** The ledger's records as text: JSON with a format version. Instants have seven fraction digits, what is undefined is left out. */

/** Rises with every change that an older program would misread. */
const FORMAT_VERSION = 1;

/** How one kind of record is kept. `parse` throws StoredTextProblem. */
export interface RecordFormat<T> {
  parse(text: string): T;
  serialise(value: T): string;
}

export const headFormat: RecordFormat<Head> = {
  parse(text) {
    const stored = parseVersioned(text);
    return {
      firstCycleAt: stored.member('firstCycleAt').instant(),
      coveredFrom: stored.optional('coveredFrom', readInstant),
      backfilled: stored.member('backfilled').list(readRange),
      settledThrough: stored.optional('settledThrough', readInstant),
      unsettled: stored.optional('unsettled', (member) => member.list(readRange)) ?? [],
      noSource: stored.optional('noSource', (member) => ({
        since: member.member('since').instant(),
        askedAt: member.member('askedAt').instant(),
      })),
    };
  },
  serialise,
};

export const dayFormat: RecordFormat<DayRecord> = {
  parse(text) {
    const stored = parseVersioned(text);
    const revisionFloor = stored.optional('revisionFloor', (member) => member.integer(1));
    return { ...(revisionFloor === undefined ? {} : { revisionFloor }), bins: stored.member('bins').record(readBin) };
  },
  serialise,
};

function serialise(value: Head | DayRecord): string {
  // Every bigint in a record is an instant.
  const instantsAsText = (_: string, member: unknown): unknown => (typeof member === 'bigint' ? formatInstant(member as Instant) : member);
  return `${JSON.stringify({ formatVersion: FORMAT_VERSION, ...value }, instantsAsText)}\n`;
}

function parseVersioned(text: string): StoredJson {
  const stored = StoredJson.parse(text);
  const version = stored.member('formatVersion').integer(1);
  if (version > FORMAT_VERSION) {
    throw new NewerFormat(
      `a newer version of this program wrote it (format ${version}; this one knows ${FORMAT_VERSION}): deploy that version again`,
    );
  }
  return stored;
}

function readInstant(stored: StoredJson): Instant {
  return stored.instant();
}

function readRange(stored: StoredJson): TimeRange {
  return { start: stored.member('start').instant(), end: stored.member('end').instant() };
}

function readBin(stored: StoredJson, key: string): BinRecord {
  if (parseBinKey(key) === undefined) stored.expected('under a key start/end');
  const superseded = stored.optional('superseded', (member) => member.record(readIdentity));
  return {
    evaluatedAt: stored.optional('evaluatedAt', readInstant),
    ruleHash: stored.optional('ruleHash', (member) => member.string()),
    tables: stored.member('tables').record(readTable),
    failure: stored.optional('failure', readFailure),
    incidents: stored.member('incidents').record(readIncident),
    ...(superseded === undefined ? {} : { superseded }),
  };
}

function readTable(stored: StoredJson): TableCount {
  return { rows: stored.member('rows').integer(0), digest: stored.member('digest').string() };
}

function readFailure(stored: StoredJson): FailureRecord {
  const lastAt = stored.member('lastAt').instant();
  return {
    count: stored.member('count').integer(1),
    since: stored.optional('since', readInstant) ?? lastAt,
    lastAt,
    code: stored.member('code').string(),
    range: readRange(stored.member('range')),
  };
}

function readIncident(stored: StoredJson): IncidentRecord {
  return {
    identity: readIdentity(stored.member('identity')),
    entities: stored.member('entities').list(readEntity),
    missingEntities: stored.member('missingEntities').list((item) => item.string()),
    revision: stored.member('revision').integer(1),
    status: stored.member('status').oneOf(['active', 'withdrawn', 'excluded']),
    digest: stored.member('digest').string(),
    pending: stored
      .member('pending')
      .list((item) => ({ revision: item.member('revision').integer(1), body: item.member('body').string() })),
    refused: stored.member('refused').list((item) => item.integer(1)),
  };
}

function readEntity(stored: StoredJson): Entity {
  return stored.record((member) => member.string());
}

function readIdentity(stored: StoredJson): RawIdentity {
  const part = (index: number): StoredJson => stored.item(index, 6);
  part(3).instant();
  return [
    part(0).string(),
    part(1).string(),
    part(2).oneOf(['rule', 'split-by-bin-edge']),
    part(3).string(),
    part(4).integer(1),
    part(5).list((entity) => [entity.item(0, 2).string(), entity.item(1, 2).list(readIdentifier)] as const),
  ];
}

function readIdentifier(stored: StoredJson): readonly [string, string] {
  return [stored.item(0, 2).string(), stored.item(1, 2).string()];
}
