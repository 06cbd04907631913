import type { Evaluation, ResultRow, ScannedRow, SourceRow } from '../../src/engine/rows';
import type { CompiledRule } from '../../src/plan/compiled-rule';
import type { Companions } from '../../src/schema/schema';
import { binStart, instant, TICKS_PER_HOUR, type Instant } from '../../src/value/instant';
import type { Column, Value } from '../../src/value/types';

/** A rule of the mailbox rule's shape, compiled by hand: a process event with an export and one with a removal, in one hour, on one host. */

const sourceColumns: readonly Column[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Dvc', type: 'string' },
  { name: 'ActorUsername', type: 'string' },
  { name: 'CommandLine', type: 'string' },
];

const evidenceColumns = ['DvcDomain', 'DvcDomainType', 'ActorUserId', 'ActorUserIdType', 'TargetProcessId'] as const;

const resultColumns: readonly Column[] = [
  { name: 'timekey', type: 'datetime' },
  { name: 'Dvc', type: 'string' },
  { name: 'ActorUsername', type: 'string' },
  { name: 'CommandLine', type: 'string' },
];

export const companions: Companions = {
  imProcessCreate: {
    ActorUsername: [{ column: 'ActorUserId', identifier: 'Sid', when: { column: 'ActorUserIdType', equals: 'SID' } }],
    Dvc: [
      { column: 'DvcDomain', identifier: 'DnsDomain', when: { column: 'DvcDomainType', equals: 'FQDN' } },
      { column: 'DvcDomain', identifier: 'NTDomain', when: { column: 'DvcDomainType', equals: 'Windows' } },
    ],
  },
};

export const WORKSPACE = '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

const origins = (column: string): readonly { scan: number; table: string; column: string }[] => [
  { scan: 0, table: 'imProcessCreate', column },
];
const span = { start: 0, end: 0 };

export const mailboxRule: CompiledRule = {
  formatVersion: 1,
  companions,
  facts: {
    id: '1a6f998a-b9a4-4030-bd58-6606d66608f9',
    name: 'Mailbox exported and the export removed',
    description: 'A mailbox was exported and the export request removed within one hour, by one account on one host.',
    severity: 'Medium',
    tactics: ['Collection'],
    techniques: ['T1114'],
    entityMappings: [
      {
        entityType: 'Account',
        fieldMappings: [{ identifier: 'FullName', columnName: 'ActorUsername', origins: origins('ActorUsername') }],
      },
      { entityType: 'Host', fieldMappings: [{ identifier: 'FullName', columnName: 'Dvc', origins: origins('Dvc') }] },
    ],
  },
  query: 'imProcessCreate',
  plan: {
    root: { kind: 'scan', scan: 0, table: 'imProcessCreate', columns: sourceColumns, span },
    columns: resultColumns,
    tables: [{ name: 'imProcessCreate', eventTime: 'TimeGenerated', columns: sourceColumns, evidenceColumns, predicate: undefined }],
  },
  split: {
    splits: true,
    binWidth: TICKS_PER_HOUR.toString(),
    unitWidth: TICKS_PER_HOUR.toString(),
    reason: 'every join is on the same hour',
  },
  monotone: { monotone: true, reason: 'joins and groups only' },
  splitPairs: { finds: false, reason: 'this plan only reads' },
};

export interface ProcessEvent {
  readonly time: string | null;
  readonly host?: string;
  readonly account?: string;
  readonly command?: string;
  readonly evidence?: Partial<Record<(typeof evidenceColumns)[number], string>>;
}

/** A source row of its own: two calls with one argument make two copies. */
export function processEvent({
  time,
  host = 'ex01.contoso.com',
  account = 'CONTOSO\\alice',
  command = '',
  evidence = {},
}: ProcessEvent): SourceRow {
  return {
    table: 'imProcessCreate',
    values: [time === null ? null : instant(time), host, account, command],
    evidence: evidenceColumns.map((name) => evidence[name] ?? ''),
  };
}

/** The result row of an export (scan 0) and a removal (scan 1): the export's values, its time brought to the hour. */
export function pair(exported: SourceRow, removed: SourceRow): ResultRow {
  const [time = null, ...values] = exported.values;
  const timekey: Value = typeof time === 'bigint' ? binStart(time as Instant, TICKS_PER_HOUR) : null;
  const lineage: readonly ScannedRow[] = [
    { scan: 0, row: exported },
    { scan: 1, row: removed },
  ];
  return { values: [timekey, ...values], lineage };
}

export function evaluationOf(...rows: readonly ResultRow[]): Evaluation {
  return { columns: resultColumns, rows };
}
