import { addTicks, formatInstant, TICKS_PER_HOUR, TICKS_PER_MINUTE, type Instant } from '../../src/value/instant';
import type { Random } from '../simulation/random';

/** In the order of the settings. */
export const WORKSPACES = ['3f2b1a00-0000-4000-8000-0000000000a1', '3f2b1a00-0000-4000-8000-0000000000b2'] as const;

/** What must never be logged: every row has it. */
export const ROW_SECRET = 'hunter2-in-a-row';

export interface ProcessRow {
  readonly workspace: string;
  readonly table: '_Im_ProcessCreate' | 'SecurityEvent';
  /** Event time. */
  readonly at: Instant;
  readonly host: string;
  readonly account: string;
  readonly command: string;
}

/** No row is later than that; so, once it and a bin's width have passed twice, every bin had a pass after its last row. */
export const LATEST = 6n * TICKS_PER_HOUR;

const hosts = ['ex01.contoso.com', 'ex02.contoso.com'];
const accounts = ['CONTOSO\\alice', 'CONTOSO\\bob'];

/** Rows that arrive together: some of this hour and the last, some late by up to LATEST, and now and then on the edge of an hour. */
export function arrivingRows(random: Random, now: Instant, earliest: Instant): readonly ProcessRow[] {
  const workspace = random.pick(WORKSPACES);
  const host = random.pick(hosts);
  const account = random.pick(accounts);
  const most = Number(LATEST / TICKS_PER_MINUTE);
  const minutes = random.weighted<number>([55, random.int(0, 30)], [25, random.int(30, 120)], [20, random.int(120, most - 1)]);
  const around = addTicks(now, -BigInt(minutes) * TICKS_PER_MINUTE);
  const time = (): Instant => {
    const somewhere = addTicks(around, -BigInt(random.int(0, 599_999_999)));
    const edge = addTicks(somewhere, -(somewhere % TICKS_PER_HOUR) - (random.chance(0.5) ? 1n : 0n));
    const at = random.chance(0.1) && now - edge < LATEST ? edge : somewhere;
    return at < earliest ? earliest : at;
  };
  const row = (table: ProcessRow['table'], command: string): ProcessRow => ({ workspace, table, at: time(), host, account, command });
  const mailbox = (): ProcessRow => {
    const verb = random.pick(['New', 'New', 'Remove']);
    return row('_Im_ProcessCreate', `powershell -c "${verb}-MailboxExportRequest -Mailbox m${random.int(1, 4)} -Name ${ROW_SECRET}"`);
  };
  const rows = random.times(random.int(1, 3), () => (random.chance(0.6) ? mailbox() : row('SecurityEvent', `whoami ${ROW_SECRET}`)));
  return rows.flatMap((each) => (random.chance(0.1) ? [each, each] : [each]));
}

/** As the workspace has it. */
export function columnsOf({ table, at, host, account, command }: ProcessRow): Readonly<Record<string, unknown>> {
  const TimeGenerated = formatInstant(at);
  if (table === 'SecurityEvent') return { TimeGenerated, EventID: 4688, Computer: host, Account: account, CommandLine: command };
  const Process = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
  return { TimeGenerated, Dvc: host, ActorUsername: account, Process, CommandLine: command, EventVendor: 'Microsoft' };
}
