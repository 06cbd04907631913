import { conjuncts, collectColumns } from '../../plan/columns';
import { compilePredicate } from '../../engine/expression';
import type { Expr } from '../../plan/plan';
import { instant } from '../../value/instant';

/**
 * What is known of columns beyond their type: which are often empty, and which hold bare names. Each is an example row, so that a rule which
 * filters such rows out is known to do so. Source: the parsers in https://github.com/Azure/Azure-Sentinel/tree/master/Parsers/ASimProcessEvent,
 * and https://learn.microsoft.com/defender-xdr/advanced-hunting-deviceprocessevents-table.
 */

export interface RowExample {
  readonly column: string;
  /** Whose rows they are: `in rows of …`. */
  readonly rows: string;
  /** The columns of such a row that rules filter by; texts, or whole numbers for int columns. `column` is one of them. */
  readonly row: Readonly<Record<string, string | number>>;
  /** Rows of machines on which no program is called NAME.exe. */
  readonly linux?: true;
}

export interface TableFacts {
  /** Columns in which such rows have no value, or one that stands for none. */
  readonly empty: readonly RowExample[];
  /** Columns of names that never carry a domain: nothing can be split off. */
  readonly bareNames: readonly string[];
  /** Rows whose account is a built-in one, by its bare name. */
  readonly builtIn: readonly (RowExample & {
    /** Whether those rows have the companions of the column: then an account mapped unchanged is known by more. */
    readonly hasCompanions: boolean;
  })[];
}

const sysmon = { EventVendor: 'Microsoft', EventProduct: 'Sysmon', Type: 'Event', DvcOs: 'Windows' };
const security = { EventVendor: 'Microsoft', EventProduct: 'Security Events', Type: 'SecurityEvent', DvcOs: 'Windows' };
const linux = { EventVendor: 'Microsoft', EventProduct: 'Sysmon for Linux', Type: 'Syslog', DvcOs: 'Linux' };

const processEvents: TableFacts = {
  empty: [
    { column: 'ActorUsername', rows: 'Sysmon where it knows no ParentUser', row: { ...sysmon, ActorUsername: '' } },
    {
      column: 'TargetUsername',
      rows: 'Windows event 4688, where the target is usually nobody',
      row: { ...security, TargetUsername: '', User: '' },
    },
    {
      column: 'User',
      rows: 'Windows event 4688, where the target is usually nobody',
      row: { ...security, TargetUsername: '', User: '' },
    },
    ...['DvcDomain', 'DvcFQDN'].map((column) => ({
      column,
      rows: 'Sysmon and of Windows event 4688, which have the full name in Dvc',
      row: { ...security, [column]: '' },
    })),
    ...['ParentProcessName', 'ParentProcessId'].map((column) => ({
      column,
      rows: 'Sysmon and of Windows event 4688, which have the parent as ActingProcess',
      row: { ...sysmon, [column]: '' },
    })),
    {
      column: 'DvcHostname',
      rows: 'Sysmon for Linux, whose parser spells it DvcHostName',
      row: { ...linux, DvcHostname: '' },
      linux: true,
    },
  ],
  bareNames: [],
  builtIn: ['ActorUsername', 'TargetUsername', 'User'].map((column) => ({
    column,
    rows: 'Sysmon for Linux, which have neither a domain nor a SID',
    row: { ...linux, [column]: 'root' },
    linux: true,
    hasCompanions: false,
  })),
};

function defender(accounts: readonly string[]): TableFacts {
  return {
    empty: [],
    bareNames: accounts,
    builtIn: accounts.map((column) => ({ column, rows: 'services', row: { [column]: 'system' }, hasCompanions: true })),
  };
}

const initiating = ['InitiatingProcessAccountName'];
const both = ['AccountName', ...initiating];

const facts: Readonly<Record<string, TableFacts>> = {
  ...Object.fromEntries(
    ['imProcessCreate', '_Im_ProcessCreate', 'imProcess', 'imProcessEvent', '_Im_ProcessEvent'].map((name) => [name, processEvents]),
  ),
  DeviceProcessEvents: defender(both),
  DeviceEvents: defender(both),
  DeviceLogonEvents: defender(both),
  DeviceFileEvents: defender(initiating),
  DeviceImageLoadEvents: defender(initiating),
  DeviceNetworkEvents: defender(initiating),
  DeviceRegistryEvents: defender(initiating),
  SecurityEvent: {
    empty: [
      {
        column: 'TargetUserName',
        rows: 'event 4688, where the target is usually nobody',
        row: { EventID: 4688, TargetUserName: '-' },
      },
    ],
    bareNames: ['SubjectUserName', 'TargetUserName'],
    builtIn: ['SubjectUserName', 'TargetUserName'].map((column) => ({
      column,
      rows: 'services',
      row: { [column]: 'SYSTEM' },
      hasCompanions: true,
    })),
  },
  Syslog: { empty: [], bareNames: ['HostName'], builtIn: [] },
};

const NOTHING: TableFacts = { empty: [], bareNames: [], builtIn: [] };

export function factsOf(table: string): TableFacts {
  return facts[table] ?? NOTHING;
}

// Predicates that depend on now() are no part of what a scan's rows must meet.
const SOME_TIME = instant('2026-01-01');

function literals(expr: Expr): readonly string[] {
  if (expr.kind === 'call') return expr.args.flatMap(literals);
  return expr.kind === 'literal' && (expr.type === 'string' || expr.type === 'dynamic') ? [expr.text ?? ''] : [];
}

/** Whether a predicate asks for programs of Windows: every text in it is one's name or path. */
function isOfWindows(predicate: Expr): boolean {
  const texts = literals(predicate);
  return texts.length > 0 && texts.every((text) => /\.exe\b|\\/i.test(text));
}

/** Whether such a row can meet all the predicates: none that reads only columns of the example is false for it. */
export function canPass({ row, linux: ofLinux }: RowExample, predicates: readonly Expr[]): boolean {
  const columns = Object.entries(row).map(([name, value]) => ({
    name,
    type: typeof value === 'number' ? ('int' as const) : ('string' as const),
  }));
  const names = new Set(columns.map(({ name }) => name));
  return predicates.flatMap(conjuncts).every((predicate) => {
    if (ofLinux === true && isOfWindows(predicate)) return false;
    const read = [...collectColumns(predicate, new Set())];
    if (read.length === 0 || !read.every((name) => names.has(name))) return true;
    return compilePredicate(predicate, columns, { now: SOME_TIME })(Object.values(row));
  });
}
